import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '../../src/contracts/client.ts';
import { toFailure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Display } from './display.ts';

const pollMilliseconds = 250;
/** A service may be too busy to answer for a moment; one that has been silent for 20 polls (5 s and more) is gone. */
const patience = 20;

/** Follows a run to its end and answers with how it stands then. An aborted signal ends it with the signal's reason. */
export const watchRun = async (
  client: Pick<ApiClient, 'getRun' | 'listSteps'>,
  runId: string,
  display: Display,
  signal?: AbortSignal,
): Promise<RunView> => {
  let silent = 0;
  try {
    for (;;) {
      signal?.throwIfAborted();
      try {
        // In this order: the steps of a run that is seen to have ended are all its steps.
        const view = await client.getRun({ id: runId });
        const { steps } = await client.listSteps({ id: runId });
        silent = 0;
        display.show(view, steps);
        if (view.status !== 'running') return view;
      } catch (error) {
        silent += 1;
        if (toFailure(error).kind !== 'SERVICE_UNREACHABLE' || silent === patience) throw error;
      }
      await sleep(pollMilliseconds, undefined, signal === undefined ? {} : { signal }).catch(() =>
        signal?.throwIfAborted(),
      );
    }
  } finally {
    display.end();
  }
};
