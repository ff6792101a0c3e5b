import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDataset } from '../../src/domain/datasets/registry.ts';
import { type ExpectedFinding, allExpectedOf, inOrder } from '../expected-findings.ts';
import { flawedDatasets } from '../planted-flaws.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import { listedFindings } from '../support/listed-findings.ts';
import { loadDatasetIntoServer } from '../support/load-dataset.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { ServerEngine } from '../../src/contracts/engine.ts';
import { grantReader, openServerSession } from '../support/server-session.ts';

const start = { postgres: startPostgres, mysql: startMariadb };

/** A DOUBLE of MySQL and MariaDB has no NaN: a load leaves NULL, so that another rule finds those rows. */
const asStored = (engine: ServerEngine, { key, rows }: ExpectedFinding): ExpectedFinding => ({
  key: engine === 'mysql' ? key.replace(/^not-a-number/, 'missing-values') : key,
  rows,
});

/** Findings whose rows are those that are missing: their check returns what follows the gap. */
const countsOtherRows = ['gap-in-time'];

describe.each(['postgres', 'mysql'] as const)(
  'the survey of all datasets with planted flaws, loaded into %s',
  (engine) => {
    describe.skipIf(isMissing(...needsOf[engine]))('and surveyed in one run with no model', () => {
      let server: Awaited<ReturnType<(typeof start)[typeof engine]>>;
      let local: LocalService;
      let survey: Awaited<ReturnType<typeof listedFindings>>;

      beforeAll(async () => {
        server = await start[engine]();
        for (const dataset of flawedDatasets) {
          await server.run(`create database ${dataset}`);
          await loadDatasetIntoServer(engine, server.url(dataset), findDataset(dataset));
          await server.run(grantReader(engine, dataset), dataset);
        }
        local = await startLocalService();
        const { run_id } = await local.api.createCatalog({
          sources: flawedDatasets.map((dataset) => ({
            name: dataset,
            db_conn_string: server.url(dataset, 'reader', 'reads only'),
          })),
          s3_prefix: `flaws/${engine}`,
          budget: { statements: 300, turns: 40 },
        });
        // 66,000 rows in one run: on a machine that does other work, two minutes may be too short.
        const run = await local.ended(run_id).catch(() => local.ended(run_id));
        if (run.status !== 'succeeded') throw new Error(`the run ended ${run.status}: ${run.failure?.message}`);
        survey = await listedFindings(local, run_id);
      }, 360_000);
      afterAll(async () => {
        await local?.close();
        await server?.stop();
      });

      it('finds what is wrong with each by key and rows, as on DuckDB, and nothing else', () => {
        const expected = flawedDatasets
          .flatMap((dataset) => allExpectedOf(dataset))
          .map((one) => asStored(engine, one));
        expect(inOrder(survey.findings.map(({ key, rows }) => ({ key, rows })))).toEqual(inOrder(expected));
        expect(survey.not_looked_at).toEqual([]);
        console.log(`${engine}: ${expected.length} findings, as expected`);
      });

      it('gives checks that return the rows of each finding, to a role that may only read', async () => {
        for (const dataset of flawedDatasets) {
          const session = await openServerSession(engine, server.url(dataset, 'reader', 'reads only'));
          for (const { key, rule, rows, check, place } of survey.findings) {
            if (place.source !== dataset || check === undefined) continue;
            const counted = await session.query(`select count(*) from (${check.text}) t`);
            expect([key, Number(counted.rows[0]?.[0])]).toEqual([key, countsOtherRows.includes(rule) ? 1 : rows]);
          }
          await session.end();
        }
      }, 240_000);

      it('says of the declared reference that it is to be enforced', () => {
        const orphans = survey.findings.find(({ key }) => key === 'orphan/ecommerce/orders/product_id#products');
        expect(orphans?.advice).toContain('have the declared foreign key enforced');
      });
    });
  },
);
