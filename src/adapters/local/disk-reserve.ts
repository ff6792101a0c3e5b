import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Room for a few hundred documents in SQLite's log; a write there takes a page of 4 KiB for each it touches. */
const reserveBytes = 256 * 1024;

/** Space that is set aside for what has to be written even where the disk is full. */
export type DiskReserve = {
  /** Does a work; where it fails because the disk is full, gives the space free and does it once more. */
  spend<T>(work: () => T, isDiskFull: (thrown: unknown) => boolean): T;
};

/** The reserve of the stores of a home. */
export const reserveFile = (storeFile: string): string => `${storeFile}-reserve`;

/** Gives up a reserve for good, where a service could not even start without that room; says whether there was one. */
export const giveUpReserve = (path: string): boolean => {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  rmSync(path, { force: true });
  return size > 0;
};

/** Half of what the disk has left, at most a whole reserve: the other half is for whatever else has to be written. */
const sizeFor = (path: string): number => {
  const { bavail, bsize } = statfsSync(dirname(path));
  return Math.min(reserveBytes, Math.floor((bavail * bsize) / 2));
};

/** Sets space aside in a file of that path; what was spent is taken back as far as there is room. */
export const diskReserve = (path: string): DiskReserve => {
  const fill = (): void => {
    try {
      if (statSync(path, { throwIfNoEntry: false })?.size === reserveBytes) return;
      writeFileSync(path, Buffer.alloc(sizeFor(path)), { mode: 0o600 });
    } catch {
      // It is asked for again when the next service starts.
    }
  };
  fill();
  return {
    spend: (work, isDiskFull) => {
      try {
        return work();
      } catch (thrown) {
        if (!isDiskFull(thrown)) throw thrown;
        rmSync(path, { force: true });
        try {
          return work();
        } finally {
          fill();
        }
      }
    },
  };
};
