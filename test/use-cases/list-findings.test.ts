import type { Ports } from '../../src/ports/ports.ts';
import { objectPorts } from '../../src/adapters/object-ports.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { type OpenStores, openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { FindingChanges } from '../../src/contracts/finding-change.ts';
import { FindingPage } from '../../src/contracts/finding-page.ts';
import { routes } from '../../src/contracts/routes.ts';
import { compareRuns } from '../../src/domain/drift/compare-runs.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import { requireDocument } from '../../src/use-cases/agent-documents.ts';
import { compareWithEarlier } from '../../src/use-cases/compare-with-earlier.ts';
import { getRun } from '../../src/use-cases/get-run.ts';
import { listFindings } from '../../src/use-cases/list-findings.ts';
import { maxEarlierRuns, readEarlierRuns } from '../../src/use-cases/read-earlier-runs.ts';
import { sampleRun } from '../contracts/stores/samples.ts';
import { type Planned, finding, ref, survey, table } from '../domain/drift/surveys.ts';

const tenant = 'acme';
const tables = [table('orders'), table('customers')];
const onlyOrders = { asked: ['orders'], tables: [table('orders')] };
const flaws = [
  finding('blank', 'customers', ['email'], 3, { severity: 'low' }),
  finding('orphan', 'orders', ['customer_id'], 5, { severity: 'high', other_tables: ['customers'] }),
  finding('blank', 'orders', ['note'], 7),
];

