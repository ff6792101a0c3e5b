import type { Measure } from '../../../contracts/profile.ts';
import { unionAll } from '../../engines/sql-parts.ts';
import { showMeasure } from '../../profile/show-value.ts';
import { aliases } from '../aliases.ts';
import { chunks, measuredColumns } from '../column-roles.ts';
import { isOrdinary } from '../is-ordinary.ts';
import type { Look, Threshold } from '../rule-card.ts';
import { comparedValue, type Fences, fencesOf, isBeyond, valueLiteral } from './fences.ts';
import { type RuleColumn, type RuleTable, filled } from '../rule-table.ts';

/** The values of a column that lie beyond its fences. */
export type BeyondFences = {
  readonly column: RuleColumn;
  readonly fences: Fences;
  /** The rows with a value. */
  readonly of: number;
  readonly total: number;
  readonly far: number;
  /** One value among them that stands for “unknown”. */
  readonly mark: { readonly value: Measure; readonly n: number } | undefined;
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
          const [fences, total] = [fencesOfColumn(column), first.number('total')];
          const mark = own
            .map((cells) => ({ value: showMeasure(cells.text('value') ?? ''), n: cells.number('n') }))
            .find(({ value, n }) => standsForUnknown(value, n, total, fences));
          return [{ column, fences, of: filled(table, column), total, far: first.number('far'), mark }];
        }),
    })),
  };
};

const fencesOfColumn = (column: RuleColumn): Fences => fencesOf(column, markThresholds.farOut.value);

const answerOf = ({ sql }: RuleTable, column: RuleColumn) => {
  const { farLow, farHigh } = fencesOfColumn(column);
  return aliases({
    col: sql.text(column.name),
    value: 'x',
    n: 'count(*)',
    total: 'sum(count(*)) over ()',
    far: `sum(case when ${isBeyond('x', column, farLow, farHigh)} then count(*) else 0 end) over ()`,
  });
};

const statement = (table: RuleTable, column: RuleColumn): string => {
  const { sql, from } = table;
  const fences = fencesOfColumn(column);
  return [
    `select ${answerOf(table, column).list}`,
    `from (select ${comparedValue(table, column, fences)} as x from ${from} where ${isOrdinary(sql, column)}) t`,
    `where ${isBeyond('x', column, fences.low, fences.high)} group by x order by 3 desc, 2 limit 6`,
  ].join('\n');
};

/** Whether a value lies where no ordinary tail reaches. */
export const isFar = (value: Measure, { farLow, farHigh }: Fences): boolean =>
  Number(value) < Number(farLow) || Number(value) > Number(farHigh);

/** Far away: nines, minus one, the largest number of a byte and the like, or half of the outliers in one value; or a zero. */
const standsForUnknown = (value: Measure, n: number, total: number, fences: Fences): boolean => {
  if (n < markThresholds.minRows.value) return false;
  const isFrequent = n >= markThresholds.minShare.value * total;
  return isFar(value, fences)
    ? /^-?9{2,}(\.0*)?$/.test(String(value)) ||
        [-1, 127, 255, 32_767, 65_535, 2_147_483_647].includes(Number(value)) ||
        (n >= markThresholds.minOther.value && isFrequent)
    : Number(value) === 0 && isFrequent;
};

/** Which rows lie beyond the fences and hold no mark. */
export const outlierCondition = (table: RuleTable, { column, fences, mark }: BeyondFences): string => {
  const x = comparedValue(table, column, fences);
  const isMark = mark === undefined ? '' : ` and ${x} <> ${valueLiteral(mark.value)}`;
  return `${isOrdinary(table.sql, column)} and (${isBeyond(x, column, fences.low, fences.high)})${isMark}`;
};
