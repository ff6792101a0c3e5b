import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderPrompts } from '../support/memory-prompts.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { templateNames } from '../../src/domain/agent/render-template.ts';

const shipped = join(import.meta.dirname, '../../prompts');
let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'surveyor-prompts-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const failure = async (asked: Promise<unknown>): Promise<Failure> => {
  const thrown = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Failure)) throw new Error(`no failure but ${String(thrown)}`);
  return thrown;
};
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('The shipped prompts', () => {
  it.each([
    ['cataloging', ['databases', 'profile', 'findings', 'budget']],
    [
      'summary',
      ['s3_prefix', 'current_timestamp', 'databases', 'findings', 'finding_changes', 'drift', 'report_files', 'budget'],
    ],
  ] as const)('%s is valid and asks for its context', async (agent, names) => {
    const { prompt, hash } = await folderPrompts({ dir: shipped, env: {} }).inForce(agent);
    expect(prompt).toMatchObject({ id: agent, model: 'claude-sonnet-5-5' });
    expect(templateNames(prompt.context)).toEqual(names);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('The shipped prompts declare what their agents do, so that nothing is guessed from their words', async () => {
  const jobs = await Promise.all(
    ['cataloging', 'summary'].map(async (agent) => {
      const { analyst, shows_profile, reads_reports } = (await folderPrompts({ dir: shipped, env: {} }).inForce(agent))
        .prompt;
      return [analyst, shows_profile, reads_reports];
    }),
  );
  expect(jobs).toEqual([
    ['catalog', true, false],
    ['summary', false, true],
  ]);
});

describe('Prompt files', () => {
  const text = readFileSync(join(shipped, 'cataloging.yaml'), 'utf8');

  it('are read anew each time', async () => {
    const prompts = folderPrompts({ dir, env: {} });
    writeFileSync(join(dir, 'cataloging.yaml'), text);
    const before = await prompts.inForce('cataloging');
    writeFileSync(join(dir, 'cataloging.yaml'), text.replace('version: 3', 'version: 4'));
    const after = await prompts.inForce('cataloging');
    expect([before.prompt.version, after.prompt.version]).toEqual([3, 4]);
    expect(after.hash).not.toBe(before.hash);
  });

  it('are replaced one by one through the environment, hyphens as underscores; an empty variable replaces nothing', async () => {
    const other = text.replace('id: cataloging', 'id: deep-dive');
    const env = { SURVEYOR_PROMPT_DEEP_DIVE: base64(other), SURVEYOR_PROMPT_CATALOGING: '' };
    expect((await folderPrompts({ dir: shipped, env }).inForce('deep-dive')).prompt.id).toBe('deep-dive');
    expect((await folderPrompts({ dir: shipped, env }).inForce('cataloging')).prompt.id).toBe('cataloging');
  });

  it('that are missing name those that are there', async () => {
    expect(await failure(folderPrompts({ dir: shipped, env: {} }).inForce('nobody'))).toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringContaining('cataloging, summary'),
    });
    expect(await failure(folderPrompts({ dir: shipped, env: {} }).inForce('../package'))).toMatchObject({
      kind: 'NOT_FOUND',
    });
    expect(await failure(folderPrompts({ dir: join(dir, 'nowhere'), env: {} }).inForce('cataloging'))).toMatchObject({
      message: expect.stringContaining('none'),
    });
  });

  it.each([
    [
      'names the file and the field that is wrong',
      text.replace('max_output_tokens: 16000', 'max_output_tokens: many'),
      /cataloging\.yaml.*max_output_tokens/,
    ],
    ['names a field that does not exist', `${text}\ntemperature: 0.5\n`, /temperature/],
    ['names every missing field', 'id: cataloging', /version.*model.*these fields/s],
    ['says that it is not YAML', 'id: [', /not YAML/],
    [
      'says that it stands for another agent',
      text.replace('id: cataloging', 'id: other'),
      /"other".*Write "id: cataloging"/,
    ],
  ])('%s', async (_, broken, message) => {
    writeFileSync(join(dir, 'cataloging.yaml'), broken);
    expect(await failure(folderPrompts({ dir, env: {} }).inForce('cataloging'))).toMatchObject({
      kind: 'SETTING_INVALID',
      message: expect.stringMatching(message),
    });
  });

  it.each([['not base64!'], ['////']])('refuses an override that is no text in base64: %s', async (value) => {
    const refused = await failure(
      folderPrompts({ dir: shipped, env: { SURVEYOR_PROMPT_CATALOGING: value } }).inForce('cataloging'),
    );
    expect(refused).toMatchObject({
      kind: 'SETTING_INVALID',
      where: 'SURVEYOR_PROMPT_CATALOGING',
      message: expect.stringContaining('base64 -w0'),
    });
  });
});
