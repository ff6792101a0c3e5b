import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectRoot } from '../../bin/local/settings.ts';
import { Prompt } from '../../src/contracts/agent.ts';
import { AgentContext } from '../../src/domain/agent/agent-context.ts';
import { templateNames } from '../../src/domain/agent/render-template.ts';
import { readGolden } from '../support/read-golden.ts';

const folder = join(projectRoot, 'prompts');
const prompts = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .toSorted()
  .map((file) => Prompt.parse(parse(readFileSync(join(folder, file), 'utf8'))));

/** The table of what can be asked for, and which prompt asks for it. */
const contextTable = (): string => {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const head = ['value', 'what it is', ...prompts.map(({ id }) => id)];
  const asked = new Map(prompts.map(({ id, context }) => [id, templateNames(context)]));
  return [
    row(head),
    row(head.map(() => '---')),
    ...Object.entries(AgentContext.shape).map(([name, schema]) =>
      row([
        `\`${name}\``,
        schema.description ?? '',
        ...prompts.map(({ id }) => (asked.get(id)?.includes(name) ? '×' : '')),
      ]),
    ),
  ].join('\n');
};

describe('docs/prompts.md', () => {
  it('has the table of what the context of a prompt can ask for, as the schema has it', () => {
    const file = join(projectRoot, 'docs', 'prompts.md');
    const [head = '', , rest = ''] = readFileSync(file, 'utf8').split(/(\n\| value \|[^]*?\n)(?=\n)/);
    expect(rest).not.toBe('');
    const drawn = `${head}\n${contextTable()}\n${rest}`;
    expect(readGolden(file, drawn)).toBe(drawn);
  });

  it('tells of every field of a prompt file', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'prompts.md'), 'utf8');
    for (const field of Object.keys(Prompt.shape)) expect(page).toContain(`\`${field}\``);
  });

  it('no prompt asks for what there is not', () => {
    for (const { context } of prompts) {
      for (const name of templateNames(context)) expect(Object.keys(AgentContext.shape)).toContain(name);
    }
  });
});
