import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileSecretStore } from '../../src/adapters/local/file-secret-store.ts';
import { storeMigrations } from '../../src/adapters/local/stores/store-migrations.ts';

/**
 * The ids of what an old home holds. The first run has succeeded and was published, the second failed, the third was
 * cancelled in its second attempt, the fourth waits for a sandbox, the fifth is under way, the sixth tested the connection.
 */
export const oldHome = {
  tenant: 'local',
  succeeded: '01K0000000000000000000000A',
  failed: '01K0000000000000000000000B',
  cancelled: '01K0000000000000000000000C',
  waiting: '01K0000000000000000000000D',
  underWay: '01K0000000000000000000000E',
  tested: '01K0000000000000000000000F',
  connection: 'shop',
  operatorKey: 'sk-surveyor-of-an-operator-of-before',
  readerKey: 'sk-surveyor-of-a-reader-of-before',
} as const;

const { tenant } = oldHome;
const at = (second: number): string => new Date(Date.UTC(2026, 9, 1, 8, 0, second)).toISOString();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

// What stands below was on people's disks in November 2026. It has no types of the contracts: it stays as it is when they change.

const source = {
  name: 'main',
  kind: 'connection',
  label: 'postgresql://db/shop',
  engine: 'postgres',
  connection: 'shop',
};
const runOf = (run_id: string, more: object): object => ({
  tenant,
  run_id,
  chain: { name: 'catalog', version: 1 },
  status: 'running',
  sources: [source],
  s3_prefix: 'reports/shop',
  timestamp: '2026-10-01T08-00-00.000Z',
  attempt: 1,
  created_at: at(0),
  reports: [],
  ...more,
});

const reportKey = 'reports/shop/2026-10-01T08-00-00.000Z/cataloging';
const failure = { kind: 'DATABASE_UNREACHABLE', message: 'db:5432 refuses the connection. Is the server running?' };
const executionOf = (runId: string): string => `arn:aws:states:local:000000000000:execution:catalog:${runId}`;

const runs = [
  runOf(oldHome.succeeded, {
    status: 'succeeded',
    ended_at: at(40),
    execution_id: executionOf(oldHome.succeeded),
    reports: [{ agent: 'cataloging', html_key: `${reportKey}.html`, json_key: `${reportKey}.json` }],
  }),
  runOf(oldHome.failed, { status: 'failed', ended_at: at(3), failure, budget: { dollars: 2 } }),
  runOf(oldHome.cancelled, {
    status: 'cancelled',
    attempt: 2,
    ended_at: at(9),
    sources: [{ ...source, kind: 'dataset', label: 'ecommerce', engine: 'files', tables: ['orders'] }],
    failure: { kind: 'RUN_CANCELLED', message: 'The run was cancelled by request.' },
  }),
  runOf(oldHome.waiting, { s3_prefix: 'reports/waiting' }),
  runOf(oldHome.underWay, { s3_prefix: 'reports/going', execution_id: executionOf(oldHome.underWay) }),
  runOf(oldHome.tested, {
    chain: { name: 'connection-test', version: 1 },
    status: 'succeeded',
    sources: [{ ...source, tables: [] }],
    s3_prefix: 'connection-tests/shop',
    ended_at: at(2),
  }),
];

const sessionOf = (run_id: string, more: object): object => ({
  tenant,
  run_id,
  agent: 'cataloging',
  status: 'succeeded',
  model: 'deterministic',
  prompt_version: 4,
  prompt_hash: sha256('prompt'),
  budget: { tokens: 2_000_000, dollars: 10, turns: 40, statements: 200, seconds: 3_600 },
  turns: 5,
  statements: 12,
  usage: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0, dollars: 0 },
  reserved_dollars: 0,
  wrap_up_told: false,
  report_submitted: true,
  isolation: 'seccomp',
  started_at: at(10),
  ended_at: at(38),
  ...more,
});

const evidence = {
  evidence_id: 'e0123456789ab',
  kind: 'sql',
  origin: 'profile',
  source: 'main',
  text: 'SELECT count(*) FROM orders',
  verdict: 'ran',
  result_hash: sha256('result'),
  rows: 1,
  bytes: 60,
  preview: 'count\n12',
  started_at: at(2),
  milliseconds: 3.5,
};

