import type { Advice } from '../../../../src/contracts/advice.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';

/** What there is to do about a statement that took too long or too much, where the database stays open. */
export const askForLess: Advice = { kind: 'ask_for_less', database_reopens: false };

/** The connection broke while a statement ran. */
export const lostConnection = (reason: string): Failure =>
  new Failure('DATABASE_LOST', `The connection to the database broke while the statement ran: ${reason}.`, {
    advice: { kind: 'reconnect' },
    retryAfter: 1,
  });

/** A statement reached its limit of time. */
export const endedLate = ({ seconds }: Pick<StatementLimits, 'seconds'>): Failure =>
  new Failure('RUNNER_TIMEOUT', `The statement took longer than ${seconds} s and was ended on the server.`, {
    advice: askForLess,
  });

/** A statement was ended by somebody else. */
export const endedByOther = (reason: string): Failure =>
  new Failure('STATEMENT_FAILED', `Somebody ended the statement on the server: ${reason}.`);

/** The server gave a statement up for the sake of others, as another try may show: a standby that replays, a deadlock. */
export const gaveWay = (reason: string): Failure =>
  new Failure('STATEMENT_FAILED', `The server ended the statement, which stood in the way of others: ${reason}.`, {
    retryAfter: 1,
  });

/** A table that a statement reads is locked for longer than is waited. */
export const lockedByOther = (reason: string): Failure =>
  new Failure(
    'STATEMENT_FAILED',
    `A table is locked by another session, which was not waited for: ${reason}. Try again later.`,
  );

/** A statement that would write got as far as the server's read-only transaction. */
export const wouldWrite = (reason: string): Failure =>
  new Failure('STATEMENT_REFUSED', `Rule "read-only": ${reason}. Compute what you need in a SELECT.`);
