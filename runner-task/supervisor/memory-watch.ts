import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

const everyMilliseconds = 50;
const pageBytes = 4096;

/** The memory of a process that is in RAM, in bytes; undefined where it cannot be told (it may have ended). */
const residentBytes = async (pid: number): Promise<number | undefined> => {
  try {
    if (process.platform === 'linux') {
      return Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1]) * pageBytes;
    }
    const { stdout } = await promisify(execFile)('/bin/ps', ['-o', 'rss=', '-p', String(pid)]);
    return Number(stdout) * 1024;
  } catch {
    return undefined;
  }
};

/**
 * Watches a process from outside while it works, because no limit from inside holds for every allocation. Calls
 * `exceeded` once when the process has passed the limit. Answers with the function that ends the watch.
 */
export const watchMemory = (pid: number, limitBytes: number, exceeded: () => void): (() => void) => {
  let ended = false;
  const look = async (): Promise<void> => {
    const bytes = await residentBytes(pid);
    if (ended) return;
    if (bytes !== undefined && bytes > limitBytes) {
      ended = true;
      exceeded();
      return;
    }
    timer = setTimeout(() => void look(), wholeMilliseconds(everyMilliseconds));
  };
  let timer = setTimeout(() => void look(), wholeMilliseconds(everyMilliseconds));
  return () => {
    ended = true;
    clearTimeout(timer);
  };
};

/** Bytes as people read them. */
export const inMebibytes = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MiB`;
