import { describe, expect, it } from 'vitest';
import { readExamples, stepsOf } from './read-examples.ts';
import { createComparison } from './same-output.ts';

const a = '01KAJ4T3N8Y6Q2W7R5V9X0Z1AB';
const b = '01KAJ4V8M2D5F7H9K1P3R5T7V9';
const same = (...pairs: readonly (readonly [said: string, printed: string])[]): readonly boolean[] => {
  const comparison = createComparison();
  return pairs.map(([said, printed]) => comparison.compare(said, printed)).map(({ said, printed }) => said === printed);
};

describe('what a page says is what was printed', () => {
  it.each([
    [
      'but for times, links and widths',
      'Run  9.0 s  2026-01-31 12:00:00',
      'Run    1 min 3 s  2027-02-01 01:02:03',
      true,
    ],
    ['not with another word', 'Run succeeded', 'Run failed', false],
    ['not with another number', '12 rows', '13 rows', false],
    ['not with more lines', 'one', 'one\ntwo', false],
    ['with anything for an ellipsis in a line', 'from … to', 'from here to', true],
    ['with no second line for it', 'from … to', 'from\nhere to', false],
    ['with any lines for one that stands alone', 'first\n…\nlast', 'first\n2\n3\nlast', true],
    ['with signs that mean something in patterns', '(a) [b] $1.00?', '(a) [b] $1.00?', true],
  ])('%s', (_, said, printed, expected) => {
    expect(same([said, printed])).toEqual([expected]);
  });

  it('has the same id wherever the page has the same', () => {
    expect(same([a, b], [a, b])).toEqual([true, true]);
    expect(same([a, b], [a, a])).toEqual([true, false]);
    expect(same([a, a], [b, a])).toEqual([true, false]);
  });
});

it('a command of a page is run with the id that was printed', () => {
  const comparison = createComparison();
  comparison.compare(`Run ${a}`, `Run ${b}`);
  expect(comparison.withRealIds(`./surveyor run ${a}`)).toBe(`./surveyor run ${b}`);
  expect(comparison.withRealIds(`./surveyor run ${b}`)).toBe(`./surveyor run ${b}`);
});

it('examples are read from fenced blocks', () => {
  const page =
    '# A\n\n```console\n$ one \\\n  two\nout\n$ three\n```\n\n```sh\n# not run by the tests: needs Docker\nx\n```\n';
  const [first, second] = readExamples(page);
  expect(first).toMatchObject({ language: 'console', line: 3, notRun: undefined });
  expect(stepsOf(first!)).toEqual([
    { command: 'one \\\n  two', output: 'out\n' },
    { command: 'three', output: '' },
  ]);
  expect(second).toMatchObject({ language: 'sh', line: 10, notRun: 'needs Docker' });
});
