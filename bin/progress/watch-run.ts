import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../src/contracts/client.ts';
import { toFailure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Display } from './display.ts';

/** A service may be too busy to answer for a moment; one that has been silent for 10 polls (5 s and more) is gone. */
const patience = 10;
/** Told to send less, and not for how long, a watcher comes again so much later. */
const limitedSeconds = 15;

/** Follows a run to its end and answers with how it stands then. An aborted signal ends it with the signal's reason. */
export const watchRun = async (
  client: Pick<ApiClient, 'getRun' | 'listSteps'>,
  runId: string,
  display: Display,
  { signal, pollMilliseconds }: { readonly signal?: AbortSignal; readonly pollMilliseconds: number },
): Promise<RunView> => {
  let silent = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      let pause = pollMilliseconds;
      try {
        // In this order: the steps of a run that is seen to have ended are all its steps.
        const view = await client.getRun({ id: runId });
        const { steps } = await client.listSteps({ id: runId });
        silent = 0;
        display.show(view, steps);
        if (view.status !== 'running') return view;
      } catch (error) {
        const { kind, retryAfter = limitedSeconds } = toFailure(error);
        if (kind === 'RATE_LIMITED') pause = retryAfter * 1_000;
        else {
          silent += 1;
          if (kind !== 'SERVICE_UNREACHABLE' || silent === patience) throw error;
        }
      }
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => signal?.throwIfAborted());
    }
  } finally {
    display.end();
  }
};
