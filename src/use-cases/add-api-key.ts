import { randomBytes } from 'node:crypto';
import { ApiKey } from '../contracts/api-key.ts';
import { apiKeyHash } from './api-key-hash.ts';
import type { Using } from '../ports/port-access.ts';

/** An API key that nobody has: 256 random bits behind a beginning by which leaked ones are found. */
export const generateApiKey = (): string => `sk-surveyor-${randomBytes(32).toString('base64url')}`;

/** What an API key is made for. */
export type ApiKeyRequest = Pick<ApiKey, 'tenant' | 'roles' | 'rights' | 'prefixes' | 'label'>;

/** Makes an API key. It is told this once: the store knows its hash alone. */
export const addApiKey = async (
  ports: Using<{ apiKeys: 'administer' }, 'clock'>,
  request: ApiKeyRequest,
): Promise<{ readonly key: string; readonly stored: ApiKey }> => {
  const key = generateApiKey();
  const created_at = ports.clock.now().toISOString();
  const stored = ApiKey.parse({ ...request, hash: apiKeyHash(key), created_at });
  await ports.apiKeys.add(stored);
  return { key, stored };
};
