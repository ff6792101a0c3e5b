import type { Run } from '../../contracts/run.ts';

/** What an execution's name is made of. */
type Named = Pick<Run, 'run_id' | 'attempt' | 'trigger'>;

/**
 * The name of a run's execution: its id, and each time it is resumed a name of its own, as an engine takes a name once. One
 * that was started in the console has had a name before there was a run.
 */
export const executionName = ({ run_id, attempt, trigger }: Named): string => {
  if (attempt > 1) return `${run_id}-${attempt}`;
  return trigger?.kind === 'console' ? (trigger.id ?? run_id) : run_id;
};

/** The input of a run's execution. */
export const executionInput = ({ tenant, run_id, attempt }: Pick<Run, 'tenant' | 'run_id' | 'attempt'>) => ({
  tenant,
  run_id,
  ...(attempt === 1 ? {} : { attempt }),
});

/** The execution of the run's present attempt; undefined until that is recorded. */
export const currentExecution = (run: Named & Pick<Run, 'execution_id'>): string | undefined =>
  run.execution_id?.endsWith(`:${executionName(run)}`) === true ? run.execution_id : undefined;

/** The executions of all attempts of a run, the present one last; none until one is recorded. */
export const executionIds = (run: Named & Pick<Run, 'execution_id'>): readonly string[] => {
  const { execution_id } = run;
  if (execution_id === undefined) return [];
  const machine = execution_id.slice(0, execution_id.lastIndexOf(':') + 1);
  const names = Array.from({ length: run.attempt }, (_, index) => executionName({ ...run, attempt: index + 1 }));
  // The one that is recorded may still be that of the attempt before.
  const last = names.findIndex((name) => execution_id === `${machine}${name}`);
  return names.slice(0, last + 1).map((name) => `${machine}${name}`);
};
