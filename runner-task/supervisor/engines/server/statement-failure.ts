import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';

/** The connection broke while a statement ran. */
export const lostConnection = (reason: string): Failure =>
  new Failure(
    'DATABASE_LOST',
    `The connection to the database broke while the statement ran: ${reason}. The next statement connects anew; if it fails too, check that the server runs.`,
  );

/** A statement reached its limit of time. */
export const endedLate = ({ seconds }: Pick<StatementLimits, 'seconds'>): Failure =>
  new Failure(
    'RUNNER_TIMEOUT',
    `The statement took longer than ${seconds} s and was ended on the server. Ask for less at once.`,
  );

/** A statement was ended by somebody else. */
export const endedByOther = (reason: string): Failure =>
  new Failure('STATEMENT_FAILED', `Somebody ended the statement on the server: ${reason}.`);

/** A statement that would write got as far as the server's read-only transaction. */
export const wouldWrite = (reason: string): Failure =>
  new Failure('STATEMENT_REFUSED', `Rule "read-only": ${reason}. Compute what you need in a SELECT.`);
