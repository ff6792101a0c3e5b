import { formatCountOf } from '../../format.ts';
import { aliases, aliasesOf } from '../aliases.ts';
import { categoryColumns, chunks } from '../column-roles.ts';
import type { Look, Threshold } from '../rule-card.ts';
import type { RuleColumn, RuleTable } from '../rule-table.ts';
import { names } from '../words.ts';

/** How many of a column's values are missing in the rows of one value of a group. */
export type Part = {
  readonly group: RuleColumn;
  readonly value: string;
  readonly n: number;
  readonly missing: number;
};

/** Where values of a column are missing. */
export type MissingValues = {
  readonly column: RuleColumn;
  readonly n: number;
  readonly missing: number;
  readonly parts: readonly Part[];
  /** The group whose every value has the column nearly always or nearly never: its state explains what is missing. */
  readonly state: { readonly group: RuleColumn; readonly parts: readonly Part[] } | undefined;
};

/** What a column must show to be explained by a state. */
export const stateThresholds = {
  maxExceptions: { value: 0.05, unit: 'of the rows of a state', why: 'A state that decides has few exceptions.' },
  minExplained: {
    value: 0.8,
    unit: 'of the missing values',
    why: 'A state that explains a part alone explains nothing.',
  },
  minRows: { value: 5, unit: 'rows of a state', why: 'Fewer rows are alike by chance.' },
  maxValues: { value: 40, unit: 'different values of a group', why: 'A state has few.' },
  maxGroups: { value: 8, unit: 'groups a table', why: 'Each is counted by a pass over the table.' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** Counts the missing values of every column that has some: all over, and for each value of the columns that may explain them. */
export const missingByGroup: Look<readonly MissingValues[]> = (table) => {
  const { sql, from } = table;
  const columns = table.columns.filter(
    ({ nulls }) => (nulls.count > 0 || nulls.basis === 'planner' || nulls.basis === 'sample') && nulls.share < 1,
  );
  const groups = groupsOf(table);
  const chosen = groups.slice(0, stateThresholds.maxGroups.value);
  return {
    asks: chunks(columns, 20).map((some) => {
      const counts = aliasesOf(some, ({ name }) => ({ m: `count(*) - count(${sql.name(name)})` }));
      const whole = aliases({ part: 'null', value: 'null', n: 'count(*)' });
      const ofGroup = (group: RuleColumn) =>
        aliases({ part: sql.text(group.name), value: `min(${sql.asText(group)})`, n: 'count(*)' });
      return {
        about: 'where values are missing',
        sql: [
          `select ${whole.list}, ${counts.list} from ${from}`,
          ...chosen.map(
            (group) => `select ${ofGroup(group).list}, ${counts.list} from ${from} group by ${sql.exactly(group)}`,
          ),
        ].join('\nunion all\n'),
        rows: 1 + chosen.length * (2 * stateThresholds.maxValues.value),
        read: (rows) =>
          some.map((column, index): MissingValues => {
            const read = rows.map((row) => ({
              own: whole.read(row),
              missing: counts.read(row)[index]?.[1].number('m') ?? 0,
            }));
            const all = read.find(({ own }) => own.text('part') === undefined);
            const parts = read.flatMap(({ own, missing }): readonly Part[] => {
              const group = chosen.find(({ name }) => name === own.text('part'));
              const value = own.text('value');
              // Where a column is missing says nothing of where it is missing.
              return group === undefined || group === column || value === undefined
                ? []
                : [{ group, value, n: own.number('n'), missing }];
            });
            const missing = all?.missing ?? 0;
            return { column, n: all?.own.number('n') ?? 0, missing, parts, state: stateThatExplains(parts, missing) };
          }),
      };
    }),
    left_out:
      columns.length === 0 || groups.length === chosen.length
        ? undefined
        : `Whether ${formatCountOf(groups.length - chosen.length, 'further column')} of ${table.table} explain what is missing in others was not asked: ${groups
            .slice(chosen.length, chosen.length + 10)
            .map(({ name }) => name)
            .join(', ')}${groups.length > chosen.length + 10 ? ' …' : ''}.`,
  };
};

/** Columns that may explain what is missing, those first that are called like a state or a kind. */
const groupsOf = (table: RuleTable): readonly RuleColumn[] => {
  const groups = categoryColumns(table, stateThresholds.maxValues.value);
  const isState = (column: RuleColumn): boolean => names(column, 'status', 'state', 'type', 'kind', 'phase', 'stage');
  return [...groups.filter(isState), ...groups.filter((column) => !isState(column))];
};

const stateThatExplains = (parts: readonly Part[], missing: number): MissingValues['state'] => {
  const { maxExceptions, minExplained, minRows } = stateThresholds;
  const isThere = (part: Part): boolean => part.missing <= maxExceptions.value * part.n;
  const isMissing = (part: Part): boolean => part.missing >= (1 - maxExceptions.value) * part.n;
  return [...Map.groupBy(parts, ({ group }) => group)]
    .map(([group, all]) => ({ group, parts: all.filter(({ n }) => n >= minRows.value) }))
    .find(
      ({ parts: own }) =>
        own.every((part) => isThere(part) || isMissing(part)) &&
        own.some(isThere) &&
        own.reduce((sum, part) => sum + (isMissing(part) ? part.missing : 0), 0) >= minExplained.value * missing,
    );
};
