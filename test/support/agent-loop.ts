import type { Ports } from '../../src/ports/ports.ts';
import { objectPorts } from '../../src/adapters/object-ports.ts';
import { heldByRun } from '../../src/contracts/sandbox.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { openSqliteStores } from '../../src/adapters/local/stores/open-sqlite-stores.ts';
import type { AgentSession, Prompt } from '../../src/contracts/agent.ts';
import type { BudgetOverride } from '../../src/contracts/budget.ts';
import type { Findings } from '../../src/contracts/finding.ts';
import type { FindingChanges } from '../../src/contracts/finding-change.ts';
import { toFailure } from '../../src/contracts/failure.ts';
import type { Drift } from '../../src/contracts/drift.ts';
import type { RunProfile } from '../../src/contracts/profile.ts';
import type { Run } from '../../src/contracts/run.ts';
import type { TaskOutput } from '../../src/contracts/tasks.ts';
import { Conversation, conversationKeys } from '../../src/domain/agent/conversation.ts';
import { reportKeys, runKeys } from '../../src/domain/run-keys.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Model } from '../../src/ports/model.ts';
import type { Prompts } from '../../src/ports/prompts.ts';
import type { Stores } from '../../src/ports/stores.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';
import { callModel } from '../../src/use-cases/call-model.ts';
import { closeTurn } from '../../src/use-cases/close-turn.ts';
import { finishAgent } from '../../src/use-cases/finish-agent.ts';
import { runTool } from '../../src/use-cases/run-tool.ts';
import { startAgent } from '../../src/use-cases/start-agent.ts';
import { takeLease } from './take-lease.ts';

/** The ports of the agent’s loop: the embedded stores in a folder of their own, everything else as the test gives it. */
export type LoopPorts = Stores &
  Pick<Ports, 'documents' | 'reports' | 'evidenceObjects'> & {
    readonly sandbox: Sandbox;
    readonly model: Model;
    readonly prompts: Prompts;
    readonly clock: Clock & { advance(seconds: number): void };
    readonly log: Log & {
      readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: unknown }[];
    };
  };

/** One run whose agent the tests let loose. */
export type LoopBench = {
  readonly ports: LoopPorts;
  readonly run: Run;
  /** Goes through the states as the machine does, a model that is away tried again; the verdict of the last one. */
  readonly drive: (agent: string) => Promise<TaskOutput<'finish-agent'>>;
  readonly session: (agent: string) => Promise<AgentSession>;
  readonly conversation: (agent: string, turn: number) => Promise<Conversation>;
  readonly report: (agent: string, kind: 'html' | 'json') => Promise<string | undefined>;
  readonly close: () => void;
};

export const tenant = 'acme';
const runId = '01JJXB3B00AAAAAAAAAAAAAAAA';

/** The prompt that most tests use: short, with every tool. */
export const plainPrompt: Prompt = {
  id: 'cataloging',
  version: 1,
  model: 'claude-sonnet-5-5',
  max_output_tokens: 8_000,
  system: 'You survey a database.',
  context: '<databases>{{databases}}</databases>\n<profile>{{profile}}</profile>\n<budget>{{budget}}</budget>',
  tools: ['execute_sql', 'execute_python', 'submit_html'],
  shows_profile: true,
  reads_reports: false,
  budget: { tokens: 1_000_000, dollars: 5, turns: 20, statements: 50, seconds: 600 },
};

export const emptyProfile: RunProfile = {
  databases: [
    { source: 'main', label: 'shop', engine: 'duckdb', engine_version: '1.5', tables: [], failed: [], not_visible: [] },
  ],
};

