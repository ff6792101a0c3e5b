import { readdirSync, writeSync } from 'node:fs';

/**
 * Loaded into a supervisor before its own code: on SIGUSR2 it collects garbage and writes one line to descriptor 3, so that
 * what is measured is what the supervisor holds and not what V8 has yet to free.
 */
process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const descriptors = readdirSync('/proc/self/fd').length;
  writeSync(3, `${JSON.stringify({ held_bytes: heapUsed + external, resident_bytes: rss, descriptors })}\n`);
});
