import type { Time } from './time.ts';

/** What work gives, or the signal's reason as soon as that is aborted: work that ignores its signal holds nobody up. */
const orAborted = <T>(signal: AbortSignal, work: Promise<T>): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** Runs work under a controller that is aborted with its parent, and leaves nothing behind on the parent. */
export const withAbort = async <T>(
  parent: AbortSignal,
  work: (controller: AbortController) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  const abort = (): void => controller.abort(parent.reason);
  if (parent.aborted) abort();
  parent.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller);
  } finally {
    parent.removeEventListener('abort', abort);
  }
};

/** Runs work that is aborted with the given reason when its seconds are over. Without seconds it may run for ever. */
export const withDeadline = <T>(
  time: Time,
  parent: AbortSignal,
  deadline: { readonly seconds: number | undefined; readonly reason: () => unknown },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> =>
  withAbort(parent, async (running) => {
    const { seconds, reason } = deadline;
    if (seconds === undefined) return orAborted(running.signal, work(running.signal));
    const timer = new AbortController();
    time.sleep(seconds * 1_000, timer.signal).then(
      () => running.abort(reason()),
      // The work was done first.
      () => undefined,
    );
    try {
      return await orAborted(running.signal, work(running.signal));
    } finally {
      // A reason of its own spares the making of an AbortError with its stack trace.
      timer.abort('done');
    }
  });
