import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../../bin/local/settings.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';
import { stackOptions } from './stack-options.ts';
import { type Context, stackJson, synthesize } from './template.ts';

const run = promisify(execFile);

/** W3005: the CDK lets what has a role wait for its policies, and says the role itself along with them. */
const accepted = ['--ignore-checks', 'W3005'];

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

  /** What cfn-lint says of templates. As code: the package has no module to run, and its script names another folder. */
  const complaintsOn = async (...templates: readonly string[]): Promise<string> => {
    const code = 'from cfnlint.runner import main; main()';
    const lint = ['-c', code, ...accepted, '--regions', 'eu-central-1', '--format', 'parseable'];
    const { stdout, stderr } = await run(python, [...lint, ...templates], { timeout: 900_000 }).catch(
      (failed: { readonly stdout: string; readonly stderr: string }) => failed,
    );
    expect(stderr).toBe('');
    return stdout;
  };

  it('has nothing that cfn-lint objects to', async () => {
    expect(await complaintsOn(join(output, 'cdk.out/surveyor.template.json'))).toBe('');
  }, 420_000);

  it('has nothing that cfn-lint objects to in a network that is there, nor with all other choices made', async () => {
    const { 'brought-network': brought, ...others } = stackOptions;
    const contexts = { brought, others: Object.assign({}, ...Object.values(others)) as Context };
    const files = Object.entries(contexts).map(([name, context]) => {
      const file = join(output, `${name}.template.json`);
      writeFileSync(file, JSON.stringify(stackJson(context)));
      return file;
    });
    expect(await complaintsOn(...files)).toBe('');
  }, 960_000);

  it('would be objected to with a property that there is not', async () => {
    const wrong = join(output, 'wrong.json');
    writeFileSync(wrong, '{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"Nope":1}}}}');
    expect(await complaintsOn(wrong)).toContain('Nope');
  });
});
