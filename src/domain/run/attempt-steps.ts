import type { FailureReport } from '../../contracts/failure-report.ts';
import type { Step } from '../../contracts/step.ts';

/** Before the ids of an attempt's steps. Letters sort after the digits that the first attempt's ids begin with. */
const prefixOf = (attempt: number): string => (attempt === 1 ? '' : `r${String(attempt).padStart(4, '0')}.`);

/** The steps of one attempt with ids that are unique in the run and come after those of the attempts before. */
export const stepsOfAttempt = (steps: readonly Step[], attempt: number): readonly Step[] => {
  const prefix = prefixOf(attempt);
  return steps.map((step) => ({
    ...step,
    attempt,
    step_id: `${prefix}${step.step_id}`,
    ...(step.parent_id === undefined ? {} : { parent_id: `${prefix}${step.parent_id}` }),
  }));
};

/** Of a run's kept steps those of the attempts before one. */
export const stepsBeforeAttempt = (kept: readonly Step[], attempt: number): readonly Step[] =>
  attempt === 1 ? [] : kept.filter(({ step_id }) => step_id < prefixOf(attempt));

/** Steps at the end of their run: one that is still going on was cut off with it. */
export const endedSteps = (
  steps: readonly Step[],
  ended_at: string,
  failure: FailureReport | undefined,
): readonly Step[] =>
  steps.map((step) =>
    step.status === 'running'
      ? { ...step, status: 'failed', ended_at, ...(failure === undefined ? {} : { failure }) }
      : step,
  );
