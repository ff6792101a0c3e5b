import type { Run } from '../../contracts/run.ts';

/** The name of a run's execution: its id, and each time it is resumed a name of its own, as an engine takes a name once. */
export const executionName = ({ run_id, attempt }: Pick<Run, 'run_id' | 'attempt'>): string =>
  attempt === 1 ? run_id : `${run_id}-${attempt}`;

/** The execution of the run's present attempt; undefined until that is recorded. */
export const currentExecution = (run: Pick<Run, 'run_id' | 'attempt' | 'execution_id'>): string | undefined =>
  run.execution_id?.endsWith(`:${executionName(run)}`) === true ? run.execution_id : undefined;

/** A run's ids in its execution's input. An agent's loop has them too, but with its node: it is a part of a run. */
export const runIdsOf = (input: unknown): Pick<Run, 'tenant' | 'run_id'> | undefined => {
  if (typeof input !== 'object' || input === null || 'node' in input) return undefined;
  const { tenant, run_id } = input as Readonly<Record<string, unknown>>;
  return typeof tenant === 'string' && typeof run_id === 'string' ? { tenant, run_id } : undefined;
};
