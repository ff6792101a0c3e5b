import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { filePromptObjects } from '../../../src/adapters/local/file-prompt-objects.ts';
import { describePromptsContract } from '../../contracts/prompts-contract.ts';

const dir = mkdtempSync(join(tmpdir(), 'surveyor-prompt-objects-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describePromptsContract('files', async () => ({
  store: filePromptObjects(dir),
  spoil: async (key, text) => {
    const path = join(dir, key);
    mkdirSync(dirname(path), { recursive: true });
    if (text === undefined) rmSync(path, { force: true });
    else writeFileSync(path, text);
  },
}));

it('files of prompts are their owner’s alone', async () => {
  await filePromptObjects(dir).choose({ agent: 'a', hash: '0'.repeat(64), chosen_at: '2026-11-21T09:30:00.000Z' });
  expect(statSync(join(dir, '.prompts/chosen/a.json')).mode & 0o077).toBe(0);
});
