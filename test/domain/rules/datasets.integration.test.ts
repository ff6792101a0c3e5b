import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset } from '../../../src/domain/datasets/registry.ts';
import { rules } from '../../../src/domain/rules/registry.ts';
import { allExpectedOf, inOrder } from '../../expected-findings.ts';
import { flawedDatasets } from '../../planted-flaws.ts';
import { type CheckedDatabase, databaseOfDataset, sqliteOfDataset } from '../../support/flawed-database.ts';

/** Findings whose rows are those that are missing: their check returns what follows the gap. */
const countsOtherRows = ['gap-in-time'];

const places = { DuckDB: databaseOfDataset, SQLite: sqliteOfDataset };
const surveyed = Object.entries(places).flatMap(([place, load]) =>
  flawedDatasets.map((name) => ({ name, place, load })),
);

describe.each(surveyed)('the rules on the dataset $name in $place', ({ name, load }) => {
  let database: CheckedDatabase;
  beforeAll(async () => {
    database = await load(findDataset(name));
  }, 120_000);
  afterAll(() => database?.close());

  it('find every planted flaw and what follows from it, with its rows, and nothing else', () => {
    const found = inOrder(database.run.findings.map(({ key, rows }) => ({ key, rows })));
    expect(found).toEqual(allExpectedOf(name));
  });

  it('ask nothing that fails, and look at all', () => {
    expect(database.run.failed).toEqual([]);
    expect(database.run.not_looked_at).toEqual([]);
  });

  it('give each finding a key of its own, a grade of its rule, evidence, and at most five examples', () => {
    const { findings } = database.run;
    expect(new Set(findings.map(({ key }) => key)).size).toBe(findings.length);
    for (const finding of findings) {
      const rule = rules.find(({ id }) => id === finding.rule);
      expect([finding.key, Object.keys(rule?.severity ?? {})]).toEqual([
        finding.key,
        expect.arrayContaining([finding.severity]),
      ]);
      expect(finding.evidence.length).toBeGreaterThan(0);
      expect(finding.examples.length).toBeLessThanOrEqual(5);
      expect(finding.basis).toBe(finding.rule === 'gap-in-time' ? 'approximate' : 'exact');
    }
  });

  it('give each finding but personal columns a check that returns its rows', async () => {
    for (const { rule, key, rows, check } of database.run.findings) {
      expect([key, check === undefined]).toEqual([key, rule === 'personal-data']);
      if (check === undefined) continue;
      const returned = await database.count(check.text);
      expect([key, returned]).toEqual([key, countsOtherRows.includes(rule) ? 1 : rows]);
    }
  });

  it('show nobody’s name, address or number', () => {
    const shown = JSON.stringify(database.run.findings.map(({ examples, title, detail }) => [examples, title, detail]));
    expect(shown).not.toMatch(/@|\+\d{2} \d|\d{4} \d{4} \d{4}/);
  });
});
