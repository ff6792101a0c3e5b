import { createHash, randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import type { Actor } from '../../../src/contracts/actor.ts';
import type { AgentSession } from '../../../src/contracts/agent.ts';
import type { Caller } from '../../../src/contracts/caller.ts';
import type { Connection } from '../../../src/contracts/connection.ts';
import type { Evidence } from '../../../src/contracts/evidence.ts';
import type { Publish, Run, RunAct } from '../../../src/contracts/run.ts';
import { heldByRun, type Lease } from '../../../src/contracts/sandbox.ts';
import type { Schedule } from '../../../src/contracts/schedule.ts';
import type { Step } from '../../../src/contracts/step.ts';
import type { Webhook } from '../../../src/contracts/webhook.ts';
import type { Settlement } from '../../../src/ports/run-store.ts';

export const at = (second: number): string => new Date(Date.UTC(2026, 0, 31, 12, 0, second)).toISOString();
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A tenant that no other test uses, because the subjects of one suite may share a store. */
export const freshTenant = (): string => `t-${randomUUID().slice(0, 13)}`;

/** Run ids in ascending order, whatever the clock does. */
export const runIds = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => ulid(Date.UTC(2026, 0, 31) + index));

/** Where a run publishes that was started at noon. */
export const samplePublish = (s3_prefix: string): Publish => ({ s3_prefix, timestamp: '2026-01-31T12-00-00Z' });

export const sampleActor: Actor = { kind: 'key', id: '0123456789ab', label: 'a key' };

/** Who holds a key of the tenant, limited to nothing. */
export const sampleCaller = (tenant: string, changes: Partial<Caller> = {}): Caller => ({
  tenant,
  actor: sampleActor,
  rights: [],
  ...changes,
});

export const sampleAct = (changes: Partial<RunAct> = {}): RunAct => ({
  act: 'resume',
  actor: sampleActor,
  at: at(15),
  ...changes,
});

export const sampleRun = (tenant: string, changes: Partial<Run> = {}): Run => ({
  tenant,
  run_id: ulid(),
  chain: { name: 'catalog', version: 1 },
  status: 'running',
  sources: [{ name: 'main', kind: 'dataset', label: 'ecommerce', engine: 'files' }],
  publish: samplePublish('reports/shop'),
  owner: sampleActor,
  trigger: { kind: 'api' },
  actor: sampleActor,
  attempt: 1,
  budget: { dollars: 0.1 + 0.2, turns: 7 },
  created_at: at(0),
  reports: [],
  ...changes,
});

export const sampleSession = (run: Run, changes: Partial<AgentSession> = {}): AgentSession => ({
  tenant: run.tenant,
  run_id: run.run_id,
  agent: 'cataloging',
  status: 'running',
  attempt: run.attempt,
  model: 'some-model',
  prompt_version: 3,
  prompt_hash: sha256('prompt'),
  budget: { tokens: 100_000, dollars: 1.5, turns: 20, statements: 50, seconds: 600 },
  turns: 2,
  statements: 5,
  usage: { input_tokens: 10, output_tokens: 20, cache_read_tokens: 30, cache_write_tokens: 40, dollars: 0.012_345_6 },
  reserved_dollars: 0.25,
  wrap_up_told: false,
  report_submitted: false,
  started_at: at(1),
  ...changes,
});

export const sampleEvidence = (text: string, changes: Partial<Evidence> = {}): Evidence => ({
  evidence_id: `e${sha256(text).slice(0, 12)}`,
  kind: 'sql',
  origin: 'tool',
  agent: 'cataloging',
  text,
  verdict: 'ran',
  result_hash: sha256(`${text} result`),
  rows: 3,
  bytes: 120,
  preview: 'n\n3',
  started_at: at(2),
  milliseconds: 1.25,
  ...changes,
});

export const sampleStep = (number: number, changes: Partial<Step> = {}): Step => ({
  step_id: String(number).padStart(6, '0'),
  name: `state ${number}`,
  kind: 'control',
  status: 'succeeded',
  started_at: at(number % 60),
  ended_at: at((number % 60) + 1),
  ...changes,
});

export const sampleLease = (run: Run, changes: Partial<Lease> = {}): Lease => ({
  tenant: run.tenant,
  holder: heldByRun(run.run_id),
  attempt: run.attempt,
  lease_id: 'lease-1',
  address: '/tmp/a.sock',
  token: 'x'.repeat(43),
  ...changes,
});

export const sampleConnection = (tenant: string, changes: Partial<Connection> = {}): Connection => ({
  tenant,
  name: 'shop',
  engine: 'postgres',
  label: 'postgresql://db.example:5432/shop',
  secret: 'connections/shop/1',
  created_at: at(0),
  ...changes,
});

export const sampleSchedule = (tenant: string): Schedule => ({
  tenant,
  name: 'nightly',
  expression: 'cron(0 2 * * ? *)',
  time_zone: 'Europe/Berlin',
  catalog: { connection: 'shop', s3_prefix: 'reports/shop' },
  paused: false,
  created_at: at(0),
  created_by: sampleActor,
  changed_at: at(0),
  revision: 1,
});

export const sampleWebhook = (tenant: string, changes: Partial<Webhook> = {}): Webhook => ({
  tenant,
  name: 'chat',
  shown_url: 'https://hooks.example/in?key=…',
  types: ['run-started', 'run-settled'],
  paused: false,
  secret: '_webhooks/chat/1',
  created_at: at(0),
  created_by: sampleActor,
  changed_at: at(0),
  revision: 1,
  ...changes,
});

export const succeeded: Settlement = { attempt: 1, status: 'succeeded', ended_at: at(30) };
export const unicode = 'Bestellungen für 株式会社 👩‍👧 "quoted" \\ back\nline\ttab \u0000 null';
