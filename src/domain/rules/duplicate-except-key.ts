import { formatCountOf } from '../format.ts';
import { aliases } from './aliases.ts';
import { mainKey } from './column-roles.ts';
import { exactList, extraRows } from './extra-rows.ts';
import { groupingThresholds, isTooLargeToGroup, unlessTooLarge } from './grouping-limit.ts';
import type { Rule } from './rule-card.ts';
import type { RuleColumn, RuleTable } from './rule-table.ts';
import { verb } from './say.ts';

const thresholds = {
  ...groupingThresholds,
  maxShare: { value: 0.2, unit: 'of the rows', why: 'Where more are alike, rows that are alike are ordinary.' },
  minColumns: { value: 3, unit: 'columns beside the key', why: 'Of fewer, many rows are alike by chance.' },
} as const;

/** Finds rows that are equal in everything but their key: one thing entered twice. */
export const duplicateExceptKey: Rule = {
  id: 'duplicate-except-key',
  says: 'Rows are equal in all columns but their key: one thing may have been entered twice.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'a column that identifies rows, and at least three others',
  know: (table) => (partsOf(table) === undefined ? {} : unlessTooLarge(table, 'rows that differ in their key alone')),
  ask: (table) => {
    const parts = partsOf(table);
    if (parts === undefined || isTooLargeToGroup(table)) return [];
    const { key, others } = parts;
    const value = table.sql.name(key.name);
    const columns = exactList(table, others);
    const kinds = `count(distinct ${value})`;
    const answer = aliases({ extra: 'coalesce(sum(kinds - 1), 0)' });
    return [
      {
        about: `rows that differ in ${key.name} alone`,
        sql: `select ${answer.list} from (select ${kinds} as kinds from ${table.from} group by ${columns} having ${kinds} > 1) several`,
        read: ([row]) => {
          const rows = answer.read(row).number('extra');
          if (rows === 0 || rows > thresholds.maxShare.value * table.rows.count) return {};
          return {
            findings: [
              {
                severity: 'medium',
                columns: [key.name],
                rows,
                of: table.rows.count,
                title: `One thing under several ${key.name}`,
                detail: `${formatCountOf(rows, 'row')} ${verb(rows, 'is', 'are')} equal to another row in all columns but ${key.name}.`,
                advice: 'Find out whether they are one thing entered twice, and merge them.',
                check: extraRows(table, { kind: columns, each: value, where: `${value} is not null` }),
              },
            ],
          };
        },
      },
    ];
  },
};

const partsOf = (
  table: RuleTable,
): { readonly key: RuleColumn; readonly others: readonly RuleColumn[] } | undefined => {
  const key = mainKey(table);
  const others = table.columns.filter((column) => column !== key);
  return key === undefined || others.length < thresholds.minColumns.value ? undefined : { key, others };
};
