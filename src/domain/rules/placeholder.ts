import { formatCountOf } from '../format.ts';
import { type BeyondFences, markThresholds } from './looks/beyond-fences.ts';
import { comparedValue, valueLiteral } from './looks/fences.ts';
import type { JudgingRule } from './rule-card.ts';
import { round, verb } from './say.ts';

/** Finds numbers that stand for “unknown”. */
export const placeholder: JudgingRule<readonly BeyondFences[]> = {
  id: 'placeholder',
  says: 'A number far from all others occurs again and again, such as -999, 9999 or 127: a mark for “unknown”.',
  severity: { medium: 'always' },
  thresholds: markThresholds,
  needs: 'the quartiles of number columns',
  views: true,
  judge: (seen, { sql, from }) => ({
    findings: seen.flatMap(({ column, fences, of, mark }) => {
      if (mark === undefined) return [];
      const { value, n } = mark;
      return [
        {
          severity: 'medium',
          columns: [column.name],
          part: String(value),
          rows: n,
          of,
          examples: [value],
          title: `${column.name} holds the placeholder ${value}`,
          detail: `${formatCountOf(n, 'row')} ${verb(n, 'holds', 'hold')} exactly ${value}, far from the usual range (${round(fences.low)} to ${round(fences.high)}). So many equal values there look like a mark for “unknown”.`,
          advice: 'Store NULL instead; until then leave the value out of every average.',
          check: `select * from ${from} where ${comparedValue({ sql }, column, fences)} = ${valueLiteral(value)}`,
        },
      ];
    }),
  }),
};
