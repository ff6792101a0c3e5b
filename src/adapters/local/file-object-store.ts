import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../contracts/failure.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { objectKey, objectKeyPrefix } from '../object-key.ts';

const mostListed = 1_000;
/** No write takes an hour; an older file in the folder of unfinished ones was left by a process that died, whoever has its id now. */
const leftoverAfterMilliseconds = 3_600_000;

/**
 * Objects as files, `{dir}/{tenant}/{key}`, so that a report can be opened where it lies.
 *
 * A file is written apart, synced to the disk and renamed into place: whoever reads, and whatever dies, finds the old
 * object or the new one, whole. The folder of unfinished files is `.unfinished`, which no tenant can be called.
 */
export const fileObjectStore = (dir: string): ObjectStore => {
  const unfinished = join(dir, '.unfinished');
  try {
    mkdirSync(unfinished, { recursive: true, mode: 0o700 });
    removeLeftovers(unfinished);
  } catch (thrown) {
    throw storageFailure(dir, thrown);
  }

  /** Writes an object apart and brings it into place. */
  const write = async (
    tenant: string,
    key: string,
    body: Uint8Array | string,
    place: (draft: string, path: string) => Promise<void>,
  ): Promise<void> => {
    const path = join(dir, objectKey(tenant, key));
    const draft = join(unfinished, `${process.pid}-${randomUUID()}`);
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeSynced(draft, body);
      await place(draft, path);
    } catch (thrown) {
      await rm(draft, { force: true });
      if (clashes(thrown))
        throw new Failure(
          'INVALID_REQUEST',
          `${JSON.stringify(key)} cannot be stored: one of the two, it or the beginning of it, is a folder of other objects. Choose another key.`,
          { where: 'key', cause: thrown },
        );
      throw storageFailure(path, thrown);
    }
  };

  return {
    put: async (tenant, key, body) => write(tenant, key, body, rename),

    async putNew(tenant, key, body) {
      let isNew = true;
      await write(tenant, key, body, async (draft, path) => {
        // A link, unlike a rename, is refused where there is a file.
        isNew = await link(draft, path).then(
          () => true,
          (thrown: unknown) => (isFile(path) ? false : Promise.reject(thrown)),
        );
        await rm(draft, { force: true });
      });
      return isNew;
    },

    async get(tenant, key) {
      const path = join(dir, objectKey(tenant, key));
      try {
        return await readFile(path);
      } catch (thrown) {
        if (isMissing(thrown) || clashes(thrown)) return undefined;
        throw storageFailure(path, thrown);
      }
    },

    // Its readers are on this machine, and what answers them has no limit of size.
    link: async () => undefined,

    async list(tenant, prefix) {
      const start = objectKeyPrefix(tenant, prefix);
      const folder = start.slice(0, start.lastIndexOf('/') + 1);
      const keys: string[] = [];
      try {
        for await (const key of keysBelow(dir, folder, start)) {
          keys.push(key.slice(tenant.length + 1));
          if (keys.length === mostListed) break;
        }
        return keys;
      } catch (thrown) {
        throw storageFailure(join(dir, folder), thrown);
      }
    },
  };
};

const writeSynced = async (path: string, body: Uint8Array | string): Promise<void> => {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** Keys in byte order without reading more folders than needed: a folder sorts as its name and the slash after it. */
async function* keysBelow(dir: string, folder: string, start: string): AsyncGenerator<string> {
  const entries = await readdir(join(dir, folder), { withFileTypes: true }).catch((thrown: unknown) => {
    if (isMissing(thrown) || clashes(thrown)) return [];
    throw thrown;
  });
  const names = entries
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
    .filter((name) => name.startsWith(start) || start.startsWith(name))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    if (name.endsWith('/')) yield* keysBelow(dir, name, start);
    else if (name.startsWith(start)) yield name;
  }
}

const removeLeftovers = (unfinished: string): void => {
  for (const name of readdirSync(unfinished)) {
    const path = join(unfinished, name);
    // Another process may finish or remove one while this looks.
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (written === undefined) continue;
    if (!isWriting(name) || Date.now() - written > leftoverAfterMilliseconds) rmSync(path, { force: true });
  }
};

/** Whether the process that an unfinished file is named after lives. */
const isWriting = (name: string): boolean => {
  try {
    process.kill(Number(name.split('-')[0]), 0);
    return true;
  } catch (thrown) {
    return codeOf(thrown) === 'EPERM';
  }
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';

const isMissing = (thrown: unknown): boolean => codeOf(thrown) === 'ENOENT';

/** A file where a folder is needed or the other way round: two keys that S3 could hold and a file system cannot. */
const clashes = (thrown: unknown): boolean => ['EISDIR', 'ENOTDIR', 'EEXIST'].includes(codeOf(thrown));

const storageFailure = (path: string, thrown: unknown): Failure => {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Failure('STORAGE_FAILED', `${remedy(codeOf(thrown))} It was about ${path}: ${message}.`, {
    where: path,
    cause: thrown,
  });
};

const remedy = (code: string): string => {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk or the quota is full: free some space, then try again.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Objects cannot be stored or read. Check that the folder belongs to this user and can be written.';
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open: raise the limit (ulimit -n), then try again.';
    default:
      return 'Objects cannot be stored or read. Check that the folder exists, is a folder and can be written.';
  }
};
