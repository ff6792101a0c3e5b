import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Right, Role } from '../../src/contracts/role.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ApiKeyStore } from '../../src/ports/api-key-store.ts';
import { apiKeyHash } from '../../src/use-cases/api-key-hash.ts';
import { generateApiKey } from '../../src/use-cases/add-api-key.ts';

/** The tenant of everything on one machine. */
export const localTenant = 'local';

/** The user's API key of the embedded default: made on first start, kept in the user's config folder, mode 0600. */
export const readOrMakeApiKey = (file: string): string => {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    // `wx` makes the file or fails: of two services that start at once, one makes the key and both read it.
    writeFileSync(file, `${generateApiKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new Failure(
        'SETTING_INVALID',
        `The API key cannot be kept at ${file}: ${(cause as Error).message}. Make the folder writable, or set XDG_CONFIG_HOME.`,
        { where: 'XDG_CONFIG_HOME', cause },
      );
    }
  }
  const key = readFileSync(file, 'utf8').trim();
  if (!/^sk-surveyor-[\w-]{43}$/.test(key)) {
    throw new Failure(
      'SETTING_INVALID',
      `${file} does not hold an API key of Surveyor. Delete the file; the next start makes a new one.`,
      { where: file },
    );
  }
  return key;
};

/** Makes the key known to the store, by its hash alone. */
export const registerApiKey = async (apiKeys: ApiKeyStore, clock: Clock, key: string, file: string): Promise<void> => {
  const hash = apiKeyHash(key);
  const known = await apiKeys.find(hash);
  if (known?.revoked_at !== undefined)
    throw new Failure(
      'SETTING_INVALID',
      `The API key in ${file} was revoked on ${known.revoked_at.slice(0, 10)}. Delete the file; the next start makes a new key.`,
      { where: file },
    );
  await apiKeys.add({
    hash,
    tenant: localTenant,
    roles: Role.options,
    rights: Right.options,
    label: 'this machine',
    created_at: known?.created_at ?? clock.now().toISOString(),
  });
};
