import { realpath } from 'node:fs/promises';
import { relative } from 'node:path';
import { Failure } from '../../src/contracts/failure.ts';
import type { DatabaseTarget } from '../../src/contracts/sandbox.ts';

/** Folders of which nothing is opened, and those beneath them of which something is all the same. */
export type ClosedFolders = { readonly closed: readonly string[]; readonly except: readonly string[] };

/** Where a path leads, links followed; what is not there leads nowhere, which opening it tells. */
const follow = (path: string): Promise<string> => realpath(path).catch(() => path);

const isBeneath = (path: string, folder: string): boolean => !/^\.\.(?:\/|$)/.test(relative(folder, path));

/** Fails with DATABASE_REFUSED where a target is a file or folder of the service itself: its store holds what is every tenant’s. */
export const checkClosedFolders = async (target: DatabaseTarget, folders: ClosedFolders): Promise<void> => {
  if (!('path' in target)) return;
  const path = await follow(target.path);
  const isIn = async (all: readonly string[]): Promise<boolean> =>
    (await Promise.all(all.map(follow))).some((folder) => isBeneath(path, folder));
  if (!(await isIn(folders.closed)) || (await isIn(folders.except))) return;
  throw new Failure(
    'DATABASE_REFUSED',
    `${target.path} lies in a folder in which Surveyor keeps its own data, and nothing there is surveyed. Put the file into another folder.`,
  );
};
