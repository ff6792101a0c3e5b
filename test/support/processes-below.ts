import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** One process. */
export type ProcessBelow = { readonly pid: number; readonly command: string };

const read = (path: string, how: (path: string) => string): string => {
  try {
    return how(path);
  } catch {
    // It has ended, or it is another user's.
    return '';
  }
};

/**
 * The processes that work in a folder: supervisors, databases, kernels, and what those started. One in a jail has another
 * working folder, but the one that it is to use in its command line. Linux alone.
 */
export const processesBelow = (folder: string): readonly ProcessBelow[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      place: read(`/proc/${pid}/cwd`, readlinkSync),
      command: read(`/proc/${pid}/cmdline`, (path) => readFileSync(path, 'utf8')).replaceAll('\0', ' '),
    }))
    .filter(({ place, command }) => place.startsWith(folder) || command.includes(folder))
    .map(({ pid, command }) => ({ pid, command }));
