import { expect, it } from 'vitest';
import type { ReadReport } from '../../../src/domain/analyst/read-report.ts';
import { writeSummary } from '../../../src/domain/analyst/write-summary.ts';
import { wordsOf } from '../../support/analyst-loop.ts';

const finding = (severity: string, where: string) => ({ severity, finding: `flaw of ${where}`, where, rows: '3' });

const report = (databases: ReadReport['databases'], findings: ReadReport['findings'] = []): ReadReport => ({
  file: 'this-run.cataloging.json',
  agent: 'cataloging',
  created_at: '2026-01-31T12:00:00.000Z',
  databases,
  findings,
});

const summaryOf = (one: ReadReport): string =>
  wordsOf(
    writeSummary(
      { kind: 'summary', drift: { changes: [] }, files: [], prefix: 'shop', budget: undefined },
      [one],
      undefined,
    ),
  );

const lost = 'No table of my could be measured: relation "a" does not exist.';

it('tells of a database that was lost as of one that could not be opened', () => {
  const text = summaryOf(
    report([
      { source: 'shop', tables: 2, rows: 30, unknown: '' },
      { source: 'my', tables: 0, rows: 0, unknown: lost },
    ]),
  );
  expect(text).toContain('No table of my could be measured: relation "a" does not exist.');
  expect(text).toContain('2 tables with 30 rows in 1 database were surveyed.');
});

it('says that nothing was surveyed where the only database was lost', () => {
  const text = summaryOf(report([{ source: 'my', tables: 0, rows: 0, unknown: lost }]));
  expect(text).toContain('Nothing was surveyed.');
  expect(text).not.toContain('0 tables');
});

it('names the most severe findings first, over all databases', () => {
  const text = summaryOf(
    report(
      ['shop', 'my'].map((source) => ({ source, tables: 1, rows: 9, unknown: '' })),
      [
        ...Array.from({ length: 12 }, (_, index) => finding('medium', `shop: t${index}`)),
        finding('low', 'shop: small'),
        finding('high', 'my: orders'),
      ],
    ),
  );
  expect(text).toMatch(/Evidence high flaw of my: orders/);
  expect(text).toMatch(/What to do next my: orders/);
  expect(text).not.toContain('shop: small');
});
