import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/contracts/report.ts';
import { findDataset } from '../../src/domain/datasets/registry.ts';
import { type FlawedDataset, flawedDatasets, flawsOf, foundIn, reportText } from '../planted-flaws.ts';
import { isMissing, needsOf } from '../support/is-missing.ts';
import { loadDatasetIntoServer } from '../support/load-dataset-into-server.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb } from '../support/mariadb-server.ts';
import { startPostgres } from '../support/postgres-server.ts';
import type { ServerEngine } from '../../src/contracts/engine.ts';
import { grantReader } from '../support/server-session.ts';

const start = { postgres: startPostgres, mysql: startMariadb };

/** Flaws that an engine’s types cannot hold, as `dataset/id`, and why. */
const cannotBeStored: Readonly<Record<ServerEngine, Readonly<Record<string, string>>>> = {
  postgres: {},
  mysql: { 'sensors/reading-pressure-not-a-number': 'A DOUBLE of MySQL and MariaDB has no NaN; a load leaves NULL.' },
};

/** Of the flaws that are planted, at least so many must be found: lists that grow or shrink do not make a test pass. */
const leastFound: Readonly<Record<ServerEngine, number>> = { postgres: 63, mysql: 62 };

describe.each(['postgres', 'mysql'] as const)(
  'the report on all datasets with planted flaws, loaded into %s',
  (engine) => {
    describe.skipIf(isMissing(...needsOf[engine]))('and surveyed in one run with no model', () => {
      let server: Awaited<ReturnType<(typeof start)[typeof engine]>>;
      let local: LocalService;
      let report: Report;

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
        report = await local.api.readReport({ id: run_id, agent: 'cataloging' });
      }, 360_000);
      afterAll(async () => {
        await local?.close();
        await server?.stop();
      });

      /** What the report says of one dataset: the lines of its section. */
      const textOn = (dataset: FlawedDataset): string =>
        reportText(report.body_html)
          .split('\n')
          .filter((line) => line.startsWith(`${dataset} › `))
          .join('\n');

      it('finds what is wrong with each, as on DuckDB', () => {
        expect(report.analyst).toBe('deterministic');
        const results = flawedDatasets.flatMap((dataset) =>
          flawsOf(dataset).map((flaw) => ({ id: `${dataset}/${flaw.id}`, isFound: foundIn(flaw, textOn(dataset)) })),
        );
        const missed = results.filter(({ isFound }) => !isFound).map(({ id }) => id);
        console.log(`${engine}: ${results.length - missed.length} of ${results.length} planted flaws found`);
        expect(missed).toEqual(Object.keys(cannotBeStored[engine]));
        expect(results.length - missed.length).toBeGreaterThanOrEqual(leastFound[engine]);
      });

      it('gives the exact number of rows, and no other', () => {
        const miscounted = flawedDatasets.flatMap((dataset) =>
          flawsOf(dataset)
            .filter((flaw) => flaw.rows_unsaid !== true)
            .filter((flaw) => foundIn({ ...flaw, rows: flaw.rows + 1 }, textOn(dataset)))
            .map(({ id }) => id),
        );
        expect(miscounted).toEqual([]);
      });

      it('leaves nothing out that it planned, Python included', () => {
        for (const dataset of flawedDatasets) {
          expect(textOn(dataset)).toContain('Not looked at › Every check that was planned was run.');
        }
        expect(report.body_html).not.toContain('Not looked at in any of them');
        expect(report.body_html).toMatch(/rank correlation/);
      });

      it('repeats what the database says of its tables, and names the declared key', () => {
        expect(textOn('ecommerce')).toContain(findDataset('ecommerce').schema.tables[1]?.description);
        expect(textOn('ecommerce')).toContain('product_id is the primary key');
        expect(textOn('ecommerce')).toContain('have the declared foreign key enforced');
      });
    });
  },
);
