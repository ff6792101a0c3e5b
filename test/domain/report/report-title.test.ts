import { expect, it } from 'vitest';
import type { RunSource } from '../../../src/contracts/run.ts';
import { reportTitle } from '../../../src/domain/report/report-title.ts';

const source = (name: string): RunSource => ({
  name,
  kind: 'inline',
  label: `postgresql://db.example:5432/${name}_db`,
  engine: 'postgres',
});

it.each([
  [['shop'], 'shop_db: cataloging'],
  [['shop', 'down'], 'shop and down: cataloging'],
  [['shop', 'down', 'maria', 'files'], 'shop, down, maria and files: cataloging'],
  [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more: cataloging'],
])('a report of %j is called %s', (names, title) => {
  expect(reportTitle(names.map(source), 'cataloging')).toBe(title);
});
