import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const folder = 'docs/decisions';
const records = readdirSync(folder).filter((file) => file !== 'README.md');
const titleOf = (text: string): string => /^# \d+\. (.+)$/m.exec(text)?.[1] ?? '';
const field = (text: string, name: string): string => new RegExp(`^\\* ${name}: (.+)$`, 'm').exec(text)?.[1] ?? '';

it.each(records)('%s says what was decided, when and why, and what else was thought of', (file) => {
  const number = Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]);
  const text = readFileSync(`${folder}/${file}`, 'utf8');
  expect(text.startsWith(`# ${number}. ${titleOf(text)}\n\n* Status: `)).toBe(true);
  expect(field(text, 'Status')).toMatch(/^(accepted|superseded by \[\d+\]\(\d{4}-[a-z0-9-]+\.md\))$/);
  expect(field(text, 'Date')).toMatch(/^\d{4}-\d\d-\d\d$/);
  const [, ...sections] = text.split(/^## /m);
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'Context',
    'Decision',
    'Alternatives',
    'Consequences',
  ]);
  for (const section of sections) expect(section.split('\n').slice(1).join('').trim()).not.toBe('');
});

it('the index lists every record, in order, as it stands', () => {
  const rows = readFileSync(`${folder}/README.md`, 'utf8').match(/^\| \d.*$/gm);
  const expected = records.map((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    return `| ${Number(file.slice(0, 4))} | [${titleOf(text)}](${file}) | ${field(text, 'Status')} | ${field(text, 'Date')} |`;
  });
  expect(rows).toEqual(expected);
});
