import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allExpectedOf, expectedOf, inOrder } from '../expected-findings.ts';
import { type FlawedDataset, flawedDatasets } from '../planted-flaws.ts';
import { listedFindings } from '../support/listed-findings.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';

/** So many flaws are planted: lists that shrink do not make a test pass. */
const planted: Readonly<Record<FlawedDataset, number>> = { ecommerce: 31, support: 19, sensors: 13 };

describe('the survey of a dataset with planted flaws', () => {
  let local: LocalService;
  const surveys = new Map<FlawedDataset, Awaited<ReturnType<typeof listedFindings>>>();

  beforeAll(async () => {
    local = await startLocalService();
    for (const dataset of flawedDatasets) {
      const { run_id } = await local.api.createCatalog({ dataset, s3_prefix: `flaws/${dataset}` });
      await local.ended(run_id);
      surveys.set(dataset, await listedFindings(local, run_id));
    }
  });
  afterAll(() => local?.close());

  it.each(flawedDatasets)(
    'finds what is wrong with %s by key and rows, what follows from it, and nothing else',
    (dataset) => {
      const { findings = [], not_looked_at } = surveys.get(dataset) ?? {};
      const source = findings[0]?.place.source ?? '';
      const found = inOrder(findings.map(({ key, rows }) => ({ key, rows })));
      expect(found).toEqual(allExpectedOf(dataset, source));
      expect(not_looked_at).toEqual([]);
      const flaws = expectedOf(dataset, source);
      console.log(
        `${dataset}: ${flaws.length} planted flaws found, ${found.length - flaws.length} consequences of them`,
      );
      expect(flaws).toHaveLength(planted[dataset]);
    },
  );
});
