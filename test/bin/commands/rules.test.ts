import { afterEach, expect, it, vi } from 'vitest';
import { surveyorProgram } from '../../../bin/commands/program.ts';
import { rules } from '../../../src/domain/rules/registry.ts';

afterEach(() => vi.restoreAllMocks());

const printed = async (...words: readonly string[]): Promise<string> => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await surveyorProgram().parseAsync(['rules', ...words], { from: 'user' });
  return write.mock.calls.map(([text]) => String(text)).join('');
};

it('lists every rule with its severities and what it finds', async () => {
  const lines = (await printed()).trimEnd().split('\n');
  expect(lines).toHaveLength(rules.length);
  expect(lines.find((line) => line.startsWith('orphan '))).toMatch(/^orphan +high +A row points at a row/);
});

it('tells all of a rule, as text and as JSON', async () => {
  expect(await printed('gap-in-time')).toMatch(/high: always[^]*maxRows: 5,000,000 rows\. Beyond/);
  vi.restoreAllMocks();
  const { rules: told } = JSON.parse(await printed('gap-in-time', '--json')) as { rules: readonly unknown[] };
  expect(told).toMatchObject([{ id: 'gap-in-time', thresholds: { maxGaps: { value: 3 } }, looks_at_views: false }]);
});

it('says what was meant by a rule that there is not', async () => {
  await expect(printed('orphn')).rejects.toThrow('There is no rule "orphn". Did you mean orphan?');
});
