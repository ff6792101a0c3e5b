import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../src/contracts/failure.ts';
import { Findings, TableFindings } from '../../src/contracts/finding.ts';
import type { RunProfile } from '../../src/contracts/profile.ts';
import type { Lease, SandboxInput, SandboxOperation } from '../../src/contracts/sandbox.ts';
import { runKeys } from '../../src/domain/run-keys.ts';
import { checkTable } from '../../src/use-cases/check-table.ts';
import { collectFindings } from '../../src/use-cases/collect-findings.ts';
import { type LoopBench, makeLoop, tenant } from '../support/agent-loop.ts';
import { workedChunk } from '../support/worked-chunk.ts';
import { checkTables } from '../support/check-tables.ts';
import { type InProcessSandbox, inProcessSandbox } from '../support/in-process-sandbox.ts';
import { measuredProfile } from '../support/measured-profile.ts';

/** Orders of which 5 point at a customer that does not exist, and 10 have a negative amount. */
const shop = [
  'create table customers as select i as customer_id, 100 + i as code from range(40) t(i)',
  'alter table customers add primary key (customer_id)',
  `create table orders as select i as order_id, case when i < 5 then 900 + i else i % 40 end as customer_id,
     case when i between 20 and 29 then -5.0 else 10.0 + i % 7 end as amount from range(400) t(i)`,
];

