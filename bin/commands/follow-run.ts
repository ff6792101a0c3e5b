import { constants } from 'node:os';
import { Failure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Display } from '../progress/display.ts';
import { watchRun } from '../progress/watch-run.ts';
import type { ServiceLink } from './service-link.ts';
import { programName } from '../program-name.ts';

/**
 * Shows a run until it has ended. Ctrl-C ends a run in this process, which fails with RUN_CANCELLED; of a run in another
 * one it ends the watching alone: then the answer is undefined, and the command ends as shells expect after Ctrl-C.
 */
export const followRun = async (
  link: Pick<ServiceLink, 'client' | 'isOwn' | 'pollMilliseconds'>,
  runId: string,
  display: Display,
  signal: AbortSignal,
): Promise<RunView | undefined> => {
  try {
    return await watchRun(link.client, runId, display, { signal, pollMilliseconds: link.pollMilliseconds });
  } catch (error) {
    if (!signal.aborted) throw error;
    if (link.isOwn) throw new Failure('RUN_CANCELLED', `Stopped, and run ${runId} with it.`, { cause: error });
    display.note(`Stopped watching. The run goes on in the service: ${programName} run ${runId} --watch`);
    process.exitCode = 128 + constants.signals.SIGINT;
    return undefined;
  }
};
