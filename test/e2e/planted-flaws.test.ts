import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { type FlawedDataset, flawedDatasets, flawsOf, foundIn, reportText } from '../planted-flaws.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

/** Flaws that the deterministic analyst is known to miss, as `dataset/id`. One that it finds after all fails the test. */
const knownMissed: readonly string[] = [];

/** Of the flaws that are planted, at least so many must be found: lists that shrink do not make a test pass. */
const leastFound: Readonly<Record<FlawedDataset, number>> = { ecommerce: 31, support: 19, sensors: 13 };

describe('the report on a dataset with planted flaws, written with no model', () => {
  let local: LocalService;
  const reports = new Map<FlawedDataset, Report>();

  beforeAll(async () => {
    local = await startLocalService();
    for (const dataset of flawedDatasets) {
      const { run_id } = await local.api.createCatalog({ dataset, s3_prefix: `flaws/${dataset}` });
      await local.ended(run_id);
      reports.set(dataset, await local.api.readReport({ id: run_id, agent: 'cataloging' }));
    }
  });
  afterAll(() => local?.close());

  const textOn = (dataset: FlawedDataset): string => reportText(reports.get(dataset)?.body_html ?? '');

  it.each(flawedDatasets)('finds what is wrong with %s', (dataset) => {
    expect(reports.get(dataset)?.analyst).toBe('deterministic');
    const results = flawsOf(dataset).map((flaw) => ({ flaw, isFound: foundIn(flaw, textOn(dataset)) }));
    console.log(
      [
        `${dataset}: ${results.filter(({ isFound }) => isFound).length} of ${results.length} planted flaws found`,
        ...results.map(
          ({ flaw, isFound }) =>
            `  ${isFound ? 'found ' : 'MISSED'}  ${flaw.kind.padEnd(21)}  ${flaw.id.padEnd(31)}  ${String(flaw.rows).padStart(6)}`,
        ),
      ].join('\n'),
    );
    const missed = results.filter(({ isFound }) => !isFound).map(({ flaw }) => `${dataset}/${flaw.id}`);
    expect(missed).toEqual(knownMissed.filter((id) => id.startsWith(`${dataset}/`)));
    expect(results.length - missed.length).toBeGreaterThanOrEqual(leastFound[dataset]);
  });

  it.each(flawedDatasets)('gives the exact number of rows for %s, and no other', (dataset) => {
    const counted = flawsOf(dataset).filter((flaw) => flaw.rows_unsaid !== true);
    const miscounted = counted.filter((flaw) => foundIn({ ...flaw, rows: flaw.rows + 1 }, textOn(dataset)));
    expect(miscounted.map(({ id }) => id)).toEqual([]);
  });

  it('tells of each dataset’s own flaws, not of another’s', () => {
    for (const dataset of flawedDatasets) {
      const others = flawedDatasets.filter((other) => other !== dataset).map(textOn);
      const strays = flawsOf(dataset).filter((flaw) => others.some((text) => foundIn(flaw, text)));
      expect(strays.map(({ id }) => id)).toEqual([]);
    }
  });
});
