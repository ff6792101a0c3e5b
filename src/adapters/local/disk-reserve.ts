import { rmSync, statSync, writeFileSync } from 'node:fs';

/** Room for a few hundred documents in SQLite's log; a write there takes a page of 4 KiB for each it touches. */
const reserveBytes = 256 * 1024;

/** Space that is set aside for what has to be written even where the disk is full. */
export type DiskReserve = {
  /** Does a work; where it fails because the disk is full, gives the space free and does it once more. */
  spend<T>(work: () => T, isDiskFull: (thrown: unknown) => boolean): T;
};

/** Sets space aside in a file of that path, or as much of it as there is. */
export const diskReserve = (path: string): DiskReserve => {
  const fill = (): void => {
    try {
      if (statSync(path, { throwIfNoEntry: false })?.size === reserveBytes) return;
      writeFileSync(path, Buffer.alloc(reserveBytes), { mode: 0o600 });
    } catch {
      // As much as there is: it is asked for again when the next service starts.
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
