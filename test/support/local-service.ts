import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimHome } from '../../bin/commands/service-state.ts';
import { startService, type Service } from '../../bin/local/service.ts';
import { parseSettings, projectRoot } from '../../bin/local/settings.ts';
import { apiClient, type ApiClient } from '../../src/contracts/client.ts';
import type { RunView } from '../../src/contracts/run.ts';

/** The whole embedded default in this process, with a home and a config folder of its own. */
export type LocalService = {
  readonly service: Service;
  readonly api: ApiClient;
  readonly home: string;
  /** Waits until the run has ended; gives up after two minutes, or so many seconds. */
  ended(runId: string, seconds?: number): Promise<RunView>;
  close(): Promise<void>;
};

/**
 * Starts the service on a free port. The Python environment is the user's, because it is the same for all. Published, the command
 * line finds it, as it finds the one of `surveyor up`.
 */
export const startLocalService = async (
  environment: Readonly<Record<string, string>> = {},
  { isPublished = false }: { readonly isPublished?: boolean } = {},
): Promise<LocalService> => {
  const home = mkdtempSync(join(tmpdir(), 'surveyor-test-'));
  const settings = parseSettings(
    {
      SURVEYOR_PORT: '0',
      SURVEYOR_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
      ...environment,
    },
    projectRoot,
    homedir(),
  );
  const claim = isPublished ? claimHome(settings.home, new Date()) : undefined;
  const service = await startService(settings, claim === undefined ? {} : { secret: claim.secret });
  claim?.publish(Number(new URL(service.url).port));
  const api = apiClient({ baseUrl: service.url, apiKey: service.apiKey });
  return {
    service,
    api,
    home: join(home, 'data'),
    ended: async (runId, seconds = 120) => {
      for (let waited = 0; waited < seconds * 1_000; waited += 100) {
        const run = await api.getRun({ id: runId });
        if (run.status !== 'running') return run;
        await sleep(100);
      }
      throw new Error(`run ${runId} has not ended within ${seconds} s`);
    },
    close: async () => {
      await service.stop();
      claim?.release();
      rmSync(home, { recursive: true, force: true });
    },
  };
};
