import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';
/** Watches whether a lease is held. */
export type LeaseWatch = {
  /** Does a piece of work for the one who holds it. */
  during<T>(work: () => Promise<T>): Promise<T>;
};

/**
 * Every call is a sign of life. Calls `lapsed` when none came for so long since the last one was answered: whoever held the
 * lease has forgotten it, and a sandbox costs money. Counted from now where the lease is `held` from the start, else from the
 * first call: what is kept ready has no lease yet.
 */
export const watchLease = (seconds: number, lapsed: () => void, held: boolean): LeaseWatch => {
  let underWay = 0;
  const wait = (): NodeJS.Timeout => setTimeout(lapsed, wholeMilliseconds(seconds * 1000));
  let timer = held ? wait() : undefined;
  return {
    async during(work) {
      clearTimeout(timer);
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
        if (underWay === 0) timer = wait();
      }
    },
  };
};
