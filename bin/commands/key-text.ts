import type { ApiKey } from '../../src/contracts/api-key.ts';
import { apiKeyId } from '../../src/use-cases/api-key-hash.ts';
import type { UsedApiKey } from '../../src/ports/api-key-store.ts';
import { printable } from '../progress/fit-text.ts';
import { programName } from '../program-name.ts';
import { alignColumns } from './terminal.ts';

const minute = (time: string): string => time.slice(0, 16).replace('T', ' ');
/** A use is noted once an hour, so its minutes would say what nobody knows. */
const hour = (time: string): string => `${time.slice(0, 13).replace('T', ' ')}h`;

/** An API key as data for who administers it: by its id, without the hash. */
export const keyView = ({ hash, ...key }: UsedApiKey) => ({ id: apiKeyId(hash), ...key });

/** API keys as a table. */
export const keysTable = (keys: readonly UsedApiKey[]): string => {
  if (keys.length === 0) return `No API keys yet. Make one: ${programName} keys add "nightly job" --role operator`;
  const rows = keys.map((key) => [
    apiKeyId(key.hash),
    key.tenant,
    [...key.roles, ...key.rights].join(','),
    key.prefixes?.join(',') ?? 'all',
    minute(key.created_at),
    key.last_used_at === undefined ? 'never' : hour(key.last_used_at),
    key.revoked_at === undefined ? '' : minute(key.revoked_at),
    printable(key.label),
  ]);
  return alignColumns([
    ['ID', 'TENANT', 'ROLES', 'PREFIXES', 'CREATED (UTC)', 'LAST USE', 'REVOKED', 'LABEL'],
    ...rows,
  ]);
};

/** A key that was just made, with the one chance to write it down. */
export const addedText = (key: string, stored: ApiKey): string =>
  `${key}\n\nThis is the API key, and nobody can show it again: only its hash is kept. Its id is ${apiKeyId(stored.hash)}.`;
