import type { Settings } from '../local/settings.ts';
import { connectRemote } from '../remote/connect-remote.ts';
import { interruption } from './interruption.ts';
import { connectService, openService } from './service-link.ts';
import type { ServiceLink } from './service-link.ts';

/** The service of this home: the one that runs, or else one in this process. The latter takes any free port, since nobody but the command has to find it. */
const localService = async (settings: Settings, onProgress: (message: string) => void): Promise<ServiceLink> =>
  (await connectService(settings)) ?? (await openService({ ...settings, port: 0 }, onProgress));

/** Lets a command work with the service that the settings name, else with that of this home, which may end with the command. */
export const withService = async <T>(
  settings: Settings,
  onProgress: (message: string) => void,
  work: (link: ServiceLink, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const stop = interruption();
  try {
    const { remote } = settings;
    const link = remote === undefined ? await localService(settings, onProgress) : connectRemote(remote);
    try {
      return await work(link, stop.signal);
    } finally {
      await link.close();
    }
  } finally {
    stop.dispose();
  }
};
