import { execFile } from 'node:child_process';
import { lchownSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inMebibytes } from './memory-watch.ts';

/** What a workspace may hold. Where there is no mount with a size of its own, looking from outside is what bounds it. */
export const workspaceLimits = { bytes: 512 * 1024 * 1024, entries: 10_000, depth: 32 } as const;

const everyMilliseconds = 100;

/**
 * Why a workspace holds too much, undefined where it does not or is gone. Gives what the supervisor put there to the
 * workspace's owner: a kernel of another user could not read it.
 *
 * Synchronous, because one that looks at 10,000 files takes 60 ms so, and seconds while a hostile kernel makes more.
 */
export const workspaceExcess = (workspace: string): string | undefined => {
  const owner = entryAt(workspace);
  if (!owner) return undefined;
  let bytes = 0;
  let entries = 0;
  const look = (folder: string, depth: number): string | undefined => {
    if (depth > workspaceLimits.depth) return `folders ${depth} deep, the limit is ${workspaceLimits.depth}`;
    const names = namesIn(folder);
    entries += names.length;
    if (entries > workspaceLimits.entries) return `more than ${workspaceLimits.entries} files and folders`;
    for (const name of names) {
      const path = join(folder, name);
      const entry = entryAt(path);
      if (!entry) continue;
      bytes += entry.blocks * 512;
      if (bytes > workspaceLimits.bytes) return `more than ${inMebibytes(workspaceLimits.bytes)} in files`;
      if (entry.uid !== owner.uid && process.getuid?.() === 0) give(path, owner);
      const excess = entry.isDirectory() ? look(path, depth + 1) : undefined;
      if (excess !== undefined) return excess;
    }
    return undefined;
  };
  return look(workspace, 1);
};

/** Code that runs meanwhile may have removed it or put something else in its place. */
const entryAt = (path: string): Stats | undefined => {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
};

/** One that cannot be read holds what its owner cannot read either, and is counted when it can. */
const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** Links are not followed, and a kernel cannot make hard ones. */
const give = (path: string, { uid, gid }: Stats): void => {
  try {
    lchownSync(path, uid, gid);
  } catch {
    // It is gone already.
  }
};

/** Calls `exceeded` once when the workspace holds too much. Answers with the function that ends the watch. */
export const watchWorkspace = (workspace: string, exceeded: (why: string) => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const started = performance.now();
    const why = workspaceExcess(workspace);
    if (why !== undefined) return exceeded(why);
    // Many files take long to look at: a fifth of the time at most.
    timer = setTimeout(look, Math.max(everyMilliseconds, 4 * (performance.now() - started)));
  };
  timer = setTimeout(look, everyMilliseconds);
  return () => clearTimeout(timer);
};

/**
 * Removes a folder that hostile code has filled, and all in it, following no link. Folders that their owner locked and
 * paths that are longer than the system takes are for the system's own tools.
 */
export const removeHostileFolder = async (folder: string): Promise<void> => {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    const run = promisify(execFile);
    await run('/bin/chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined);
    await run('/bin/rm', ['-rf', '--', folder]);
  }
};
