import { expect, it } from 'vitest';
import { figureLine, readFigureLines } from './measurement.ts';

it('reads back the figures that a bench prints, whatever numbers their names hold', () => {
  const figures = [
    ['survey of 150 tables × 20 × 2,000 ÷ 15 tables', 11.2, '×'],
    ['engine: the same call, awaited bare', 0.0000549, 'ms'],
    ['descriptors more', -2, ''],
    [`a name of 90 letters ${'and more '.repeat(8)}`.trim(), 1_890, 'MiB'],
  ] as const;
  const output = [
    '2 processors',
    '',
    'survey',
    ...figures.map(([name, value, unit]) => `${figureLine(name, value, unit)} goal ≤ 12`),
  ];
  expect([...readFigureLines(output.join('\n'))]).toEqual(
    figures.map(([name, value, unit]) => [name, { value, unit }]),
  );
});
