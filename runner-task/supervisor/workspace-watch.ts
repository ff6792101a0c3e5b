import { execFile } from 'node:child_process';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { inMebibytes } from './memory-watch.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** What a workspace may hold. Where there is no mount with a size of its own, looking from outside is what bounds it. */
export const workspaceLimits = { bytes: 512 * 1024 * 1024, entries: 10_000, depth: 32 } as const;

/** The limit that a workspace exceeds. */
export const WorkspaceExcess = z.enum(['bytes', 'entries', 'depth']);
export type WorkspaceExcess = z.infer<typeof WorkspaceExcess>;

/** Why a workspace was emptied, as the model reads it. */
export const excessInWords = (excess: WorkspaceExcess): string => {
  const { bytes, entries, depth } = workspaceLimits;
  switch (excess) {
    case 'bytes':
      return `more than ${inMebibytes(bytes)} in files`;
    case 'entries':
      return `more than ${entries} files and folders`;
    case 'depth':
      return `folders ${depth + 1} deep, the limit is ${depth}`;
  }
};

const everyMilliseconds = 100;

/**
 * What a workspace holds too much of, in words; undefined where it does not or is gone.
 *
 * Synchronous, because one that looks at 10,000 files takes 60 ms so, and seconds while a hostile kernel makes more.
 */
export const workspaceExcess = (workspace: string): string | undefined => {
  let bytes = 0;
  let entries = 0;
  const look = (folder: string, depth: number): WorkspaceExcess | undefined => {
    if (depth > workspaceLimits.depth) return 'depth';
    const names = namesIn(folder);
    entries += names.length;
    if (entries > workspaceLimits.entries) return 'entries';
    for (const name of names) {
      const path = join(folder, name);
      const entry = entryAt(path);
      if (!entry) continue;
      bytes += entry.blocks * 512;
      if (bytes > workspaceLimits.bytes) return 'bytes';
      const excess = entry.isDirectory() ? look(path, depth + 1) : undefined;
      if (excess !== undefined) return excess;
    }
    return undefined;
  };
  const excess = look(workspace, 1);
  return excess && excessInWords(excess);
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

/** Calls `exceeded` once when the workspace holds too much. Answers with the function that ends the watch. */
export const watchWorkspace = (workspace: string, exceeded: (why: string) => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const look = (): void => {
    const started = performance.now();
    const why = workspaceExcess(workspace);
    if (why !== undefined) return exceeded(why);
    // Many files take long to look at: a fifth of the time at most.
    timer = setTimeout(look, wholeMilliseconds(Math.max(everyMilliseconds, 4 * (performance.now() - started))));
  };
  timer = setTimeout(look, wholeMilliseconds(everyMilliseconds));
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
