import type { Settings } from '../local/settings.ts';
import { connectRemote } from '../remote/connect-remote.ts';
import { interruption } from './interruption.ts';
import { connectService, openService } from './service-link.ts';
import type { ServiceLink } from './service-link.ts';

/** The service of this home: the one that runs, or else one in this process. The latter takes any free port, since nobody but the command has to find it. */
const localService = async (
  settings: Settings,
  onProgress: (message: string) => void,
  signal: AbortSignal,
): Promise<ServiceLink> =>
  (await connectService(settings, signal)) ?? (await openService({ ...settings, port: 0 }, onProgress, { signal }));

/**
 * Lets a command work with the service that the settings name, else with that of this home, which may end with the command.
 * Ctrl-C and its like break off a request, and the process ends as shells expect.
 */
export const withService = async <T>(
  settings: Settings,
  onProgress: (message: string) => void,
  work: (link: ServiceLink, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const stop = interruption();
  try {
    const { remote } = settings;
    const link =
      remote === undefined ? await localService(settings, onProgress, stop.signal) : connectRemote(remote, stop.signal);
    try {
      return await work(link, stop.signal);
    } finally {
      await link.close();
    }
  } catch (thrown) {
    if (!stop.signal.aborted || thrown !== stop.signal.reason) throw thrown;
    onProgress('Stopped before the service answered. What was asked for may be done all the same.');
    process.exit(stop.exitCode());
  } finally {
    stop.dispose();
  }
};