describe('checking a table', () => {
  let sandbox: InProcessSandbox;
  let bench: LoopBench;
  let profile: RunProfile;
  const keys = () => runKeys(bench.run.run_id);
  const ids = () => ({ tenant, run_id: bench.run.run_id, node: 'profile' });
  const check = (table: string, ports = bench.ports) => checkTable(ports, { ...ids(), source: 'main', table });
  const stored = async (table: string): Promise<TableFindings> =>
    TableFindings.parse(await read(keys().tableFindings('main', table)));
  const read = async (key: string): Promise<unknown> =>
    JSON.parse(new TextDecoder().decode(await bench.ports.documents.get(tenant, key)));
  const asked = (): readonly SandboxInput<'execute_sql'>[] =>
    sandbox.calls
      .filter(({ operation }) => operation === 'execute_sql')
      .map(({ input }) => input as SandboxInput<'execute_sql'>);

  /** The ports, with a sandbox that does something else with the statements that a test names. */
  const withSandbox = (
    answer: (input: SandboxInput<'execute_sql'>) => Promise<never> | undefined,
  ): LoopBench['ports'] => ({
    ...bench.ports,
    sandbox: {
      ...sandbox,
      call: async <O extends SandboxOperation>(lease: Lease, operation: O, input: SandboxInput<O>) =>
        (operation === 'execute_sql' ? await answer(input as SandboxInput<'execute_sql'>) : undefined) ??
        sandbox.call(lease, operation, input),
    },
  });

  beforeEach(async () => {
    sandbox = await inProcessSandbox(shop);
    profile = await measuredProfile(sandbox);
    bench = await makeLoop({
      sandbox,
      profile,
      model: { kind: 'model', reply: () => Promise.reject(new Error('no model is needed here')) },
    });
    await checkTables(bench, profile);
  });
  afterEach(() => bench.close());

  it('finds what the rules find, with the evidence that it rests on', async () => {
    const { findings } = await stored('orders');
    const orphan = findings.find(({ rule }) => rule === 'orphan');
    expect(orphan).toMatchObject({ rows: 5, of: 400, place: { source: 'main', table: 'orders' } });
    const kept = await bench.ports.evidence.list(tenant, bench.run.run_id);
    const ids = new Set(kept.map(({ evidence }) => evidence.evidence_id));
    expect(orphan?.evidence.every((id) => ids.has(id))).toBe(true);
  });

  it('sends its statements as those of rules', () => {
    expect(asked().length).toBeGreaterThan(0);
    expect(new Set(asked().map(({ origin }) => origin))).toEqual(new Set(['rule']));
  });

  it('asks nothing again where the table was not measured anew, and all where it was', async () => {
    const before = asked().length;
    const verdict = await check('orders');
    expect(asked()).toHaveLength(before);
    expect(verdict).toEqual({
      source: 'main',
      table: 'orders',
      findings: (await stored('orders')).findings.length,
      not_looked_at: 0,
    });
    const [measured] = profile.databases[0]!.tables.filter(({ table }) => table === 'orders');
    const anew = { ...measured, profiled_at: '2026-01-31T13:00:00.000Z' };
    await bench.ports.documents.put(tenant, keys().tableProfile('main', 'orders'), JSON.stringify(anew), '');
    await check('orders');
    expect(asked().length).toBeGreaterThan(before);
  });

  describe('anew', () => {
    beforeEach(async () => {
      const [measured] = profile.databases[0]!.tables.filter(({ table }) => table === 'orders');
      const anew = { ...measured, profiled_at: '2026-01-31T13:00:00.000Z' };
      await bench.ports.documents.put(tenant, keys().tableProfile('main', 'orders'), JSON.stringify(anew), '');
    });

    it('goes on after a statement that fails, and says which rules did not look and why', async () => {
      const whole = (await stored('orders')).findings.length;
      const gone = new Failure('STATEMENT_FAILED', 'relation "customers" does not exist.', {
        excerpt: 'LINE 1: …',
        advice: { kind: 'look_for_table' },
      });
      const ports = withSandbox(({ sql }) => (sql.includes('"customers"') ? Promise.reject(gone) : undefined));
      await check('orders', ports);
      const { findings, not_looked_at } = await stored('orders');
      expect(findings.map(({ rule }) => rule)).not.toContain('orphan');
      expect(findings).toHaveLength(whole - 1);
      expect(not_looked_at).toContainEqual({
        source: 'main',
        table: 'orders',
        rule: expect.any(String) as string,
        reason: 'failed',
        detail:
          'orders: customer_id → customers.customer_id: relation "customers" does not exist. Was it dropped or renamed during the survey?',
      });
    });

    it('finds nothing in what is not the answer, and says so', async () => {
      const incomplete = ['A recursion was stopped.'];
      await check('orders', {
        ...bench.ports,
        sandbox: {
          ...sandbox,
          call: async <O extends SandboxOperation>(lease: Lease, operation: O, input: SandboxInput<O>) => {
            const answer = await sandbox.call(lease, operation, input);
            return 'table' in answer ? { ...answer, table: { ...answer.table, incomplete } } : answer;
          },
        },
      });
      const { findings, not_looked_at } = await stored('orders');
      expect(findings.map(({ rule }) => rule)).not.toContain('orphan');
      expect(not_looked_at.map(({ detail }) => detail).join('\n')).toContain(
        'the database did not answer in full: A recursion was stopped.',
      );
    });

    it('says of a statement that took too long that it did', async () => {
      const ports = withSandbox(() => Promise.reject(new Failure('RUNNER_TIMEOUT', 'Make the statement faster.')));
      await check('orders', ports);
      const { not_looked_at } = await stored('orders');
      expect(not_looked_at.length).toBeGreaterThan(0);
      for (const one of not_looked_at) {
        expect(one.reason).toBe('time');
        expect(one.detail).toMatch(/: the statement took too long and was given up\.$/);
      }
    });

    it('gives each statement the time that is left, and asks no more when there is none', async () => {
      const given: number[] = [];
      const ports = withSandbox(({ limits }) => {
        given.push(limits.seconds);
        bench.ports.clock.advance(Math.min(limits.seconds, 110));
        return Promise.reject(new Failure('RUNNER_TIMEOUT', 'too slow'));
      });
      await check('orders', ports);
      expect(given).toEqual([...Array.from({ length: 5 }, () => 120), 50].slice(0, given.length));
      const { not_looked_at } = await stored('orders');
      expect(given.length === 6).toBe(not_looked_at.some(({ detail }) => detail.includes('600 s')));
    });

    it('fails where the database is gone, and keeps nothing that it could not finish', async () => {
      const before = await stored('orders');
      const ports = withSandbox(() => Promise.reject(new Failure('DATABASE_LOST', 'The server went away.')));
      await expect(check('orders', ports)).rejects.toMatchObject({ kind: 'DATABASE_LOST' });
      expect(await stored('orders')).toEqual(before);
    });
  });
});

