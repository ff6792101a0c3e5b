import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalog from '../../../state-machines/catalog.chain.json' with { type: 'json' };
import { type AslWorkflow, aslWorkflow } from '../../../src/adapters/local/asl-workflow.ts';
import { realSleep } from '../../../src/adapters/local/asl/time.ts';
import { Chain } from '../../../src/contracts/chain.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import type { Run } from '../../../src/contracts/run.ts';
import type { Step } from '../../../src/contracts/step.ts';
import { agentLoopName, compileAgentLoop } from '../../../src/domain/chain/compile-agent-loop.ts';
import { compileChain } from '../../../src/domain/chain/compile-chain.ts';
import { partMachines } from '../../../src/domain/chain/part-machines.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { type ExecutionTree, stepsFromHistory } from '../../../src/domain/run/steps-from-history.ts';
import { readSteps } from '../../../src/use-cases/read-steps.ts';

/** What the functions answer: four tables, one of them bad; two turns with two tools each, then the end. */
const answers: Readonly<
  Record<
    string,
    (input: {
      readonly turn?: number;
      readonly table?: string;
      readonly chunk?: string;
      readonly call?: { readonly id: string };
    }) => unknown
  >
> = {
  'open-sources': () => ({ tables: 4, chunks: ['ab', 'cd'] }),
  'list-tables': ({ chunk = '' }) => ({ tables: chunk.split('').map((table) => ({ source: 'main', table })) }),
  'keep-outcomes': () => ({ tables: 2, failed: 0 }),
  'profile-table': ({ table }) => {
    if (table === 'c') throw new Failure('STATEMENT_FAILED', 'column "x" cannot be read');
    return { source: 'main', table, rows: 1 };
  },
  'collect-profile': () => ({
    profiled: 3,
    failed: 1,
    chunks: ['ab', 'd'],
  }),
  'check-table': ({ table }) => {
    if (table === 'b') throw new Failure('DATABASE_LOST', 'the server is gone');
    return { source: 'main', table, findings: 2, not_looked_at: 0 };
  },
  'collect-findings': () => ({ findings: 4, not_looked_at: 1 }),
  'start-agent': () => ({ model: 'm' }),
  'call-model': ({ turn = 1 }) =>
    turn < 3
      ? {
          next: 'run_tools',
          calls: [
            { id: 'first', name: 'execute_sql', summary: `SELECT ${turn}` },
            { id: 'second', name: 'execute_python', summary: `print(${turn})` },
          ],
          tokens: 10,
          dollars: 0.01,
        }
      : { next: 'finish', calls: [], tokens: 10, dollars: 0.01 },
  'run-tool': ({ call }) => ({ id: call?.id, ok: call?.id === 'first' }),
  'close-turn': () => ({ next: 'call_model' }),
  'finish-agent': () => ({ status: 'succeeded', tokens: 30, dollars: 0.03 }),
};

/** How far the sandbox is, each time it is asked for. */
const rounds = ['queued', 'queued', 'starting', 'ready'].map((state, waited_seconds) => ({
  state,
  wait_seconds: 0,
  waited_seconds,
}));

