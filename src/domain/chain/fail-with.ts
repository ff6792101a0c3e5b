import type { FailState } from './state-machine.ts';

/**
 * A Fail state, its cause an expression without the marks around it. Redriven, a machine begins with the state that failed, which
 * can only fail again: it then says what goes on with the run instead.
 */
export const failWith = (Comment: string, Error: string, cause: string): FailState => ({
  Type: 'Fail',
  Comment,
  Error,
  Cause: `{% $states.context.Execution.RedriveCount > 0 ? 'A redrive cannot go on with a run that has ended; "surveyor resume ' & $run_id & '" does, in an execution of its own.' : ${cause} %}`,
});
