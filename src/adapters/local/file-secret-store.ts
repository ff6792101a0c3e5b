import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Failure } from '../../contracts/failure.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { secretName, secretValue } from '../secret-name.ts';
import { readOrMakeSecretKey } from './secret-key-file.ts';
import { type Migration, openSqliteFile } from './sqlite-file.ts';

/** The history of the secrets’ file; a step is only ever added. */
const secretStoreMigrations: readonly Migration[] = [
  {
    name: 'sealed secrets',
    sql: `create table secrets (
      name text not null primary key, key_id text not null, iv blob not null, tag blob not null, sealed blob not null
    ) strict;`,
  },
  {
    name: 'when each was put',
    sql: `alter table secrets add column put_at text not null default '1970-01-01T00:00:00.000Z';`,
  },
];

/** The secret store, and what its host needs beside it. */
export type FileSecretStore = SecretStore & {
  close(): void;
};

/**
 * Secrets in one file of mode 0600, each sealed with AES-256-GCM; the key lies in a file elsewhere, so that a copy of the
 * data folder gives nothing away. A secret’s tenant and name are authenticated with it: a sealed value moved to another
 * name or tenant does not open.
 *
 * The file is a SQLite database, not JSON: each put or delete is one transaction, so two processes neither lose each
 * other’s secrets nor need a lock of their own. Opening makes the key where there is none; fails with SETTING_INVALID on
 * a key file that is none.
 */
export const fileSecretStore = (files: { readonly dataFile: string; readonly keyFile: string }): FileSecretStore => {
  const key = readOrMakeSecretKey(files.keyFile);
  const keyId = createHmac('sha256', key).update('surveyor secret key').digest('hex').slice(0, 16);
  const file = openSqliteFile(files.dataFile, secretStoreMigrations);

  return {
    async put(tenant, name, value) {
      const fullName = secretName(tenant, name);
      // A random IV of 96 bits is safe for some 4 billion secrets under one key.
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(fullName));
      const sealed = Buffer.concat([cipher.update(secretValue(name, value), 'utf8'), cipher.final()]);
      file.run(
        `insert into secrets (name, key_id, iv, tag, sealed, put_at) values (?, ?, ?, ?, ?, ?)
         on conflict do update set key_id = excluded.key_id, iv = excluded.iv, tag = excluded.tag,
           sealed = excluded.sealed, put_at = excluded.put_at`,
        fullName,
        keyId,
        iv,
        cipher.getAuthTag(),
        sealed,
        new Date().toISOString(),
      );
    },

    async get(tenant, name) {
      const fullName = secretName(tenant, name);
      const row = file.get('select key_id, iv, tag, sealed from secrets where name = ?', fullName);
      if (row === undefined) return undefined;
      if (row['key_id'] !== keyId)
        throw new Failure(
          'SETTING_INVALID',
          `The secret ${name} in ${files.dataFile} was sealed with another key than the one in ${files.keyFile}. Put that key back, or store the secret again.`,
          { where: files.keyFile },
        );
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes(row['iv']), { authTagLength: 16 })
          .setAAD(Buffer.from(fullName))
          .setAuthTag(bytes(row['tag']));
        return Buffer.concat([decipher.update(bytes(row['sealed'])), decipher.final()]).toString('utf8');
      } catch (thrown) {
        throw new Failure(
          'STORAGE_FAILED',
          `The secret ${name} in ${files.dataFile} was changed since it was sealed, so it is not given out. Store it again.`,
          { where: files.dataFile, cause: thrown },
        );
      }
    },

    async delete(tenant, name) {
      file.run('delete from secrets where name = ?', secretName(tenant, name));
    },

    list: async () =>
      file.all('select name, put_at from secrets order by name').map((row) => {
        const [tenant = '', ...name] = String(row['name']).split('/');
        return { tenant, name: name.join('/'), put_at: String(row['put_at']) };
      }),

    close: () => file.close(),
  };
};

const bytes = (value: unknown): Uint8Array => (value instanceof Uint8Array ? value : new Uint8Array());
