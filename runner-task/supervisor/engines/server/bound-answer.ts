import { Failure } from '../../../../src/contracts/failure.ts';
import type { ServerTarget } from '../../../../src/contracts/sandbox.ts';
import { wholeMilliseconds } from '../../../../src/contracts/whole-milliseconds.ts';
import { inMebibytes } from '../../memory-watch.ts';
import { connectSeconds, placeOf } from './connect-failure.ts';

/** What one answer to a question of Surveyor’s own may come to. */
export type AnswerLimits = { readonly seconds: number; readonly bytes: number };

/** How long a server itself works on such a question, so that it is the one that says so where it can. */
export const catalogSeconds = 45;

/** The catalog of a million columns comes within some seconds, and has a tenth of a gigabyte. */
export const answerLimits: AnswerLimits = { seconds: catalogSeconds + 5, bytes: 128 * 1024 * 1024 };

/** A login takes some hundred bytes, and notices of the server come on top. The driver's own limit of time comes first. */
export const loginLimits: AnswerLimits = { seconds: connectSeconds + 5, bytes: 4 * 1024 * 1024 };

const watchMilliseconds = 25;

/** What is said of an answer of so many bytes; no server that is well has one. */
export const answerTooLarge = (target: ServerTarget, bytes: number): Failure =>
  new Failure(
    'DATABASE_UNREACHABLE',
    `${placeOf(target)} answered a question about itself with more than ${inMebibytes(bytes)}, which no catalog has. Check that it is the database that you mean.`,
    { where: placeOf(target) },
  );

/**
 * Waits for one answer, which ends with its connection where it does not come in time or does not end: the server's own
 * limits hold only where it keeps them, and the driver would hold all of what comes.
 */
export const boundAnswer = async <T>(
  target: ServerTarget,
  connection: { bytesRead(): number; destroy(): void },
  work: () => Promise<T>,
  { seconds, bytes }: AnswerLimits = answerLimits,
): Promise<T> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const before = connection.bytesRead();
  const end = (failure: Failure): void => {
    reject(failure);
    connection.destroy();
  };
  const late = setTimeout(
    () =>
      end(
        new Failure(
          'DATABASE_UNREACHABLE',
          `${placeOf(target)} did not answer a question about itself within ${seconds} s. Look whether the server hangs, or what stands before it; try again later.`,
          { where: placeOf(target) },
        ),
      ),
    wholeMilliseconds(seconds * 1000),
  );
  const watch = setInterval(() => {
    if (connection.bytesRead() - before > bytes) end(answerTooLarge(target, bytes));
  }, watchMilliseconds);
  try {
    // The one that is late or too large is the first to say so: what it does to the driver comes after.
    return await Promise.race([promise, work()]);
  } finally {
    clearTimeout(late);
    clearInterval(watch);
  }
};