const steps = [
  {
    step_id: '000003',
    name: '_acquire-sandbox',
    kind: 'control',
    status: 'succeeded',
    started_at: at(0),
    ended_at: at(1),
  },
  { step_id: '000009', name: 'profile', kind: 'node', status: 'succeeded', started_at: at(1), ended_at: at(5) },
  {
    step_id: '000012',
    parent_id: '000009',
    name: '_profile.table',
    kind: 'table',
    detail: 'orders',
    source: 'main',
    status: 'succeeded',
    started_at: at(1),
    ended_at: at(4),
  },
  {
    step_id: '000020',
    name: 'cataloging',
    kind: 'node',
    status: 'succeeded',
    started_at: at(10),
    ended_at: at(38),
    tokens: 0,
    dollars: 0,
  },
  {
    step_id: '000020.000004',
    parent_id: '000020',
    name: 'Call model',
    kind: 'turn',
    status: 'succeeded',
    started_at: at(10),
    ended_at: at(11),
  },
];

/** The JSON twin of the report, in version 2. */
export const oldReport = {
  report_version: 2,
  run_id: oldHome.succeeded,
  agent: 'cataloging',
  title: 'Catalog of shop',
  sources: [source],
  s3_prefix: 'reports/shop',
  created_at: at(38),
  run_started_at: at(0),
  body_html: '<h3>Orders</h3><p>12 orders (e0123456789ab).</p>',
  drift: { changes: [] },
  evidence: [evidence],
  session: { ...sessionOf(oldHome.succeeded, {}), tenant: undefined },
  analyst: 'deterministic',
};

/** Writes a home, and the folder of its keys, as Surveyor left them in November 2026: the store's file in version 5. */
export const writeOldHome = async (home: string, configDir: string): Promise<void> => {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  const store = new DatabaseSync(join(home, 'store.sqlite'));
  for (const { sql } of storeMigrations.slice(0, 5)) store.exec(sql);
  store.exec('pragma user_version = 5');
  const insert = (table: string, row: Readonly<Record<string, string | number>>): void => {
    const columns = Object.keys(row);
    const marks = columns.map(() => '?').join(', ');
    store.prepare(`insert into ${table} (${columns.join(', ')}) values (${marks})`).run(...Object.values(row));
  };
  for (const run of runs) {
    const { run_id } = run as { readonly run_id: string };
    insert('runs', { tenant, run_id, document: JSON.stringify(run) });
  }
  const { succeeded, underWay, tested, connection } = oldHome;
  for (const session of [
    sessionOf(succeeded, {}),
    sessionOf(underWay, { status: 'running', turns: 1, report_submitted: false, ended_at: undefined }),
  ]) {
    const { run_id, agent } = session as { readonly run_id: string; readonly agent: string };
    insert('sessions', { tenant, run_id, agent, document: JSON.stringify(session) });
  }
  for (const step of steps)
    insert('steps', { tenant, run_id: succeeded, step_id: step.step_id, document: JSON.stringify(step) });
  insert('evidence', { tenant, run_id: succeeded, number: 1, document: JSON.stringify(evidence) });
  const result = {
    tenant,
    run_id: succeeded,
    node: 'profile',
    input_hash: sha256('input'),
    object_key: `_runs/${succeeded}/profile.json`,
    recorded_at: at(5),
  };
  insert('node_results', { tenant, run_id: succeeded, node: 'profile', document: JSON.stringify(result) });
  const lease = { tenant, run_id: underWay, lease_id: 'gone', address: '/nowhere/socket', token: 't'.repeat(43) };
  insert('leases', { tenant, run_id: underWay, document: JSON.stringify(lease) });
  const secret = `connections/${connection}/0b9d6f6e-0000-4000-8000-000000000000`;
  const kept = {
    tenant,
    name: connection,
    engine: 'postgres',
    label: source.label,
    secret,
    created_at: at(0),
    test_run_id: tested,
  };
  insert('connections', { tenant, name: connection, document: JSON.stringify(kept) });
  for (const [key, role] of [
    [oldHome.operatorKey, 'operator'],
    [oldHome.readerKey, 'reader'],
  ] as const) {
    const document = { hash: sha256(key), tenant, role, label: `an old ${role}`, created_at: at(0) };
    insert('api_keys', { hash: document.hash, document: JSON.stringify(document) });
  }
  store.close();

  const object = (key: string, body: string): void => {
    const path = join(home, 'objects', tenant, key);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, body);
  };
  object(`${reportKey}.json`, JSON.stringify(oldReport));
  object(`${reportKey}.html`, '<!doctype html><title>Catalog of shop</title><p>12 orders</p>');
  object(`_evidence/${sha256('evidence')}.json`, JSON.stringify(evidence));

  writeFileSync(join(configDir, 'api-key'), `sk-surveyor-${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  const secrets = fileSecretStore({ dataFile: join(home, 'secrets.sqlite'), keyFile: join(configDir, 'secret-key') });
  await secrets.put(tenant, secret, 'postgresql://reader:secret@db/shop');
  secrets.close();
};
