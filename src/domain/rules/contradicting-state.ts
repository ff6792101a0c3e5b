import { formatCountOf } from '../format.ts';
import { type MissingValues, type Part, stateThresholds } from './looks/missing-by-group.ts';
import type { JudgingRule } from './rule-card.ts';
import { verb } from './say.ts';

/** Finds values that are missing where the state of their row says they are there, or there where it says they are not. */
export const contradictingState: JudgingRule<readonly MissingValues[]> = {
  id: 'contradicting-state',
  says: 'A state of the row decides whether a column has a value, but not in these rows.',
  severity: { medium: 'always' },
  thresholds: stateThresholds,
  needs: 'the nulls of every column, and columns with few values such as a status',
  views: true,
  judge: (seen, { sql, from }) => {
    const explained = seen.flatMap(({ state, ...one }) =>
      state === undefined || one.missing === 0 ? [] : [{ ...one, state }],
    );
    return {
      facts: explained.map(
        ({ column, missing, state }) =>
          `${column.name} is missing where ${state.group.name} is ${statesOf(state.parts)}: ${formatCountOf(missing, 'row')}, which ${state.group.name} explains.`,
      ),
      findings: explained.flatMap(({ column, n, state: { group, parts } }) => {
        const rows = parts.reduce((sum, part) => sum + Math.min(part.missing, part.n - part.missing), 0);
        if (rows === 0) return [];
        const isNull = `${sql.name(column.name)} is null`;
        const among = (some: readonly Part[]): string =>
          some.length === 0
            ? '1 = 0'
            : `${sql.exactly(group)} in (${some.map(({ value }) => sql.text(value)).join(', ')})`;
        const [there, missing] = [parts.filter((part) => !isMissing(part)), parts.filter(isMissing)];
        return [
          {
            severity: 'medium',
            columns: [column.name, group.name],
            rows,
            of: n,
            title: `${column.name} contradicts ${group.name}`,
            detail: `${column.name} is missing where ${group.name} is ${statesOf(parts)} and there elsewhere, but ${formatCountOf(rows, 'row')} ${verb(rows, 'breaks', 'break')} this rule.`,
            advice: `Find out which of ${group.name} and ${column.name} is wrong in them.`,
            check: `select * from ${from} where (${isNull} and ${among(there)}) or (not (${isNull}) and ${among(missing)})`,
          },
        ];
      }),
    };
  },
};

const isMissing = (part: Part): boolean => part.missing > part.n / 2;

const statesOf = (parts: readonly Part[]): string => {
  const states = parts
    .filter(isMissing)
    .toSorted((a, b) => b.missing - a.missing)
    .map(({ value }) => value);
  return states.length <= 6
    ? states.join(', ')
    : `${states.slice(0, 5).join(', ')} or one of ${states.length - 5} more`;
};
