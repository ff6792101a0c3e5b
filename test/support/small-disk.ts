import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own for a test, so small that it can be filled. */
export type SmallDisk = {
  readonly folder: string;
  /** Takes all room that is left, to the last byte. */
  readonly fill: () => void;
  /** Gives that room back. */
  readonly free: () => void;
  readonly remove: () => void;
};

/** Mounts a disk in memory; undefined where that is not allowed: it takes root on Linux. */
export const mountSmallDisk = (megabytes: number): SmallDisk | undefined => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill: () => {
      for (const size of [65_536, 4_096, 1]) {
        // Bounded by the disk; the count is there for a disk that is not the one that was mounted.
        for (let written = 0; written < megabytes * 1024 * 1024; written += size) {
          try {
            appendFileSync(ballast, Buffer.alloc(size, 1));
          } catch {
            break;
          }
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
    remove: () => {
      // Lazily: a test that failed may have left a file open.
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
};
