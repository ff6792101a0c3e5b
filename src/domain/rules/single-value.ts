import { formatCountOf } from '../format.ts';
import { aliasesOf } from './aliases.ts';
import { chunks } from './column-roles.ts';
import { groupingThresholds, isTooLargeToGroup, unlessTooLarge } from './grouping-limit.ts';
import type { Found, Rule } from './rule-card.ts';
import { type RuleColumn, type RuleTable, filled } from './rule-table.ts';
import { verb } from './say.ts';

const thresholds = {
  ...groupingThresholds,
  minRows: { value: 20, unit: 'rows', why: 'A small table may hold one value for good reasons.' },
} as const;

/** Finds columns that hold the same value wherever they hold one. */
export const singleValue: Rule = {
  id: 'single-value',
  says: 'Every row that has a value in the column has the same one.',
  severity: { low: 'always' },
  thresholds,
  needs:
    'the distinct values and the range of every column; of those without a range (intervals, addresses, bits, nested values) the values themselves; not of booleans, which may well be all one',
  views: true,
  know: (table) => ({
    ...(valueless(table).length === 0 ? {} : unlessTooLarge(table, 'columns of one value without a range')),
    findings: table.columns
      .filter((column) => isLarge(table) && mayBeOne(column) && column.range?.min === column.range?.max)
      .flatMap((column) =>
        column.range === undefined ? [] : [toFinding(table, column, column.range.min, column.range.basis)],
      ),
  }),
  ask: (table) => {
    if (isTooLargeToGroup(table)) return [];
    return chunks(valueless(table), 20).map((some) => {
      const answer = aliasesOf(some, (column) => ({
        different: `count(distinct ${table.sql.exactly(column)})`,
        shown: `min(${table.sql.asText(column)})`,
      }));
      return {
        about: 'columns that may hold one value',
        sql: `select ${answer.list}\nfrom ${table.from}`,
        read: ([row]) => ({
          findings: answer
            .read(row)
            .filter(([, cells]) => cells.number('different') === 1)
            .map(([column, cells]) => toFinding(table, column, cells.text('shown'), 'exact')),
        }),
      };
    });
  },
};

/** Columns of whose values the profile knows too little. */
const valueless = (table: RuleTable): readonly RuleColumn[] =>
  table.columns.filter(
    (column) => isLarge(table) && column.range === undefined && column.kind !== 'boolean' && mayBeOne(column),
  );

const isLarge = ({ rows }: RuleTable): boolean => rows.count >= thresholds.minRows.value;

/** Whether a column has values, and the profile did not see two of them. */
const mayBeOne = ({ distinct, range, nulls }: RuleColumn): boolean =>
  nulls.share < 1 && (distinct === undefined ? range === undefined : distinct.count === 1);

const toFinding = (
  table: RuleTable,
  column: RuleColumn,
  shown: string | number | boolean | undefined,
  basis: NonNullable<RuleColumn['range']>['basis'],
): Found => {
  const rows = filled(table, column);
  const value = table.sql.exactly(column);
  return {
    severity: 'low',
    columns: [column.name],
    rows,
    basis: basis === 'exact' ? column.nulls.basis : basis,
    examples: [shown],
    title: `${column.name} always holds the same value`,
    detail: `All ${formatCountOf(rows, 'row')} that ${verb(rows, 'has', 'have')} a value in ${column.name} have the same one, so it tells nothing.`,
    advice: 'Check that the load fills it; it may be a default that nobody sets.',
    check: `select * from ${table.from} where ${table.sql.name(column.name)} is not null and (select count(distinct ${column.range === undefined ? value : table.sql.name(column.name)}) from ${table.from}) = 1`,
  };
};
