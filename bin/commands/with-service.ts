import type { Settings } from '../local/settings.ts';
import { interruption } from './interruption.ts';
import { connectService, openService } from './service-link.ts';
import type { ServiceLink } from './service-link.ts';

/**
 * Lets a command work with the service of this home: the one that runs, or else one in this process that ends with the
 * command. The latter takes any free port, since nobody but the command has to find it.
 */
export const withService = async <T>(
  settings: Settings,
  onProgress: (message: string) => void,
  work: (link: ServiceLink, signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const stop = interruption();
  try {
    const link = (await connectService(settings)) ?? (await openService({ ...settings, port: 0 }, onProgress));
    try {
      return await work(link, stop.signal);
    } finally {
      await link.close();
    }
  } finally {
    stop.dispose();
  }
};
