import { connect } from 'node:net';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killOrphanProcesses } from './orphan-processes.ts';

/**
 * Where a sandbox keeps things: workspaces in the data folder, its socket in the system's temporary folder, because the
 * path of a Unix socket must be shorter than 104 bytes and a data folder can lie deep.
 */
export type SandboxFolders = { readonly id: string; readonly work: string; readonly socket: string };

const idPattern = /^[0-9a-f]{16}$/;
/** A supervisor listens long before; a younger one may be starting. */
const startMilliseconds = 60_000;

const socketFolder = (id: string): string => join(tmpdir(), `surveyor-${id}`);
const foldersOf = (root: string, id: string): SandboxFolders => ({
  id,
  work: join(root, id),
  socket: join(socketFolder(id), 's'),
});

/** Makes the folders of a new sandbox, readable by this user alone, and notes which process they belong to. */
export const makeSandboxFolders = async (root: string, id: string): Promise<SandboxFolders> => {
  await mkdir(join(root, id), { recursive: true, mode: 0o700 });
  // Not recursive: a folder of that name that is there already is somebody else's trap.
  await mkdir(socketFolder(id), { mode: 0o700 });
  await writeFile(join(root, id, 'owner'), String(process.pid));
  return foldersOf(root, id);
};

/** Removes a sandbox's folders; what is gone already is no error. */
export const removeSandboxFolders = async ({ work, id }: SandboxFolders): Promise<void> => {
  const options = { recursive: true, force: true, maxRetries: 5 } as const;
  await Promise.all([rm(work, options), rm(socketFolder(id), options)]);
};

const answers = async (socket: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const connection = connect(socket, () => resolve(true)).on('error', () => resolve(false));
  return promise.finally(() => connection.destroy());
};

const lives = async ({ work, socket }: SandboxFolders): Promise<boolean> => {
  const owner = Number(await readFile(join(work, 'owner'), 'utf8').catch(() => 0));
  try {
    if (owner > 0) process.kill(owner, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may be another process's by now, so the socket has the last word.
  if (await answers(socket)) return true;
  const made = await stat(work).catch(() => undefined);
  return made !== undefined && Date.now() - made.ctimeMs < startMilliseconds;
};

/** Removes what services that were killed have left behind; sandboxes of a service that lives stay. */
export const removeLeftovers = async (root: string): Promise<void> => {
  const names = await readdir(root).catch(() => []);
  for (const id of names.filter((name) => idPattern.test(name))) {
    const folders = foldersOf(root, id);
    if (await lives(folders)) continue;
    await killOrphanProcesses(folders.work);
    await removeSandboxFolders(folders);
  }
};
