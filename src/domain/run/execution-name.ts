import type { Run } from '../../contracts/run.ts';

/** The name of a run's execution: its id, and each time it is resumed a name of its own, as an engine takes a name once. */
export const executionName = ({ run_id, attempt }: Pick<Run, 'run_id' | 'attempt'>): string =>
  attempt === 1 ? run_id : `${run_id}-${attempt}`;

/** The input of a run's execution. */
export const executionInput = ({ tenant, run_id, attempt }: Pick<Run, 'tenant' | 'run_id' | 'attempt'>) => ({
  tenant,
  run_id,
  ...(attempt === 1 ? {} : { attempt }),
});

/** The execution of the run's present attempt; undefined until that is recorded. */
export const currentExecution = (run: Pick<Run, 'run_id' | 'attempt' | 'execution_id'>): string | undefined =>
  run.execution_id?.endsWith(`:${executionName(run)}`) === true ? run.execution_id : undefined;