describe('the findings of a run', () => {
  let folder: string;
  let stores: OpenStores;
  let ports: OpenStores & Pick<Ports, 'documents'>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-findings-'));
    stores = openSqliteStores(join(folder, 'store.sqlite'));
    ports = { ...stores, ...objectPorts(fileObjectStore(join(folder, 'objects'))) };
  });
  afterEach(() => {
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A run that surveyed what was planned and has ended well. */
  const surveyed = async (index: number, planned: Planned): Promise<string> => {
    const made = survey(index, planned);
    const { run_id, created_at, sources } = made.run;
    const run = sampleRun(tenant, { run_id, created_at, sources });
    await stores.runs.create({ ...run, status: 'running' });
    const put = (key: string, document: unknown) =>
      ports.documents.put(tenant, key, JSON.stringify(document), 'application/json');
    const keys = runKeys(run_id);
    await put(keys.profile, made.profile);
    await put(keys.drift, compareRuns(made, (await readEarlierRuns(ports, run, made.profile)).runs));
    if (made.findings !== undefined) {
      await put(keys.findings, made.findings);
      await compareWithEarlier(ports, run, made.profile, made.findings);
    }
    await stores.runs.settle(tenant, run_id, { attempt: 1, status: 'succeeded', ended_at: created_at });
    return run_id;
  };

  const list = async (index: number, query: Readonly<Record<string, string>> = {}) =>
    FindingPage.parse(await listFindings(ports, tenant, ref(index).run_id, routes.listFindings.query.parse(query)));
  const keysOf = ({ findings }: FindingPage) => findings.map(({ key }) => key);

  it('are listed with the most severe first, with totals, and what was not looked at', async () => {
    const late = { source: 'main', table: 'orders', rule: 'orphan', reason: 'time', detail: 'No time.' } as const;
    await surveyed(0, { tables, findings: flaws, not_looked_at: [late] });
    const page = await list(0);
    expect(keysOf(page)).toEqual([
      'orphan/main/orders/customer_id',
      'blank/main/orders/note',
      'blank/main/customers/email',
    ]);
    expect(page).toMatchObject({
      status: 'succeeded',
      matching: 3,
      totals: { findings: { high: 1, medium: 1, low: 1 }, drift: 0, gaps: 1, tables_not_asked: 0 },
      not_looked_at: [late],
    });
    expect(page.totals).not.toHaveProperty('changes');
    expect(page).not.toHaveProperty('next_cursor');
    expect(await getRun({ ...ports, console: { of: () => undefined } }, tenant, ref(0).run_id)).toMatchObject({
      totals: page.totals,
    });
  });

  it('are filtered by severity, rule, source, table and what has become of them', async () => {
    await surveyed(0, { tables, findings: flaws.slice(0, 2) });
    await surveyed(1, { tables, findings: flaws.slice(1) });
    const keys = async (query: Readonly<Record<string, string>>) => keysOf(await list(1, query));
    expect(await keys({ severity: 'medium' })).toEqual(['orphan/main/orders/customer_id', 'blank/main/orders/note']);
    expect(await keys({ severity: 'high' })).toEqual(['orphan/main/orders/customer_id']);
    expect(await keys({ rule: 'blank' })).toEqual(['blank/main/orders/note']);
    expect(await keys({ table: 'customers' })).toEqual([]);
    expect(await keys({ state: 'new' })).toEqual(['blank/main/orders/note']);
    expect(await keys({ state: 'unchanged' })).toEqual(['orphan/main/orders/customer_id']);
    expect((await list(1, { state: 'gone' })).findings).toEqual([
      { ...flaws[0], change: { state: 'gone', before: 3, since: ref(0) } },
    ]);
    expect((await list(1)).totals.changes).toEqual({
      new: 1,
      grown: 0,
      shrunk: 0,
      unchanged: 1,
      gone: 1,
      dropped: 0,
      not_looked_at: 0,
      not_compared: 0,
    });
  });

  it('are refused of a rule, a source or a table that the run does not know, with what was meant', async () => {
    await surveyed(0, { tables, findings: flaws });
    for (const [query, message] of [
      [{ rule: 'orphn' }, 'The run knows no rule "orphn". Did you mean orphan?'],
      [{ table: 'ordrs' }, 'The run knows no table "ordrs". Did you mean orders?'],
      [{ source: 'another' }, 'The run knows no source "another".'],
    ] as const)
      await expect(list(0, query)).rejects.toMatchObject({
        kind: 'INVALID_REQUEST',
        where: Object.keys(query)[0],
        message,
      });
  });

  it('come page by page, each once, and a cursor goes on only in its own list', async () => {
    const many = Array.from({ length: 25 }, (_, index) => finding('blank', 'orders', [`c${index}`], index + 1));
    await surveyed(0, { tables, findings: many, not_looked_at: [{ source: 'main', reason: 'budget', detail: '-' }] });
    const first = await list(0, { limit: '10' });
    const second = await list(0, { limit: '10', cursor: first.next_cursor! });
    const third = await list(0, { limit: '10', cursor: second.next_cursor! });
    expect([first, second, third].flatMap(keysOf)).toEqual(many.map(({ key }) => key));
    expect([first, second, third].map(({ matching }) => matching)).toEqual([25, 25, 25]);
    expect([first, second, third].map(({ not_looked_at }) => not_looked_at?.length)).toEqual([1, undefined, undefined]);
    expect(third).not.toHaveProperty('next_cursor');
    for (const query of [{ cursor: 'made.up' }, { cursor: first.next_cursor!, severity: 'low' }])
      await expect(list(0, query)).rejects.toMatchObject({ kind: 'INVALID_REQUEST', where: 'cursor' });
  });

  it('of all, of one table, then of all again: nothing false is new or gone', async () => {
    await surveyed(0, { tables, findings: flaws });
    await surveyed(1, { ...onlyOrders, findings: flaws.slice(2) });
    await surveyed(2, { tables, findings: flaws });
    expect((await list(1)).totals).toMatchObject({
      changes: { unchanged: 1, not_looked_at: 0, gone: 0, new: 0 },
      drift: 0,
    });
    // A run knows its own tables and no others: what was found in them is counted, and no word of it kept.
    const kept = await requireDocument(ports, tenant, runKeys(ref(1).run_id).findingChanges, FindingChanges);
    expect(kept.outside).toBe(2);
    expect(JSON.stringify(kept)).not.toContain('customers');
    expect((await list(2)).totals).toMatchObject({
      changes: { unchanged: 3, not_looked_at: 0, gone: 0, new: 0 },
      drift: 0,
    });
    expect((await list(2)).findings.map(({ change }) => change?.since)).toEqual([ref(0), ref(1), ref(0)]);
  });

  it('are compared with no more runs than a bound, and say so where it is hit', async () => {
    await surveyed(0, { tables, findings: flaws });
    for (let index = 1; index <= maxEarlierRuns; index += 1)
      await surveyed(index, { ...onlyOrders, findings: flaws.slice(2) });
    const run = (await stores.runs.get(tenant, await surveyed(maxEarlierRuns + 1, { tables, findings: flaws })))!;
    const { runs: read, is_cut } = await readEarlierRuns(ports, run, survey(0, { tables }).profile);
    expect([read.length, is_cut]).toEqual([maxEarlierRuns, true]);
    expect((await list(maxEarlierRuns + 1)).totals.changes).toMatchObject({ new: 0, not_compared: 2, unchanged: 1 });
    // One run less in between, and the first is read.
    const last = (await stores.runs.get(tenant, ref(maxEarlierRuns).run_id))!;
    expect((await readEarlierRuns(ports, last, survey(0, { tables }).profile)).is_cut).toBe(false);
  });

  it('are compared with the run before alone where that looked at all there is', async () => {
    for (let index = 0; index < 3; index += 1) await surveyed(index, { tables, findings: flaws });
    const run = (await stores.runs.get(tenant, ref(2).run_id))!;
    expect(
      (await readEarlierRuns(ports, run, survey(2, { tables }).profile)).runs.map((one) => one.run.run_id),
    ).toEqual([ref(1).run_id]);
  });

  it('are those of a table or column of which only the case was changed, in engines that ignore it', async () => {
    const [customers, orders] = [table('Customers', ['id', 'EMail']), table('Orders')];
    const was = [
      finding('blank', 'Customers', ['EMail'], 3),
      finding('orphan', 'Orders', ['customer_id'], 5, {
        other_tables: ['Customers'],
        key: 'orphan/main/Orders/customer_id#Customers',
        place: { source: 'main', table: 'Orders', columns: ['customer_id'], part: 'Customers' },
      }),
    ];
    const is = [
      finding('blank', 'customers', ['email'], 3),
      finding('orphan', 'orders', ['customer_id'], 6, {
        other_tables: ['customers'],
        key: 'orphan/main/orders/customer_id#customers',
        place: { source: 'main', table: 'orders', columns: ['customer_id'], part: 'customers' },
      }),
    ];
    const now = [table('customers', ['id', 'email']), table('orders')];
    for (const [index, engine] of (['sqlite', 'postgres'] as const).entries()) {
      await surveyed(3 * index, { engine, tables: [customers, orders], findings: was });
      await surveyed(3 * index + 1, { engine, tables: now, findings: is });
      const { totals } = await list(3 * index + 1);
      const expected =
        engine === 'sqlite'
          ? { unchanged: 1, grown: 1, new: 0, dropped: 0 }
          : { unchanged: 0, grown: 0, new: 2, dropped: 2 };
      expect(totals).toMatchObject({ changes: expected, drift: engine === 'sqlite' ? 0 : 4 });
    }
    // Two names that differ in case alone are two.
    const both = [table('Orders'), table('orders')];
    await surveyed(6, { engine: 'mysql', tables: [table('Orders')], findings: [] });
    await surveyed(7, { engine: 'mysql', tables: both, findings: [] });
    expect((await list(7)).totals.drift).toBe(1);
  });

  it('are of a first survey of their database where those before were of others', async () => {
    await surveyed(0, { engine: 'postgres', tables, findings: flaws });
    const made = survey(1, { engine: 'mysql', tables, findings: flaws });
    const run = sampleRun(tenant, made.run);
    const earlier = await readEarlierRuns(ports, run, made.profile);
    expect(earlier).toEqual({ runs: [], is_cut: false, has_others: true });
    expect(compareRuns(made, earlier.runs, earlier.has_others)).toEqual({
      other_databases: true,
      changes: [],
      not_looked_at: [],
    });
  });

  it('are not an empty list where nobody has looked for them', async () => {
    await surveyed(0, { tables });
    await expect(list(0)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringMatching(/\(succeeded\) kept no findings as data/) as string,
    });
    await expect(list(1)).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      message: expect.stringMatching(/no run/) as string,
    });
    await surveyed(1, { tables, findings: flaws });
    await expect(listFindings(ports, 'other', ref(1).run_id, { limit: 10 })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    });
    expect((await list(1)).totals.changes).toMatchObject({ new: 0, not_compared: 3 });
  });
});
