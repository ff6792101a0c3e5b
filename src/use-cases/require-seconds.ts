import type { AgentSession } from '../contracts/agent.ts';
import { Failure } from '../contracts/failure.ts';
import { secondsLeft } from '../domain/budget/limits.ts';

/**
 * The whole seconds that a call of a tool may take. One turn may ask for many calls, so each looks at what the ones before it have left.
 * Fails with BUDGET_EXCEEDED where that is nothing.
 */
export const requireSeconds = (session: AgentSession, now: Date): number => {
  const left = Math.ceil(secondsLeft(session, now));
  if (left > 0) return left;
  throw new Failure(
    'BUDGET_EXCEEDED',
    `The ${session.budget.seconds} seconds of your budget are used up; this call was not run.`,
    { advice: { kind: 'submit_report' } },
  );
};
