import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { ApiKeyStore } from '../../src/ports/api-key-store.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { loadSettings } from '../local/settings.ts';

/** What administers API keys. */
export type KeyPorts = { readonly apiKeys: ApiKeyStore; readonly clock: Clock };

/**
 * Lets a command work with the API keys of this home, or of a stack on AWS with the user's own credentials. The service need
 * not run: several processes may use its store at once, and no route makes keys.
 */
export const withApiKeys = async <T>(stack: string | undefined, work: (ports: KeyPorts) => Promise<T>): Promise<T> => {
  const clock = systemClock();
  if (stack !== undefined) {
    const { stackOutput } = await import('../../src/adapters/aws/stack-output.ts');
    const { openApiKeys } = await import('../../src/adapters/aws/open-api-keys.ts');
    return work({ apiKeys: openApiKeys(await stackOutput(stack, 'TableName')), clock });
  }
  const { openSqliteStores } = await import('../../src/adapters/local/stores/open-sqlite-stores.ts');
  const { home } = loadSettings();
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const stores = openSqliteStores(join(home, 'store.sqlite'));
  try {
    return await work({ apiKeys: stores.apiKeys, clock });
  } finally {
    stores.close();
  }
};
