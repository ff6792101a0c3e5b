import { join } from 'node:path';
import * as z from 'zod';
import { apiClient, readReportPage } from '../../src/contracts/client.ts';
import type { ApiClient } from '../../src/contracts/client.ts';
import { giveUpReserve, reserveFile } from '../../src/adapters/local/disk-reserve.ts';
import { Failure, toFailure } from '../../src/contracts/failure.ts';
import { refusalOf } from '../../src/contracts/send-request.ts';
import { localTenant, readOrMakeApiKey } from '../local/api-key.ts';
import type { ServiceOptions } from '../local/service.ts';
import type { Settings } from '../local/settings.ts';
import { claimHome, findService } from './service-state.ts';
import { isDiskFull, storageFailure } from './storage-failure.ts';

/** A service as a command uses it: on another machine, in another process, or in this one. */
export type ServiceLink = {
  readonly url: string;
  readonly client: ApiClient;
  /** Whether it runs in this process, and ends with it. */
  readonly isOwn: boolean;
  /** How long to wait before a run that is followed is looked at again. */
  readonly pollMilliseconds: number;
  /** A report as a page. */
  reportPage(runId: string, agent: string): Promise<string>;
  /** Where a report lies on this machine; undefined where it lies on none of ours. */
  reportFile(key: string): string | undefined;
  /** A link that signs a browser in and leads to a path of the API; undefined where the service gives none. */
  browserUrl(path: string): Promise<string | undefined>;
  /** Stops the service if it is this process's own. */
  close(): Promise<void>;
};

/** The service of this machine. */
export type LocalLink = ServiceLink & {
  /** The process it runs in. */
  readonly pid: number;
};

/** A key may send 600 requests a minute unless that is set otherwise; a watcher takes up to 240 of them. */
const pollMilliseconds = 500;

const Link = z.object({ url: z.string() });

const askForLink = async (url: string, apiKey: string, path: string, signal?: AbortSignal): Promise<string> => {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ path }),
    redirect: 'manual' as const,
    ...(signal && { signal }),
  };
  const response = await fetch(`${url}/session`, request).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new Failure('SERVICE_UNREACHABLE', `No Surveyor service answers at ${url}.`, {
      where: url,
      advice: { kind: 'start_service' },
      cause,
    });
  });
  if (!response.ok) throw await refusalOf(response, `POST ${url}/session`);
  return Link.parse(await response.json()).url;
};

/** The service that already runs for this home, or undefined. The signal ends requests. */
export const connectService = async (settings: Settings, signal?: AbortSignal): Promise<LocalLink | undefined> => {
  const running = await findService(settings.home);
  if (running === undefined) return undefined;
  const url = `http://127.0.0.1:${running.port}`;
  const apiKey = readOrMakeApiKey(join(settings.configDir, 'api-key'));
  const api = { baseUrl: url, apiKey, ...(signal && { signal }) };
  return {
    url,
    client: apiClient(api),
    pid: running.pid,
    isOwn: false,
    pollMilliseconds,
    reportPage: (id, agent) => readReportPage(api, { id, agent }),
    reportFile: (key) => join(settings.home, 'objects', localTenant, key),
    browserUrl: (path) => askForLink(url, apiKey, path, signal),
    close: async () => undefined,
  };
};

/**
 * Starts the service in this process; on a full disk with the room that was set aside for that, so that one can still look, cancel
 * and see what to free. Fails with CONFLICT where another one serves this home, with STORAGE_FAILED where nothing can be written.
 */
export const openService = async (
  settings: Settings,
  onProgress: (message: string) => void,
  options: OpenOptions = {},
): Promise<LocalLink> => {
  try {
    return await claimAndStart(settings, onProgress, options);
  } catch (thrown) {
    const failure = storageFailure(thrown, settings.home);
    if (!isDiskFull(thrown) || !giveUpReserve(reserveFile(join(settings.home, 'store.sqlite')))) throw failure;
    onProgress(`${toFailure(failure).message} What is there can be read; new runs will fail.`);
    return claimAndStart(settings, onProgress, options).catch((again: unknown) => {
      throw storageFailure(again, settings.home);
    });
  }
};

type OpenOptions = Pick<ServiceOptions, 'firesSchedules'> & { readonly signal?: AbortSignal };

const claimAndStart = async (
  settings: Settings,
  onProgress: (message: string) => void,
  { signal, ...more }: OpenOptions,
): Promise<LocalLink> => {
  const claim = claimHome(settings.home, new Date());
  try {
    // Here and not above: what only talks to a service needs none of what a service is made of, and starts faster.
    const { startService } = await import('../local/service.ts');
    const service = await startService(settings, { onProgress, secret: claim.secret, ...more });
    claim.publish(Number(new URL(service.url).port));
    const api = { baseUrl: service.url, apiKey: service.apiKey, ...(signal && { signal }) };
    return {
      url: service.url,
      client: apiClient(api),
      pid: process.pid,
      isOwn: true,
      pollMilliseconds,
      reportPage: (id, agent) => readReportPage(api, { id, agent }),
      reportFile: (key) => service.reportFile(key),
      browserUrl: async (path) => service.browserUrl(path),
      close: async () => {
        try {
          await service.stop();
        } finally {
          claim.release();
        }
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
};
