import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** What Node opens for itself is closed when a program is started, as this bit says; what came with the start is not. */
const closedOnExec = 0o2_000_000;

const isInherited = (descriptor: number): boolean => {
  try {
    const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0;
  } catch {
    // It was the one by which the folder was read.
    return false;
  }
};

/**
 * Closes what whoever started this process had left open, beyond the first so many descriptors: a file that only root may
 * open would be read through it. Elsewhere than on Linux, Node's own way of starting programs leaves nothing open.
 */
export const closeInherited = (kept: number): void => {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    if (descriptor >= kept && isInherited(descriptor)) closeSync(descriptor);
  }
};
