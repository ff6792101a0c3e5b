import * as z from 'zod';
import { inMebibytes } from './memory-watch.ts';

/** What a kernel may hold in files. */
export type WorkspaceLimits = {
  readonly bytes: number;
  /** Files and folders. */
  readonly entries: number;
  /** Folders in folders. */
  readonly depth: number;
};

/** What a kernel may hold, for as long as it lives and by what it uses. */
export type KernelLimits = WorkspaceLimits & { readonly memory_bytes: number };

/** What a kernel may hold in files where nothing else is said. */
export const workspaceLimits: WorkspaceLimits = { bytes: 512 * 1024 * 1024, entries: 10_000, depth: 32 };

/** The limit that a kernel exceeds; `unreadable`: a part of its workspace cannot be looked at. */
export const KernelExcess = z.enum(['memory', 'bytes', 'entries', 'depth', 'unreadable']);
export type KernelExcess = z.infer<typeof KernelExcess>;

/** What a kernel held, as the model reads it. */
export const excessInWords = (excess: KernelExcess, limits: KernelLimits): string => {
  switch (excess) {
    case 'memory':
      return `more than ${inMebibytes(limits.memory_bytes)} of memory`;
    case 'bytes':
      return `more than ${inMebibytes(limits.bytes)} in files, open ones without a name included`;
    case 'entries':
      return `more than ${limits.entries} files and folders`;
    case 'depth':
      return `folders ${limits.depth + 1} deep, the limit is ${limits.depth}`;
    case 'unreadable':
      return 'a folder or a file that cannot be looked at, which counts as too much';
  }
};
