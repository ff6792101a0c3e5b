import { countIf, number } from '../../engines/sql-parts.ts';
import { aliases } from '../aliases.ts';
import { chunks } from '../column-roles.ts';
import type { Look, Threshold } from '../rule-card.ts';
import type { RuleTable } from '../rule-table.ts';
import { type TimePair, delayOf, pairThresholds, timePairs, timesLeftOut } from './time-pairs.ts';

/** The delays between two times of a table, in seconds. */
export type Delays = TimePair & {
  readonly n: number;
  readonly reversed: number;
  /** The later time of a reversed row, the least and the greatest. */
  readonly reversed_examples: readonly (string | undefined)[];
  readonly late: number;
  readonly middle: number;
  readonly shortest: number;
  readonly longest: number;
  /** Above it a delay is unusual. */
  readonly fence: number;
};

/** From when on a delay is unusual. */
export const delayThresholds = {
  ...pairThresholds,
  range: { value: 10, unit: 'interquartile ranges above the third quartile', why: 'No ordinary tail reaches so far.' },
  minRange: { value: 60, unit: 'seconds', why: 'Where delays hardly differ, a minute is no delay.' },
  minDelay: { value: 600, unit: 'seconds', why: 'Nobody minds less.' },
  maxShare: { value: 0.1, unit: 'of the rows', why: 'Where more are late, late is usual.' },
} as const satisfies Readonly<Record<string, Threshold>>;

const { range, minRange } = delayThresholds;

/** Reads order and delay of every two times of a row. */
export const delays: Look<readonly Delays[]> = (table) => ({
  asks: chunks(timePairs(table), 10).map((pairs) => ({
    about: 'order and delay of its times',
    sql: [
      `with ${pairs
        .flatMap((pair, index) => [
          `d${index} as (select s, shown from (select ${delayOf(table.sql, pair)} as s, ${table.sql.asText(pair.b)} as shown from ${table.from}) t where s is not null)`,
          `q${index} as (${table.sql.quartiles('s', `d${index}`)})`,
        ])
        .join(',\n')}`,
      pairs
        .map((pair, index) => `select ${answerOf(table, pair).list}\nfrom d${index} cross join q${index}`)
        .join('\nunion all\n'),
    ].join('\n'),
    read: (rows) =>
      pairs.flatMap((pair): readonly Delays[] => {
        const cells = rows
          .map(answerOf(table, pair).read)
          .find((own) => own.text('a') === pair.a.name && own.text('b') === pair.b.name);
        if (cells === undefined) return [];
        const [q1, q3] = [cells.number('first'), cells.number('third')];
        return [
          {
            ...pair,
            n: cells.number('n'),
            reversed: cells.number('reversed'),
            reversed_examples: [cells.text('reversed_least'), cells.text('reversed_most')],
            late: cells.number('late'),
            middle: cells.number('middle'),
            shortest: cells.number('shortest'),
            longest: cells.number('longest'),
            fence: q3 + range.value * Math.max(q3 - q1, minRange.value),
          },
        ];
      }),
  })),
  left_out: timesLeftOut(table),
});

const answerOf = ({ sql }: RuleTable, { a, b }: TimePair) => {
  const isLate = `s > q3 + ${range.value} * (case when q3 - q1 > ${minRange.value} then q3 - q1 else ${minRange.value} end)`;
  return aliases({
    a: sql.text(a.name),
    b: sql.text(b.name),
    n: 'count(*)',
    reversed: countIf('s < 0'),
    reversed_least: 'min(case when s < 0 then shown end)',
    reversed_most: 'max(case when s < 0 then shown end)',
    late: countIf(isLate),
    first: 'max(q1)',
    middle: 'max(q2)',
    third: 'max(q3)',
    shortest: `min(case when ${isLate} then s end)`,
    longest: 'max(s)',
  });
};

/** Whether some delays are so long that they are worth a word. */
export const hasLate = ({ n, late, shortest }: Delays): boolean =>
  late > 0 && late <= delayThresholds.maxShare.value * n && shortest >= delayThresholds.minDelay.value;

/** The rows with such a delay. */
export const lateRows = ({ sql, from }: RuleTable, seen: Delays): string =>
  `select * from ${from} where ${delayOf(sql, seen)} > ${number(seen.fence)}`;
