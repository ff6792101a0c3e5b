import { randomUUID } from 'node:crypto';
import { Failure } from '../../../contracts/failure.ts';
import { isTooLarge, toPayload } from './payload.ts';
import { StatesError } from './states-error.ts';

/** A token that a task waits for. */
export type IssuedToken = {
  readonly token: string;
  /** What was sent for it; rejects with the StatesError that was sent. */
  readonly answer: Promise<unknown>;
  /** From now on nothing that is sent for it has an effect. */
  retire(): void;
};

/** The tokens of all tasks. The first answer to a token counts; later ones, and late ones, change nothing. */
export type TaskTokens = {
  issue(): IssuedToken;
  /** Fails with NOT_FOUND on a token that was never issued. */
  succeed(token: string, output: unknown): void;
  /** Fails with NOT_FOUND on a token that was never issued. */
  fail(token: string, error: string, cause: string): void;
};

// Retired tokens are remembered only to tell a late answer from a wrong one; 10,000 are ~1 MB.
const MOST_RETIRED = 10_000;

/** No tokens yet. */
export const newTaskTokens = (): TaskTokens => {
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const retired = new Set<string>();
  const retire = (token: string): void => {
    if (!waiting.delete(token)) return;
    retired.add(token);
    const [oldest] = retired;
    if (retired.size > MOST_RETIRED && oldest !== undefined) retired.delete(oldest);
  };
  const take = (token: string): PromiseWithResolvers<unknown> | undefined => {
    const found = waiting.get(token);
    if (found === undefined && !retired.has(token)) {
      throw new Failure(
        'NOT_FOUND',
        'There is no task with this token. Send the token exactly as the task was given it.',
      );
    }
    retire(token);
    return found;
  };
  return {
    issue() {
      const token = randomUUID();
      const answer = Promise.withResolvers<unknown>();
      // It may fail before the task gets to wait for it.
      answer.promise.catch(() => undefined);
      waiting.set(token, answer);
      return { token, answer: answer.promise, retire: () => retire(token) };
    },
    succeed(token, output) {
      const { value, json } = toPayload(output);
      if (isTooLarge(json)) {
        throw new Failure(
          'REQUEST_TOO_LARGE',
          'The output of a task is at most 256 KiB of JSON. Store it and send where it is.',
        );
      }
      take(token)?.resolve(value);
    },
    fail(token, error, cause) {
      take(token)?.reject(new StatesError(error, cause));
    },
  };
};
