import { readdir, readlink } from 'node:fs/promises';

/**
 * Kills what still works in a sandbox's folder although its supervisor is gone: processes that the agent's code started
 * die with the kernel only where the supervisor had the time to end it. Found by their working folder, which only Linux
 * tells cheaply; elsewhere nothing is done.
 */
export const killOrphanProcesses = async (folder: string): Promise<void> => {
  const names = await readdir('/proc').catch(() => []);
  for (const pid of names.filter((name) => /^\d+$/.test(name))) {
    // One that has ended meanwhile, or is another user's, cannot be read.
    const place = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if (place !== folder && !place.startsWith(`${folder}/`)) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It was faster.
    }
  }
};