describe('collecting findings', () => {
  it('names all that nobody looked at, each with its reason', async () => {
    const sandbox = await inProcessSandbox(shop);
    const measured = await measuredProfile(sandbox);
    const [database] = measured.databases;
    const profile: RunProfile = {
      databases: [
        {
          ...database!,
          failed: [{ table: 'ledger', failure: { kind: 'RUNNER_TIMEOUT', message: 'It took 200 s.' } }],
          not_visible: [
            { what: 'table', name: 'salaries', detail: 'Role reader may not read it.' },
            { what: 'table', name: 'hr', tables: ['hr.a', 'hr.b'], detail: 'Role reader may read none of 2 tables.' },
            { what: 'columns', name: 'orders', columns: ['note'], detail: 'Role reader may not read note.' },
            { what: 'comments', name: 'orders', detail: 'Role reader may not see comments.' },
          ],
        },
        {
          ...database!,
          source: 'crm',
          tables: [],
          failure: { kind: 'DATABASE_UNREACHABLE', message: 'Nothing listens at crm:5432.' },
        },
      ],
    };
    const bench = await makeLoop({
      sandbox,
      profile,
      model: { kind: 'model', reply: () => Promise.reject(new Error('no model is needed here')) },
    });
    try {
      const keys = runKeys(bench.run.run_id);
      await checkTables(bench, profile);
      const put = (key: string, value: unknown) => bench.ports.documents.put(tenant, key, JSON.stringify(value), '');
      await put(keys.tablesNotAsked('main'), ['archive']);
      const ids = { tenant, run_id: bench.run.run_id };
      const chunks = await workedChunk(bench.ports, ids, [
        { source: 'main', table: 'orders' },
        { source: 'main', table: 'customers', error: 'States.Timeout', cause: 'cut off' },
      ]);
      const verdict = await collectFindings(bench.ports, { ...ids, node: 'profile', chunks });
      const bytes = await bench.ports.documents.get(tenant, keys.findings);
      const findings = Findings.parse(JSON.parse(new TextDecoder().decode(bytes)));
      expect(findings.not_looked_at).toEqual([
        {
          source: 'main',
          table: 'ledger',
          reason: 'not_measured',
          detail: 'ledger could not be measured: It took 200 s.',
        },
        { source: 'main', table: 'salaries', reason: 'not_visible', detail: 'Role reader may not read it.' },
        ...['hr.a', 'hr.b'].map((table) => ({
          source: 'main',
          table,
          reason: 'not_visible',
          detail: 'Role reader may read none of 2 tables.',
        })),
        {
          source: 'main',
          table: 'orders',
          columns: ['note'],
          reason: 'not_visible',
          detail: 'Role reader may not read note.',
        },
        { source: 'crm', reason: 'failed', detail: 'crm could not be opened: Nothing listens at crm:5432.' },
        { source: 'main', table: 'customers', reason: 'failed', detail: 'The checks of customers broke off: cut off' },
        { source: 'main', tables: 1, reason: 'not_asked', detail: '1 table of main is outside this run.' },
      ]);
      expect(findings.findings.map(({ place }) => place.table)).not.toContain('customers');
      expect(verdict).toEqual({ findings: findings.findings.length, not_looked_at: 8 });
      const severities = findings.findings.map(({ severity }) => ['high', 'medium', 'low'].indexOf(severity));
      expect(severities).toEqual(severities.toSorted((a, b) => a - b));
      expect(new Set(findings.findings.map(({ key }) => key)).size).toBe(findings.findings.length);
      const result = await bench.ports.nodeResults.get(tenant, bench.run.run_id, 'profile');
      expect(result).toMatchObject({ object_key: keys.findings, input_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    } finally {
      bench.close();
    }
  });
});
