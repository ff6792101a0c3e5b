import { Failure } from '../contracts/failure.ts';

/**
 * What a function is told whose work is done after its state is over: a Lambda function is not told that its state was
 * stopped, and works on. What it would write is refused. Who redrives the execution of a run that has ended is told the same.
 */
export const tooLate = (runId: string): Failure =>
  new Failure(
    'CONFLICT',
    `Run ${runId} has ended, or goes on in a later attempt: what this call would write comes too late. A redrive cannot go on with a run that has ended; "surveyor resume ${runId}" does, in an execution of its own.`,
  );
