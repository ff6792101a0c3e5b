import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../bin/local/settings.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';
import { synthesize } from './template.ts';

const run = promisify(execFile);

describe('the synthesized template', () => {
  const output = mkdtempSync(join(tmpdir(), 'surveyor-cfn-lint-'));
  let python: string;
  beforeAll(async () => {
    await synthesize(output);
    python = await ensurePythonEnvironment({
      cacheDir: loadSettings().cacheDir,
      requirementsFile: resolve(import.meta.dirname, '../lint/tools.txt'),
      purpose: { owner: 'cfn-lint', cost: 'a few seconds, 250 MB' },
      modules: ['cfnlint'],
      onProgress: (message) => console.error(message),
    });
  }, 600_000);
  afterAll(() => rmSync(output, { recursive: true, force: true }));

  it('has nothing that cfn-lint objects to', async () => {
    const template = join(output, 'cdk.out/surveyor.template.json');
    const lint = ['-m', 'cfnlint', '--regions', 'eu-central-1', '--format', 'parseable'];
    const { stdout } = await run(python, [...lint, template], { timeout: 240_000 }).catch(
      (failed: { readonly stdout: string }) => failed,
    );
    expect(stdout).toBe('');
  });
});
