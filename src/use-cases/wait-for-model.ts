import type { AgentSession } from '../contracts/agent.ts';
import { reportOf } from '../contracts/failure-report.ts';
import { Failure, type FailureKind } from '../contracts/failure.ts';
import { maxWaitSeconds, nextWait } from '../domain/budget/model-wait.ts';

/** Failures by which a model service says that it has too much to do. */
const busy: ReadonlySet<FailureKind> = new Set<FailureKind>(['MODEL_OVERLOADED', 'MODEL_RATE_LIMITED']);

/**
 * What becomes of an agent whose model service takes no more requests: it waits, which its seconds do not count, or ends at
 * once, where that would take longer than it waits. Undefined for any other failure.
 */
export const waitForModel = (
  session: AgentSession,
  turn: number,
  failure: Failure,
  now: Date,
): { readonly session: AgentSession; readonly seconds: number } | { readonly final: Failure } | undefined => {
  if (!busy.has(failure.kind)) return undefined;
  const told = failure.retryAfter;
  const next = nextWait(session.model_wait, { attempt: session.attempt, turn, at: now }, told);
  if (next === undefined) return { final: tooLong(session, failure) };
  return {
    seconds: next.seconds,
    session: {
      ...session,
      model_wait: next.wait,
      paused_seconds: (session.paused_seconds ?? 0) + next.seconds,
      // Shown while it waits, and what the agent ends of should nobody ask again.
      failure: reportOf(failure),
    },
  };
};

const tooLong = ({ run_id, attempt, model_wait }: AgentSession, failure: Failure): Failure => {
  const { retryAfter } = failure;
  const waited = model_wait?.attempt === attempt ? model_wait.seconds : 0;
  const most = `an agent waits ${seconds(maxWaitSeconds)} at most${waited === 0 ? '' : `, of which ${seconds(waited)} have passed`}`;
  const asked = retryAfter === undefined ? '' : ` It wants to be asked again in ${seconds(retryAfter)}.`;
  return new Failure(
    retryAfter === undefined ? failure.kind : 'MODEL_RATE_LIMITED',
    `${failure.message}${asked} Nothing was waited for any longer: ${most}.`,
    { advice: { kind: 'resume_run', run_id }, ...(retryAfter === undefined ? {} : { retryAfter }) },
  );
};

const seconds = (count: number): string => `${Math.ceil(count).toLocaleString('en-US')} s`;
