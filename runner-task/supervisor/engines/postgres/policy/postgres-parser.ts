import { Worker } from 'node:worker_threads';
import { inTurn } from '../../../in-turn.ts';
import type { PostgresAnswer } from './parse-postgres.ts';
import { wholeMilliseconds } from '../../../../../src/contracts/whole-milliseconds.ts';

/** What the parser says of a text. `lost`: it took too long, or its thread died. */
export type PostgresParse = PostgresAnswer | { readonly failed: 'lost' };

/** Parses statements in a thread of its own. */
export type PostgresParser = { parse(sql: string): Promise<PostgresParse>; close: () => void };

/**
 * Starts the thread now. A statement that nests too deeply overflows the stack of the parser, which is C in WebAssembly
 * and does not recover: after 35 of them it failed at everything. So the thread ends with it, as it does with one that
 * takes longer than `seconds`, and the next statement gets a new one.
 */
export const createPostgresParser = (seconds = 5): PostgresParser => {
  const turn = inTurn();
  let worker: Worker | undefined;
  let closed = false;

  const start = (): Worker => {
    const started = new Worker(new URL('./parse-postgres.ts', import.meta.url), { env: {} });
    started.unref();
    // A thread that dies while nobody waits is replaced by the next statement.
    started.on('error', () => undefined);
    return started;
  };
  worker = start();

  const ask = async (sql: string): Promise<PostgresParse> => {
    if (closed) return { failed: 'lost' };
    const asked = (worker ??= start());
    asked.ref();
    const { promise, resolve } = Promise.withResolvers<PostgresParse>();
    const lose = (): void => resolve({ failed: 'lost' });
    const timer = setTimeout(lose, wholeMilliseconds(seconds * 1000));
    asked.once('message', resolve).once('error', lose).once('exit', lose);
    asked.postMessage(sql);
    const answer = await promise;
    clearTimeout(timer);
    asked.off('message', resolve).off('error', lose).off('exit', lose);
    if ('failed' in answer && answer.failed !== 'syntax') {
      worker = undefined;
      await asked.terminate();
    } else asked.unref();
    return answer;
  };

  return {
    parse: (sql) => turn(() => ask(sql)),
    close: () => {
      closed = true;
      void worker?.terminate();
      worker = undefined;
    },
  };
};