/** Makes a run with a lease, a profile, findings and a drift, as the states before an agent leave it. */
export const makeLoop = async (options: {
  readonly model: Model;
  readonly sandbox: Sandbox;
  readonly prompts?: Prompts;
  readonly prompt?: Prompt;
  readonly budget?: BudgetOverride;
  readonly profile?: RunProfile;
  readonly findings?: Findings;
  readonly drift?: Drift;
  readonly run?: Pick<Run, 'prompts'>;
  /** Called after each state, for what a test lets happen in between. */
  readonly afterState?: (state: string) => Promise<void>;
}): Promise<LoopBench> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-loop-'));
  const stores = openSqliteStores(join(folder, 'store.sqlite'));
  const objects = fileObjectStore(join(folder, 'objects'));
  const prompt = options.prompt ?? plainPrompt;
  const ports: LoopPorts = {
    ...stores,
    ...objectPorts(objects),
    sandbox: options.sandbox,
    model: options.model,
    prompts: options.prompts ?? {
      inForce: async () => ({ prompt, hash: 'a'.repeat(64) }),
      find: async () => ({ prompt, hash: 'a'.repeat(64) }),
    },
    clock: steppingClock(),
    log: rememberingLog(),
  };
  const publish = { s3_prefix: 'reports/shop', timestamp: '2026-01-31T12-00-00.000Z' };
  const run: Run = {
    tenant,
    run_id: runId,
    chain: { name: 'catalog', version: 1 },
    status: 'running',
    sources: [{ name: 'main', kind: 'dataset', label: 'shop', engine: 'files' }],
    attempt: 1,
    publish,
    ...(options.budget === undefined ? {} : { budget: options.budget }),
    created_at: '2026-01-31T12:00:00.000Z',
    reports: [],
    ...options.run,
  };
  await stores.runs.create(run);
  await stores.leases.put(await takeLease(options.sandbox, tenant, heldByRun(runId)));
  const keys = runKeys(runId);
  await objects.put(tenant, keys.profile, JSON.stringify(options.profile ?? emptyProfile), 'application/json');
  const found: Findings = options.findings ?? {
    rules: [],
    findings: [],
    relationships: [],
    keys: [],
    facts: [],
    not_looked_at: [],
  };
  const changes: FindingChanges = { without_findings: [], is_cut: false, changes: [] };
  await objects.put(tenant, keys.findings, JSON.stringify(found), 'application/json');
  await objects.put(tenant, keys.findingChanges, JSON.stringify(changes), 'application/json');
  await objects.put(tenant, keys.drift, JSON.stringify(options.drift ?? { changes: [] }), 'application/json');
  return {
    ports,
    run,
    drive: (agent) => driveAgent(ports, agent, options.afterState ?? (async () => {})),
    session: async (agent) => (await stores.sessions.get(tenant, runId, agent)) ?? fail(`no session of ${agent}`),
    conversation: async (agent, turn) => {
      const bytes = await objects.get(tenant, conversationKeys(runId, agent).closed(turn));
      return Conversation.parse(JSON.parse(new TextDecoder().decode(bytes ?? fail(`no conversation of turn ${turn}`))));
    },
    report: async (agent, kind) => {
      const bytes = await objects.get(tenant, reportKeys(publish.s3_prefix, publish.timestamp, agent)[kind]);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    close: () => {
      stores.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const fail = (message: string): never => {
  throw new Error(message);
};

/** The machine of the loop in twenty lines: what a state throws goes to the end, except what is worth another try. */
export const driveAgent = async (
  ports: LoopPorts,
  agent: string,
  afterState: (state: string) => Promise<void>,
): Promise<TaskOutput<'finish-agent'>> => {
  const ids = { tenant, run_id: runId, node: agent, agent };
  const state = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (thrown) {
        if (!isRetried(thrown) || attempt === 5) throw thrown;
      } finally {
        await afterState(name);
      }
    }
  };
  try {
    await state('start-agent', () => startAgent(ports, ids));
    for (let turn = 1, next = 'call_model'; next === 'call_model'; turn += 1) {
      const verdict = await state('call-model', () => callModel(ports, { ...ids, turn }));
      if (verdict.next === 'finish') break;
      if (verdict.next === 'wait') {
        ports.clock.advance(verdict.wait_seconds ?? 0);
        turn -= 1;
        continue;
      }
      for (const call of verdict.calls) await state('run-tool', () => runTool(ports, { ...ids, turn, call }));
      ({ next } = await state('close-turn', () => closeTurn(ports, { ...ids, turn })));
    }
    return await finishAgent(ports, { ...ids, error: '', cause: '' });
  } catch (thrown) {
    const failure = toFailure(thrown);
    return finishAgent(ports, {
      ...ids,
      error: failure.kind,
      cause: JSON.stringify({ errorType: failure.kind, errorMessage: failure.message }),
    });
  }
};

const isRetried = (thrown: unknown): boolean => ['MODEL_UNAVAILABLE'].includes(toFailure(thrown).kind);

const steppingClock = (): LoopPorts['clock'] => {
  let now = Date.parse('2026-01-31T12:00:01.000Z');
  return {
    now: () => new Date(now),
    newRunId: () => runId,
    advance: (seconds) => {
      now += seconds * 1_000;
    },
  };
};

const rememberingLog = (): LoopPorts['log'] => {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const at = (level: string) => (message: string, fields?: unknown) => {
    lines.push({ level, message, fields });
  };
  const log: LoopPorts['log'] = {
    lines,
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: () => log,
  };
  return log;
};
