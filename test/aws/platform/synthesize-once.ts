import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from './synthesize.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that the stack was synthesized into. */
    readonly synthesisFolder: string;
  }
}

/** Synthesizes the stack once for all files of `npm run aws`; each deploys it for itself. */
export const setup = async (project: TestProject): Promise<() => void> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-aws-'));
  await synthesize(folder, { protectData: 'false' });
  // To the project that comes afterwards too.
  project.vitest.provide('synthesisFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
};
