import { number, unionAll } from '../../engines/sql-parts.ts';
import { aliases } from '../aliases.ts';
import { chunks, measuredColumns } from '../column-roles.ts';
import { isOrdinary } from '../is-ordinary.ts';
import type { Look, Threshold } from '../rule-card.ts';
import { type RuleColumn, type RuleTable, filled } from '../rule-table.ts';

/** Where a column's ordinary values end, and where those end that a long tail may reach. */
export type Fences = { readonly low: number; readonly high: number; readonly farLow: number; readonly farHigh: number };

/** The values of a column that lie beyond its fences. */
export type BeyondFences = {
  readonly column: RuleColumn;
  readonly fences: Fences;
  /** The rows with a value. */
  readonly of: number;
  readonly total: number;
  readonly far: number;
  /** One value among them that stands for “unknown”. */
  readonly mark: { readonly value: number; readonly n: number } | undefined;
};

/** What makes one of these values a mark for “unknown”. */
export const markThresholds = {
  minRows: { value: 3, unit: 'rows', why: 'A mark is written again and again.' },
  farOut: { value: 10, unit: 'interquartile ranges beyond the fences', why: 'No ordinary tail reaches so far.' },
  minOther: { value: 10, unit: 'rows of a value that is no usual mark', why: 'Fewer equal values occur by chance.' },
  minShare: { value: 0.5, unit: 'of the values beyond the fences', why: 'The same, and for a 0 near the others.' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** Reads the most frequent values beyond the fences of the profile, three interquartile ranges from the quartiles. */
export const beyondFences: Look<readonly BeyondFences[]> = (table) => {
  const columns = measuredColumns(table).filter(
    // What a planner keeps of a column, or a sample, shows its tails badly.
    ({ outliers }) => outliers !== undefined && (outliers.below + outliers.above > 0 || outliers.basis !== 'exact'),
  );
  return {
    asks: chunks(columns, 12).map((some) => ({
      about: 'values far outside the usual range',
      sql: unionAll(some.map((column) => statement(table, column))),
      read: (rows) =>
        some.flatMap((column): readonly BeyondFences[] => {
          const own = rows.map(answerOf(table, column).read).filter((cells) => cells.text('col') === column.name);
          const [first] = own;
          if (first === undefined) return [];
          const [fences, total] = [fencesOf(column), first.number('total')];
          const mark = own
            .map((cells) => ({ value: cells.number('value'), n: cells.number('n') }))
            .find(({ value, n }) => standsForUnknown(value, n, total, fences));
          return [{ column, fences, of: filled(table, column), total, far: first.number('far'), mark }];
        }),
    })),
  };
};

/** The fences lie three interquartile ranges from the quartiles, so seven apart. */
const fencesOf = ({ outliers }: RuleColumn): Fences => {
  const { low_fence: low, high_fence: high } = outliers ?? { low_fence: 0, high_fence: 0 };
  const beyond = (markThresholds.farOut.value * (high - low)) / 7;
  return { low, high, farLow: low - beyond, farHigh: high + beyond };
};

const answerOf = ({ sql }: RuleTable, column: RuleColumn) => {
  const { farLow, farHigh } = fencesOf(column);
  return aliases({
    col: sql.text(column.name),
    value: 'x',
    n: 'count(*)',
    total: 'sum(count(*)) over ()',
    far: `sum(case when x < ${number(farLow)} or x > ${number(farHigh)} then count(*) else 0 end) over ()`,
  });
};

const statement = (table: RuleTable, column: RuleColumn): string => {
  const { sql, from } = table;
  const { low, high } = fencesOf(column);
  return [
    `select ${answerOf(table, column).list}`,
    `from (select ${sql.asNumber(column)} as x from ${from} where ${isOrdinary(sql, column)}) t`,
    `where x < ${number(low)} or x > ${number(high)} group by x order by 3 desc, 2 limit 6`,
  ].join('\n');
};

/** Whether a value lies where no ordinary tail reaches. */
export const isFar = (value: number, { farLow, farHigh }: Fences): boolean => value < farLow || value > farHigh;

/** Far away: nines, minus one, the largest number of a byte and the like, or half of the outliers in one value; or a zero. */
const standsForUnknown = (value: number, n: number, total: number, fences: Fences): boolean => {
  if (n < markThresholds.minRows.value) return false;
  const isFrequent = n >= markThresholds.minShare.value * total;
  return isFar(value, fences)
    ? /^-?9{2,}(\.0*)?$/.test(String(value)) ||
        [-1, 127, 255, 32_767, 65_535, 2_147_483_647].includes(value) ||
        (n >= markThresholds.minOther.value && isFrequent)
    : value === 0 && isFrequent;
};

/** Which rows lie beyond the fences and hold no mark. */
export const outlierCondition = ({ sql }: RuleTable, { column, fences, mark }: BeyondFences): string => {
  const x = sql.asNumber(column);
  const isMark = mark === undefined ? '' : ` and ${x} <> ${number(mark.value)}`;
  return `${isOrdinary(sql, column)} and (${x} < ${number(fences.low)} or ${x} > ${number(fences.high)})${isMark}`;
};
