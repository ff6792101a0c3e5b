import { formatCount, formatCountOf } from '../format.ts';
import { type Delays, delayThresholds, hasLate, lateRows } from './looks/delays.ts';
import type { JudgingRule } from './rule-card.ts';
import { type RuleColumn } from './rule-table.ts';
import { duration, percent } from './say.ts';
import { names } from './words.ts';

/** Whether a time is when a row reached a system, rather than when something happened to what it describes. */
export const isArrival = (time: RuleColumn): boolean =>
  names(
    time,
    ...'received arrived ingested loaded imported synced landed inserted recorded stored processed logged'.split(' '),
  );

/** How long rows took that took unusually long. */
export const saysDelay = ({ a, b, n, late, shortest, middle, longest }: Delays): string => {
  const [from, to] = [duration(shortest), duration(longest)];
  return `In ${formatCountOf(late, 'row')} of ${formatCount(n)} (${percent(late, n)}) ${b.name} follows ${a.name} by ${from === to ? from : `${from} to ${to}`}; the median is ${duration(middle)}.`;
};

/** Finds rows that reached the system long after what they tell of. */
export const lateArrival: JudgingRule<readonly Delays[]> = {
  id: 'late-arrival',
  says: 'Rows reached the system unusually long after what they tell of happened.',
  severity: { high: 'always' },
  thresholds: delayThresholds,
  needs: 'a time of arrival, by its name, and another time of what happened',
  judge: (seen, table) => ({
    findings: seen
      .filter((one) => isArrival(one.b) && hasLate(one))
      .map((one) => ({
        severity: 'high',
        columns: [one.b.name, one.a.name],
        rows: one.late,
        of: one.n,
        title: `Data arrives late in ${table.table}`,
        detail: saysDelay(one),
        advice: `What is computed from ${one.a.name} changes after the fact: wait, or compute such periods again.`,
        check: lateRows(table, one),
      })),
  }),
};
