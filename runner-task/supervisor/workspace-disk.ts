import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkspaceLimits } from './kernel-limits.ts';

const run = promisify(execFile);

/** A disk of its own for a workspace, in memory: the system keeps its limits of space and entries. */
export type WorkspaceDisk = {
  /** Answers whether the machine lets it. */
  mount(limits: WorkspaceLimits): Promise<boolean>;
  unmount(): Promise<void>;
};

/** That of a folder, which is not there before it is mounted. */
export const workspaceDisk = (
  { python, kernel }: { readonly python: string; readonly kernel: string },
  folder: string,
): WorkspaceDisk => {
  const program = join(kernel, '..', 'warden', 'workspace_disk.py');
  const tell = (...words: readonly string[]) =>
    run(python, ['-I', '-S', '-B', program, ...words], { cwd: '/', env: {} });
  return {
    mount: ({ bytes, entries }) =>
      tell('mount', folder, String(bytes), String(entries)).then(
        () => true,
        () => false,
      ),
    async unmount() {
      await tell('unmount', folder);
    },
  };
};
