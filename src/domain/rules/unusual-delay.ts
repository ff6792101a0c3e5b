import { isArrival, saysDelay } from './late-arrival.ts';
import { type Delays, delayThresholds, hasLate, lateRows } from './looks/delays.ts';
import type { JudgingRule } from './rule-card.ts';

/** Finds rows in which one time follows the other after unusually long. */
export const unusualDelay: JudgingRule<readonly Delays[]> = {
  id: 'unusual-delay',
  says: 'One time of a row follows the other after much longer than in all other rows.',
  severity: { low: 'always' },
  thresholds: delayThresholds,
  needs: 'two times of what happened, the later not one of arrival',
  judge: (seen, table) => ({
    findings: seen
      .filter((one) => !isArrival(one.b) && hasLate(one))
      .map((one) => ({
        severity: 'low',
        columns: [one.b.name, one.a.name],
        rows: one.late,
        of: one.n,
        title: `Unusually long from ${one.a.name} to ${one.b.name}`,
        detail: saysDelay(one),
        advice: 'Look at these cases; they pull averages up.',
        check: lateRows(table, one),
      })),
  }),
};