describe('steps read from the history of a real execution', () => {
  let workflow: AslWorkflow;
  let steps: readonly Step[];
  let execution: string;

  beforeAll(async () => {
    let asked = 0;
    workflow = aslWorkflow({
      // Iterations that end in another order than they began interleave their events.
      invoke: async (name, payload) => {
        const input = payload as { readonly table?: string };
        await new Promise((resolve) => setTimeout(resolve, input.table === 'a' ? 30 : 2));
        if (name === 'take-sandbox') return rounds[asked++];
        return answers[name]?.(input);
      },
      onStatusChange: async () => {},
    });
    for (const [name, compile] of Object.entries(partMachines)) await workflow.deploy(name, compile());
    await workflow.deploy('catalog', compileChain(Chain.parse(catalog)));
    ({ execution_id: execution } = await workflow.start({
      machine: 'catalog',
      name: 'run',
      input: { tenant: 'local', run_id: 'run' },
    }));
    await workflow.idle();
    const stored: Ports['steps'] = { list: async () => [], replace: async () => {} };
    const run = { run_id: 'run', attempt: 1, execution_id: execution } as Run;
    steps = await readSteps({ workflow, steps: stored }, run);
  });
  afterAll(() => workflow.close('the test is over'));

  const named = (name: string): readonly Step[] => steps.filter((step) => step.name === name);

  it('have the nodes of the chain, all succeeded', () => {
    expect(steps.filter(({ kind }) => kind === 'node').map(({ name, status }) => [name, status])).toEqual([
      ['profile', 'succeeded'],
      ['cataloging', 'succeeded'],
      ['summary', 'succeeded'],
    ]);
  });

  it('have one step for all the rounds in which the sandbox was asked for', () => {
    expect(steps.filter(({ name }) => /sandbox/.test(name))).toMatchObject([
      { name: '_take-sandbox', key: '_take-sandbox', try: 1, kind: 'control', status: 'succeeded' },
    ]);
  });

  it('say at each moment how far the sandbox is', async () => {
    const events = await workflow.history(execution);
    const takingAt = (count: number) =>
      stepsFromHistory({ events: events.slice(0, count), children: new Map() }).find(({ name }) =>
        /sandbox/.test(name),
      );
    const seen = events.map((_, index) => takingAt(index + 1)).map((step) => step && `${step.status} ${step.detail}`);
    expect([...new Set(seen)]).toEqual([
      undefined,
      'running undefined',
      'running queued for a sandbox',
      'running sandbox starting',
      'succeeded sandbox starting',
    ]);
  });

  it('have each table below the profile, and only the bad one failed, with its reason', () => {
    const [profile] = named('profile');
    const tables = steps.filter(({ kind }) => kind === 'table');
    expect(tables.map(({ parent_id }) => parent_id)).toEqual(Array.from({ length: 4 }, () => profile?.step_id));
    expect(tables.map(({ detail, status }) => `${detail} ${status}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'a succeeded',
      'b succeeded',
      'c failed',
      'd succeeded',
    ]);
    expect(new Set(tables.map(({ source }) => source))).toEqual(new Set(['main']));
    expect(tables.find(({ detail }) => detail === 'c')?.failure).toEqual({
      kind: 'STATEMENT_FAILED',
      message: 'column "x" cannot be read',
    });
  });

  it('have each measured table below the checks, and only the one whose check broke off failed', () => {
    const [checks] = named('_profile.checks');
    const tables = steps.filter(({ kind }) => kind === 'check');
    expect(checks).toMatchObject({ kind: 'control', status: 'succeeded' });
    expect(tables.map(({ parent_id }) => parent_id)).toEqual(Array.from({ length: 3 }, () => checks?.step_id));
    expect(
      tables
        .map(({ source, detail, status }) => `${source} ${detail} ${status}`)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['main a succeeded', 'main b failed', 'main d succeeded']);
    expect(tables.find(({ detail }) => detail === 'b')?.failure).toEqual({
      kind: 'DATABASE_LOST',
      message: 'the server is gone',
    });
  });

  it('have each agent’s turns and tools below the agent, with what they cost', () => {
    for (const agent of ['cataloging', 'summary']) {
      const [node] = named(agent);
      const mine = steps.filter(({ parent_id }) => parent_id === node?.step_id);
      expect(mine.filter(({ kind }) => kind === 'turn').map(({ tokens, dollars }) => [tokens, dollars])).toEqual([
        [10, 0.01],
        [10, 0.01],
        [10, 0.01],
      ]);
      expect(
        mine.filter(({ kind }) => kind === 'tool').map(({ name, detail, status }) => [name, detail, status]),
      ).toEqual([
        ['execute_sql', 'SELECT 1', 'succeeded'],
        ['execute_python', 'print(1)', 'failed'],
        ['execute_sql', 'SELECT 2', 'succeeded'],
        ['execute_python', 'print(2)', 'failed'],
      ]);
    }
  });

  it('are in the order of their start, with ids that are unique and sort alike', () => {
    const ids = steps.map(({ step_id }) => step_id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => (a < b ? -1 : 1)));
    expect(steps.every(({ ended_at }) => ended_at !== undefined)).toBe(true);
  });
});

describe('steps of a run that gets no sandbox', () => {
  it('tell so of the sandbox, which the machine waits for an hour', async () => {
    const workflow = aslWorkflow({
      invoke: async () => ({ state: 'queued', wait_seconds: 0, waited_seconds: 3_600 }),
      onStatusChange: async () => {},
    });
    await workflow.deploy('catalog', compileChain(Chain.parse(catalog)));
    const input = { tenant: 'local', run_id: 'run' };
    const { execution_id } = await workflow.start({ machine: 'catalog', name: 'run', input });
    await workflow.idle();
    expect(await workflow.describe(execution_id)).toMatchObject({ status: 'FAILED', error: 'SANDBOX_UNAVAILABLE' });
    const steps = stepsFromHistory({ events: await workflow.history(execution_id), children: new Map() });
    expect(steps).toMatchObject([
      {
        name: '_take-sandbox',
        status: 'failed',
        failure: { kind: 'SANDBOX_UNAVAILABLE', message: expect.stringContaining('after 60 minutes') as string },
      },
    ]);
    await workflow.close('the test is over');
  });
});

describe('steps of an agent whose model takes no more requests', () => {
  it('have each wait, and the turn that is tried again after it as the same turn', async () => {
    const busy = {
      calls: [],
      tokens: 0,
      dollars: 0,
      next: 'wait',
      wait_seconds: 37,
      error: 'MODEL_RATE_LIMITED',
      cause: 'Too many.',
    };
    const answered = { calls: [], tokens: 10, dollars: 0.1, next: 'take_turn' };
    const replies = [busy, busy, answered, busy, answered];
    const waited: number[] = [];
    let closed = 0;
    const workflow = aslWorkflow({
      invoke: async (name) => {
        if (name === 'call-model') return replies.shift();
        if (name === 'close-turn') return { next: (closed += 1) === 2 ? 'finish' : 'call_model' };
        return name === 'finish-agent' ? { status: 'succeeded', tokens: 20, dollars: 0.2 } : {};
      },
      onStatusChange: async () => {},
      sleep: async (milliseconds, signal) => {
        if (milliseconds !== 37_000) return realSleep(milliseconds, signal);
        waited.push(milliseconds);
      },
    });
    await workflow.deploy(agentLoopName, compileAgentLoop());
    const input = { tenant: 'local', run_id: 'run', node: 'cataloging', agent: 'cataloging' };
    const { execution_id } = await workflow.start({ machine: agentLoopName, name: 'loop', input });
    await workflow.idle();
    expect(await workflow.describe(execution_id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(waited).toHaveLength(3);
    const child: ExecutionTree = { events: await workflow.history(execution_id), children: new Map() };
    const started = [
      { id: 1, previousEventId: 0, type: 'ExecutionStarted', timestamp: '2026-01-31T12:00:00.000Z' },
      {
        id: 2,
        previousEventId: 1,
        type: 'TaskStateEntered',
        timestamp: '2026-01-31T12:00:00.000Z',
        stateEnteredEventDetails: { name: 'cataloging', input: '{}' },
      },
      { id: 3, previousEventId: 2, type: 'TaskSubmitted', timestamp: '2026-01-31T12:00:00.000Z' },
    ];
    const steps = stepsFromHistory({ events: started, children: new Map([[3, child]]) });
    const shown = steps.filter(({ kind }) => kind === 'turn' || kind === 'wait');
    expect(shown.map(({ kind, key, try: nth, status }) => [kind, key, nth, status])).toEqual([
      ['turn', 'cataloging/turn/1', 1, 'failed'],
      ['wait', 'cataloging/turn/1/Wait%20for%20model', 1, 'succeeded'],
      ['turn', 'cataloging/turn/1', 2, 'failed'],
      ['wait', 'cataloging/turn/1/Wait%20for%20model', 2, 'succeeded'],
      ['turn', 'cataloging/turn/1', 3, 'succeeded'],
      ['turn', 'cataloging/turn/2', 1, 'failed'],
      ['wait', 'cataloging/turn/2/Wait%20for%20model', 1, 'succeeded'],
      ['turn', 'cataloging/turn/2', 2, 'succeeded'],
    ]);
    expect(shown[0]?.failure).toEqual({ kind: 'MODEL_RATE_LIMITED', message: 'Too many.' });
    expect(shown[1]?.detail).toBe('the model service takes no more requests for 37 s');
    await workflow.close('the test is over');
  });
});
