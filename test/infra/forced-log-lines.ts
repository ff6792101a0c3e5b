import { vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { powertoolsLog } from '../../src/adapters/powertools-log.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import { Chain } from '../../src/contracts/chain.ts';
import type { Run } from '../../src/contracts/run.ts';
import { executionName } from '../../src/domain/run/execution-name.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Execution } from '../../src/ports/workflow.ts';
import type { Stores } from '../../src/ports/stores.ts';
import { deliverMessages } from '../../src/use-cases/deliver-messages.ts';
import { callModel } from '../../src/use-cases/call-model.ts';
import { reconcileRuns } from '../../src/use-cases/reconcile-runs.ts';
import { settleRun } from '../../src/use-cases/settle-run.ts';
import { startAgent } from '../../src/use-cases/start-agent.ts';
import { sweepSandboxes } from '../../src/use-cases/sweep-sandboxes.ts';
import { takeSandbox } from '../../src/use-cases/take-sandbox.ts';
import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { sampleDelivery } from '../contracts/stores/deliveries-contract.ts';
import { at, sampleLease, sampleRun } from '../contracts/stores/samples.ts';
import { makeLoop } from '../support/agent-loop.ts';
import { inProcessSandbox } from '../support/in-process-sandbox.ts';

/** What goes wrong, and the use case that is to tell of it. */
type Forced = (stores: Stores, log: Log) => Promise<unknown>;

const tenant = 'acme';
const clock = (time: string) => ({ now: () => new Date(time), newRunId: () => 'none' });
const begun = async (stores: Stores, changes: Partial<Run> = {}): Promise<Run> => {
  const run = sampleRun(tenant, changes);
  await stores.runs.create(run);
  return run;
};
const nothing = async (): Promise<undefined> => undefined;
const sandbox = { release: nothing, abandon: nothing, sweep: async () => ({ holders: 0, stopped: [] }) };
const secrets = { delete: nothing, list: async () => [] };
const functions = { call: async () => ({}) as never };
const running = async (): Promise<Execution> => ({ status: 'RUNNING' }) as Execution;
const workflow = { history: async () => [], describe: running, find: running, stop: nothing };

const ended: Forced = async (stores, log) => {
  const run = await begun(stores);
  const name = executionName(run);
  const end = { tenant, run_id: run.run_id, execution_id: `:${name}`, name } as const;
  return settleRun(
    { ...stores, log, clock: clock(at(50)), secrets, functions, workflow, sandbox },
    { ...end, status: 'FAILED', error: 'DATABASE_UNREACHABLE', cause: 'Nobody answers.' },
  );
};

const overdue: Forced = async (stores, log) => {
  const chain = Chain.parse(catalog);
  await begun(stores, { created_at: '2026-01-01T00:00:00.000Z' });
  return reconcileRuns(
    {
      ...stores,
      log,
      clock: clock('2026-03-01T00:00:00.000Z'),
      secrets,
      webhookSecrets: secrets,
      functions,
      workflow,
      sandbox,
    },
    { grace_seconds: 300, chains: [chain] },
  );
};

const waited: Forced = async (stores, log) => {
  const run = await begun(stores);
  const take = async () => ({ state: 'ready', lease: sampleLease(run) }) as const;
  return takeSandbox(
    { ...stores, log, clock: clock('2026-01-31T12:15:30.000Z'), sandbox: { ...sandbox, take } },
    { tenant, run_id: run.run_id, since: '2026-01-31T12:00:00.000Z' },
  );
};

const left: Forced = async ({ runs }, log) => {
  const stopped = [{ sandbox: 'arn:aws:ecs:…:task/1', started_by: 'nobody', reason: 'no run holds it' }];
  return sweepSandboxes(
    { runs, log, sandbox: { ...sandbox, sweep: async () => ({ holders: 0, stopped }) } },
    new Date(),
  );
};

/** One answer of six million tokens, which the budget allows. */
const spent: Forced = async (_, log) => {
  const usage = { input_tokens: 1_000, output_tokens: 6_000_000, cache_read_tokens: 0, cache_write_tokens: 0 };
  const { ports, run, close } = await makeLoop({
    model: {
      kind: 'model',
      reply: async () => ({ content: [{ type: 'text', text: 'Done.' }], stop_reason: 'end_turn', usage }),
    },
    sandbox: await inProcessSandbox(['create table orders as select 1 as id']),
    budget: { dollars: 1_000, tokens: 10_000_000 },
  });
  try {
    const ids = { tenant: run.tenant, run_id: run.run_id, node: 'cataloging', agent: 'cataloging' };
    await startAgent(ports, ids);
    return await callModel({ ...ports, log }, { ...ids, turn: 1 });
  } finally {
    close();
  }
};

/** The last try of a day, at a webhook that somebody has removed. */
const undelivered: Forced = async (stores, log) => {
  await stores.deliveries.add(sampleDelivery(tenant, { tried: 9 }));
  const post = async () => ({ outcome: 'answered', status: 500 }) as const;
  return deliverMessages(
    { ...stores, log, clock: clock(at(50)), webhookSecrets: { get: nothing }, webhookSender: { post } },
    {},
  );
};

/** A forced failure for each alarm that listens to the log. */
export const forcedFailures: Readonly<Record<string, Forced>> = {
  'failed-runs': ended,
  'overdue-runs': overdue,
  'long-queue': waited,
  'tasks-without-run': left,
  'undelivered-messages': undelivered,
  spend: spent,
};

/** The lines that a function prints in a forced failure, as CloudWatch gets them. */
export const printedIn = async (force: Forced): Promise<readonly string[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-forced-'));
  const stores = openSqliteStores(join(folder, 'store.sqlite'));
  let printed = '';
  const listening = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      printed += String(chunk);
      return true;
    }),
  );
  try {
    await force(stores, powertoolsLog({ service: 'surveyor', level: 'INFO' }));
  } finally {
    for (const one of listening) one.mockRestore();
    stores.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return printed.split('\n').filter((line) => line !== '');
};
