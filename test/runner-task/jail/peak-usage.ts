import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const PeakUsage = z.strictObject({ space: z.number(), entries: z.number(), resident: z.number(), shared: z.number() });
export type PeakUsage = z.infer<typeof PeakUsage>;

/** Measures a disk and a process a thousand times a second, from outside and by other means than what bounds them. */
export const measurePeak = async (disk: string, pid: number): Promise<() => Promise<PeakUsage>> => {
  const program = fileURLToPath(new URL('./peak-usage.py', import.meta.url));
  const child = spawn('/usr/bin/python3', ['-I', '-S', program, disk, String(pid)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return async () => {
    child.stdin.end();
    return PeakUsage.parse(JSON.parse((await lines.next()).value as string));
  };
};
