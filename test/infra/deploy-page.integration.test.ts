import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contextKeys } from '../../lib/context-keys.ts';
import { surveyorProgram } from '../../bin/commands/program.ts';
import { idleUsage, monthlyTicks } from '../bench/aws/idle-usage.ts';
import { billOf } from '../bench/aws/price-list.ts';
import { stackOptions } from './stack-options.ts';
import { stackJson, stackTemplate } from './template.ts';

const root = resolve(import.meta.dirname, '../..');
const pageOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The words in backticks of the first column of a table below a heading of a page. */
const firstColumn = (page: string, heading: string): readonly string[] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const rows = (section.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]+) \|/gm);
  return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word));
};

describe('docs/deploy.md and its like', () => {
  let outputs: readonly string[];
  beforeAll(() => {
    const contexts = [{}, stackOptions['brought-network'], { prompts: `cataloging=${'a'.repeat(64)}` }];
    outputs = [...new Set(contexts.flatMap((context) => Object.keys(stackJson(context)['Outputs'] ?? {})))];
  });

  it('list every output of the stack, by its id', () => {
    expect(firstColumn(pageOf('docs/deploy.md'), 'What the stack says of itself').toSorted()).toEqual(
      outputs.toSorted(),
    );
  });

  it('name no output that is none', () => {
    const named = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).flatMap((file) =>
      [...pageOf(file).matchAll(/\boutputs? ((?:`\w+`(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
        [...list.matchAll(/\w+/g)].map(([word]) => word).filter((word) => word !== 'and'),
      ),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !outputs.includes(name))).toEqual([]);
  });

  it('list every key of the context', () => {
    expect(firstColumn(pageOf('docs/deploy.md'), 'The context').toSorted()).toEqual(contextKeys.toSorted());
  });

  it('count what a month is billed for, and the calls of the clock', () => {
    const template = stackTemplate({});
    const page = pageOf('docs/deploy.md');
    const alarms = template.ofType('AWS::CloudWatch::Alarm').length;
    const metrics = idleUsage(template)['alarm-metric-months'] ?? 0;
    const { dollars } = billOf({ 'alarm-metric-months': metrics });
    expect(page).toContain(`| ${metrics} metrics of ${alarms} alarms | $${dollars.toFixed(2)} |`);
    const calls = [...monthlyTicks(template).values()].map((times) => `(${Math.round(times).toLocaleString('en')}`);
    expect(calls.filter((text) => !page.includes(text))).toEqual([]);
  });

  it('say of each command what it speaks to', () => {
    const [, section = ''] = pageOf('docs/deploy.md').split('\n## From the command line\n');
    const names = surveyorProgram().commands.map((command) => command.name());
    expect(names.filter((name) => !section.split('\n## ')[0]?.includes(`\`${name}\``))).toEqual([]);
  });
});
