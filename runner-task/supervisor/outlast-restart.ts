import { toFailure } from '../../src/contracts/failure.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** How long is waited for a database that is away, and whether anybody still waits. */
export type Patience = {
  readonly seconds: number;
  readonly isOver: () => boolean;
};

const firstPauseSeconds = 0.25;
const longestPauseSeconds = 2;

/**
 * Works with a database that may be restarted meanwhile: what fails in a way that passes (`retryAfter` of its failure) is done
 * again, for as long as patience lasts. A statement whose connection broke is sent twice, never more: it may be what
 * the server broke over, or what somebody ended there.
 */
export const outlastRestart = async <T>(work: () => Promise<T>, { seconds, isOver }: Patience): Promise<T> => {
  let until: number | undefined;
  let broken = 0;
  for (let pause = firstPauseSeconds; ; pause = Math.min(2 * pause, longestPauseSeconds)) {
    try {
      return await work();
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.retryAfter === undefined || isOver()) throw thrown;
      until ??= Date.now() + seconds * 1000;
      if (failure.kind === 'DATABASE_LOST') broken += 1;
      if (broken > 1 || Date.now() + pause * 1000 > until) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, wholeMilliseconds(pause * 1000)));
    }
  }
};
