import { formatCount, formatCountOf } from '../format.ts';
import { type Delays } from './looks/delays.ts';
import { delayOf, pairThresholds } from './looks/time-pairs.ts';
import type { JudgingRule } from './rule-card.ts';
import { percent, verb } from './say.ts';

const thresholds = {
  ...pairThresholds,
  maxShare: { value: 0.1, unit: 'of the rows', why: 'Where more are the other way round, there is no order.' },
} as const;

/** Finds rows whose two times are in the reverse order of all others. */
export const reversedTimes: JudgingRule<readonly Delays[]> = {
  id: 'reversed-times',
  says: 'Of two times of a row, one that is later in nearly all rows is earlier.',
  severity: { medium: 'always' },
  thresholds,
  needs: 'two times of what happened, not of what was planned',
  judge: (seen, { sql, from }) => ({
    findings: seen
      .filter(({ n, reversed }) => reversed > 0 && reversed <= thresholds.maxShare.value * n)
      .map(({ a, b, n, reversed, reversed_examples }) => ({
        severity: 'medium',
        columns: [b.name, a.name],
        rows: reversed,
        of: n,
        examples: reversed_examples,
        title: `${b.name} is before ${a.name}`,
        detail: `${formatCountOf(reversed, 'row')} of ${formatCount(n)} (${percent(reversed, n)}) ${verb(reversed, 'has', 'have')} ${b.name} before ${verb(reversed, 'its', 'their')} ${a.name}, the reverse of all others. Durations between the two come out negative.`,
        advice: 'Find out which of the two times is wrong.',
        check: `select * from ${from} where ${delayOf(sql, { a, b })} < 0`,
      })),
  }),
};
