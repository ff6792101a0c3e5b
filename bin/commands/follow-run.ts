import { Failure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Display } from '../progress/display.ts';
import { watchRun } from '../progress/watch-run.ts';
import type { ServiceLink } from './service-link.ts';

/** Shows a run until it has ended or somebody presses Ctrl-C; then says what that means for the run. */
export const followRun = async (
  link: Pick<ServiceLink, 'client' | 'isOwn'>,
  runId: string,
  display: Display,
  signal: AbortSignal,
): Promise<RunView> => {
  try {
    return await watchRun(link.client, runId, display, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const message = link.isOwn
      ? `Stopped, and run ${runId} with it.`
      : `Stopped watching. Run ${runId} goes on in the service: npx surveyor run ${runId} --watch`;
    throw new Failure('RUN_CANCELLED', message, { cause: error });
  }
};
