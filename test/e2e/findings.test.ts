import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FindingPage } from '../../src/contracts/finding-page.ts';
import { outcomeOf, outcomes } from '../../src/contracts/outcome.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { allExpectedOf } from '../expected-findings.ts';
import { flawedDatasets } from '../planted-flaws.ts';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { type MariadbServer, startMariadb } from '../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';

const none = { new: 0, grown: 0, shrunk: 0, unchanged: 0, gone: 0, dropped: 0, not_looked_at: 0, not_compared: 0 };

describe('the findings of surveys', () => {
  let local: LocalService;
  beforeAll(async () => {
    local = await startLocalService();
  });
  afterAll(() => local?.close());

  const survey = async (request: Parameters<LocalService['api']['createCatalog']>[0]): Promise<RunView> => {
    const run = await local.ended((await local.api.createCatalog(request)).run_id);
    expect(run).toMatchObject({ status: 'succeeded' });
    return run;
  };
  const findings = (run: RunView, query: Partial<Parameters<LocalService['api']['listFindings']>[0]> = {}) =>
    local.api.listFindings({ id: run.run_id, limit: 500, ...query });
  const keysOf = ({ findings: found }: FindingPage) => found.map(({ key }) => key).toSorted();
  const driftOf = async (run: RunView) => (await local.api.readReport({ id: run.run_id, agent: 'summary' })).drift;

  it('of all tables, then of one, then of all again: nothing false is new or gone, in findings and drift', async () => {
    const shop = { dataset: 'ecommerce', s3_prefix: 'reports/shop' };
    const [first, one, last] = [await survey(shop), await survey({ ...shop, tables: ['orders'] }), await survey(shop)];
    const all = await findings(first);
    expect(all.totals).toMatchObject({ drift: 0, gaps: 0, tables_not_asked: 0 });
    expect(all.totals).not.toHaveProperty('changes');

    const own = await findings(one);
    expect(own.totals.changes).toEqual({ ...none, unchanged: own.matching });
    expect(keysOf(all)).toEqual(expect.arrayContaining(keysOf(own)));
    // Of the others their number alone is told.
    const report = await local.api.readReport({ id: one.run_id, agent: 'cataloging' });
    expect('finding_changes' in report && report.finding_changes?.outside).toBe(all.matching - own.matching);
    expect(own.totals).toMatchObject({ drift: 0, gaps: 0, tables_not_asked: 2 });
    expect(outcomeOf(one.totals, ['drift'])).toBe('succeeded');

    const again = await findings(last);
    expect(keysOf(again)).toEqual(keysOf(all));
    expect(again.totals).toEqual({ ...all.totals, changes: { ...none, unchanged: all.matching } });
    expect(last.totals).toEqual(again.totals);
    expect(
      (await driftOf(one)).not_looked_at?.map(({ table, tables, reason, by }) => [table, tables, reason, by]),
    ).toEqual([[undefined, 2, 'not_asked', 'this_run']]);
    expect(await driftOf(last)).toMatchObject({ changes: [], not_looked_at: [] });
  });

  describe.each([
    ['PostgreSQL', 'postgres'],
    ['MariaDB', 'mariadb'],
  ] as const)('of a role in %s', (_, name) => {
    describe.skipIf(isMissing(name))('from which a right is taken', () => {
      let server: PostgresServer | MariadbServer;
      let url: string;
      beforeAll(async () => {
        const numbers = name === 'postgres' ? 'generate_series(1, 300) t (n)' : '(SELECT seq AS n FROM seq_1_to_300) t';
        const reader = name === 'postgres' ? 'reader' : "reader@'%'";
        server = await (name === 'postgres' ? startPostgres() : startMariadb());
        await server.run(
          `${name === 'postgres' ? `CREATE ROLE reader LOGIN PASSWORD 'pw'` : `CREATE USER reader@'%' IDENTIFIED BY 'pw'`};
           CREATE TABLE customers (customer_id int PRIMARY KEY, note varchar(40));
           CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int, amount int);
           CREATE TABLE old_orders (order_id int PRIMARY KEY, amount int);
           INSERT INTO customers SELECT n, CASE WHEN n % 50 = 0 THEN ' ' ELSE concat('about ', n % 7) END FROM ${numbers};
           INSERT INTO orders SELECT n, CASE WHEN n % 60 = 0 THEN n + 1000 ELSE n END, CASE WHEN n % 40 = 0 THEN -5 ELSE n % 90 + 1 END FROM ${numbers};
           INSERT INTO old_orders SELECT n, CASE WHEN n % 30 = 0 THEN -5 ELSE n % 90 + 1 END FROM ${numbers};
           GRANT SELECT ON customers TO ${reader}; GRANT SELECT ON orders TO ${reader}; GRANT SELECT ON old_orders TO ${reader}`,
        );
        url = server.url('app', 'reader', 'pw');
      });
      afterAll(() => server?.stop());

      it('are not gone with it, and the table is not removed but not visible; a dropped table takes its findings along', async () => {
        const request = { db_conn_string: url, s3_prefix: `reports/${name}` };
        const before = await survey(request);
        const all = await findings(before);
        expect(keysOf(all)).toEqual([
          'blank-text/main/customers/note',
          'negative-value/main/old_orders/amount',
          'negative-value/main/orders/amount',
          'orphan/main/orders/customer_id#customers',
        ]);
        expect(before.totals?.gaps).toBe(0);

        const reader = name === 'postgres' ? 'reader' : "reader@'%'";
        await server.run(`REVOKE SELECT ON customers FROM ${reader}`);
        const revoked = await survey(request);
        expect(keysOf(await findings(revoked))).toEqual([
          'negative-value/main/old_orders/amount',
          'negative-value/main/orders/amount',
        ]);
        expect((await findings(revoked)).totals.changes).toEqual({ ...none, unchanged: 2, not_looked_at: 2 });
        for (const { change } of (await findings(revoked, { state: 'not_looked_at' })).findings)
          expect(change).toMatchObject({
            reason: 'not_visible',
            detail: expect.stringContaining('customers') as string,
          });
        const drift = await driftOf(revoked);
        expect(drift.changes).toEqual([]);
        expect(drift.not_looked_at).toMatchObject([{ table: 'customers', reason: 'not_visible', by: 'this_run' }]);
        // PostgreSQL says that there is a table; MariaDB does not list it, so that there is nothing to count.
        expect(outcomeOf(revoked.totals)).toBe(name === 'postgres' ? 'succeeded_with_gaps' : 'succeeded');

        await server.run(`GRANT SELECT ON customers TO ${reader}`);
        await server.run('DROP TABLE old_orders');
        const after = await survey(request);
        expect((await findings(after)).totals.changes).toEqual({
          ...none,
          unchanged: 3,
          ...(name === 'postgres' ? { dropped: 1 } : { not_looked_at: 1 }),
        });
        expect((await driftOf(after)).changes).toMatchObject(
          name === 'postgres' ? [{ kind: 'table_removed', table: 'old_orders' }] : [],
        );
        const ended = (await findings(after, { state: name === 'postgres' ? 'dropped' : 'not_looked_at' })).findings;
        expect(ended.map(({ key, change }) => [key, change?.detail])).toEqual([
          ['negative-value/main/old_orders/amount', expect.stringMatching(/old_orders is not (there|listed)/)],
        ]);
      });
    });
  });
});

describe('surveyor findings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-findings-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const surveyor = (...words: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', join(process.cwd(), 'bin', 'surveyor.ts'), ...words],
        {
          env: { ...process.env, SURVEYOR_HOME: join(folder, 'home'), XDG_CONFIG_HOME: join(folder, 'config') },
          maxBuffer: 64 * 1024 * 1024,
        },
        (error, stdout) => resolve({ code: error === null ? 0 : Number(error.code), stdout }),
      );
    });

  it('lists every planted flaw of the datasets by its key, as data, and no other', async () => {
    const ended = await surveyor('catalog', ...flawedDatasets, '--json');
    expect(ended.code).toBe(0);
    const { code, stdout } = await surveyor('findings', '--json', '--fail-on', 'high');
    expect(code).toBe(outcomes.findings.exit_code);
    const page = JSON.parse(stdout) as FindingPage;
    const found = page.findings.map(({ key, rows }) => ({ key, rows })).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const expected = flawedDatasets.flatMap((dataset) => allExpectedOf(dataset));
    expect(found).toEqual(expected.toSorted((a, b) => (a.key < b.key ? -1 : 1)));
    expect(page).toMatchObject({ outcome: 'findings', matching: expected.length, not_looked_at: [] });
  });
});
