import { Failure } from '../contracts/failure.ts';
import { apiKeyId } from './api-key-hash.ts';
import type { UsedApiKey } from '../ports/api-key-store.ts';
import type { Using } from '../ports/port-access.ts';

/** The least of a hash that is taken: fewer characters are a slip of the finger. */
const minIdLength = 6;

/**
 * Ends an API key for good, by the beginning of its hash. Fails with INVALID_REQUEST, NOT_FOUND, and CONFLICT where it has
 * ended before.
 */
export const revokeApiKey = async (
  ports: Using<{ apiKeys: 'administer' }, 'clock'>,
  id: string,
): Promise<UsedApiKey> => {
  if (id.length < minIdLength)
    throw new Failure('INVALID_REQUEST', `"${id}" is too short for the id of an API key. Take it from the list.`, {
      where: 'id',
    });
  const found = (await ports.apiKeys.list()).filter(({ hash }) => hash.startsWith(id));
  const [key] = found;
  if (key === undefined)
    throw new Failure('NOT_FOUND', `No API key has the id "${id}". List the keys to see their ids.`, { where: 'id' });
  if (found.length > 1)
    throw new Failure('INVALID_REQUEST', `"${id}" begins the id of ${found.length} API keys. Give more of it.`, {
      where: 'id',
    });
  const revoked_at = ports.clock.now().toISOString();
  if (!(await ports.apiKeys.revoke(key.hash, revoked_at)))
    throw new Failure('CONFLICT', `The API key ${apiKeyId(key.hash)} was revoked before, and opens nothing.`, {
      where: 'id',
    });
  return { ...key, revoked_at };
};
