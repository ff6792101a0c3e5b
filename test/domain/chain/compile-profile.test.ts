import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import catalog from '../../../state-machines/catalog.chain.json' with { type: 'json' };
import { parseMachine } from '../../../src/adapters/local/asl/parse-machine.ts';
import { type AslWorkflow, aslWorkflow } from '../../../src/adapters/local/asl-workflow.ts';
import { Chain } from '../../../src/contracts/chain.ts';
import type { HistoryEvent } from '../../../src/contracts/execution.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import type { TableRef } from '../../../src/contracts/table-ref.ts';
import { type TaskInput, isTaskName, tasks } from '../../../src/contracts/tasks.ts';
import { compileChain } from '../../../src/domain/chain/compile-chain.ts';
import { compileProfile, profileStates } from '../../../src/domain/chain/compile-profile.ts';
import { partMachines } from '../../../src/domain/chain/part-machines.ts';
import { retryPolicy } from '../../../src/domain/chain/retry-policy.ts';
import { chunkTables, maxTableNameBytes } from '../../../src/domain/run/chunk-tables.ts';
import { startedExecutions, stepsFromHistory, type ExecutionTree } from '../../../src/domain/run/steps-from-history.ts';
import { readGolden } from '../../support/read-golden.ts';
import { statesOf, unboundedTasks } from './states-of.ts';

const golden = join(import.meta.dirname, '../../golden/asl/profile.asl.json');
const machine = compileProfile();

describe('the machine for a chunk of tables', () => {
  it('is the golden state machine', () => {
    const text = `${JSON.stringify(machine, null, 2)}\n`;
    expect(text).toBe(readGolden(golden, text));
  });

  it('is taken by the engine, and every task in it is bounded and tried again', () => {
    expect(() => parseMachine('profile', machine)).not.toThrow();
    expect(unboundedTasks(machine, retryPolicy)).toEqual([]);
    const names = statesOf(machine).map(({ path }) => path.split(' / ').at(-1));
    expect(names).toEqual(expect.arrayContaining(Object.values(profileStates)));
  });
});

const mostEvents = 25_000;
/** Step Functions takes 256 KiB; what lies just below can end an execution uncatchably. */
const mostBytes = 200_000;
/** Every text in an event is a payload, or less. */
const largest = (event: HistoryEvent): number =>
  Math.max(
    0,
    ...Object.values(event).flatMap((details) =>
      typeof details === 'object' && details !== null
        ? Object.values(details).map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0))
        : [],
    ),
  );

const largestOf = (executions: readonly HistoryEvent[][]): number =>
  executions.reduce((most, events) => events.reduce((own, event) => Math.max(own, largest(event)), most), 0);

/** Runs the catalog with so many tables and functions that do nothing, and gives all its histories. */
const survey = async (
  tables: readonly TableRef[],
  work: () => void,
): Promise<{
  readonly tree: ExecutionTree;
  readonly status: string | undefined;
  readonly executions: readonly HistoryEvent[][];
}> => {
  const chunks = new Map<string, readonly TableRef[]>();
  const write = (what: string, list: readonly TableRef[]): readonly string[] =>
    chunkTables(list).map((chunk, index) => {
      chunks.set(`${what}-${index}`, chunk);
      return `${what}-${index}`;
    });
  const answer = (name: string, payload: unknown): unknown => {
    if (!isTaskName(name)) throw new Error(name);
    const input = tasks[name].input.parse(payload);
    switch (name) {
      case 'take-sandbox':
        return { state: 'ready', wait_seconds: 0, waited_seconds: 0 };
      case 'open-sources':
        return { tables: tables.length, chunks: write('tables', tables) };
      case 'collect-profile':
        return { profiled: tables.length, failed: 0, chunks: write('checks', tables) };
      case 'list-tables':
        return { tables: chunks.get((input as TaskInput<'list-tables'>).chunk) };
      case 'keep-outcomes':
        return { tables: (input as TaskInput<'keep-outcomes'>).outcomes.length, failed: 0 };
      case 'profile-table':
      case 'check-table':
        work();
        return { ...(input as TaskInput<'check-table'>), rows: 1 };
      case 'finish-agent':
        return { status: 'succeeded', tokens: 0, dollars: 0 };
      case 'call-model':
        return { next: 'finish', calls: [], tokens: 0, dollars: 0 };
      default:
        return {};
    }
  };
  const workflow: AslWorkflow = aslWorkflow({
    invoke: async (name, payload) => answer(name, payload),
    onStatusChange: async () => {},
  });
  for (const [name, compile] of Object.entries(partMachines)) await workflow.deploy(name, compile());
  await workflow.deploy('catalog', compileChain(Chain.parse(catalog)));
  const input = { tenant: 'local', run_id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' };
  const { execution_id } = await workflow.start({ machine: 'catalog', name: 'run', input });
  await workflow.idle();
  const executions: HistoryEvent[][] = [];
  const treeOf = async (id: string): Promise<ExecutionTree> => {
    const events = await workflow.history(id);
    executions.push([...events]);
    const children = new Map<number, ExecutionTree>();
    for (const [eventId, child] of startedExecutions(events)) children.set(eventId, await treeOf(child));
    return { events, children };
  };
  const tree = await treeOf(execution_id);
  const status = (await workflow.describe(execution_id))?.status;
  await workflow.close('the test is over');
  return { tree, status, executions };
};

describe('a survey of 10,000 tables with names of 60 characters', () => {
  let run: Awaited<ReturnType<typeof survey>>;
  beforeAll(async () => {
    run = await survey(
      Array.from({ length: 10_000 }, (_, index) => ({
        source: 'main',
        table: `schema_of_sales.${String(index).padStart(60 - 'schema_of_sales.'.length, 'table_')}`,
      })),
      () => undefined,
    );
  }, 300_000);

  it('succeeds', () => {
    expect(run.status).toBe('SUCCEEDED');
  });

  it('has fewer than 25,000 events in each execution', () => {
    expect(run.executions.length).toBe(1 + 2 * 50 + 2);
    expect(Math.max(...run.executions.map((events) => events.length))).toBeLessThan(mostEvents / 10);
  });

  it('has no payload above 200 KB', () => {
    expect(largestOf(run.executions)).toBeLessThan(mostBytes);
  });

  it('has a step for each table, below the profile and the checks, in the order of their start', () => {
    const steps = stepsFromHistory(run.tree);
    const [profile] = steps.filter(({ name }) => name === 'profile');
    const tables = steps.filter(({ kind }) => kind === 'table');
    expect(tables).toHaveLength(10_000);
    expect(new Set(tables.map(({ parent_id }) => parent_id))).toEqual(new Set([profile?.step_id]));
    expect(steps.filter(({ kind }) => kind === 'check')).toHaveLength(10_000);
    expect(new Set(steps.map(({ step_id }) => step_id)).size).toBe(steps.length);
    expect(steps.map(({ kind }) => kind).filter((kind) => kind === 'control')).toHaveLength(9);
  });
});

describe('a survey of tables with the longest names, all of which fail', () => {
  let run: Awaited<ReturnType<typeof survey>>;
  /** Control characters are six bytes each in JSON. */
  const name = (index: number, bytes: number): string => `${index}${'\u0001'.repeat(Math.floor(bytes / 6) - 20)}`;
  beforeAll(async () => {
    run = await survey(
      [
        ...Array.from({ length: 150 }, (_, index) => ({ source: 'main', table: name(index, maxTableNameBytes) })),
        ...Array.from({ length: 450 }, (_, index) => ({ source: 'main', table: name(index, 500) })),
      ],
      () => {
        throw new Failure('STATEMENT_FAILED', '\u0001'.repeat(1_000));
      },
    );
  }, 300_000);

  it('comes to its end with no payload above 200 KB and no history near its limit', () => {
    expect(run.status).toBe('SUCCEEDED');
    expect(largestOf(run.executions)).toBeLessThan(mostBytes);
    expect(Math.max(...run.executions.map((events) => events.length))).toBeLessThan(mostEvents / 4);
  });
});

describe('cutting tables into chunks', () => {
  const tables = (count: number, table = 'orders'): readonly TableRef[] =>
    Array.from({ length: count }, (_, index) => ({ source: 'main', table: `${table}${index}` }));

  it('keeps their order, and leaves none out', () => {
    expect(chunkTables(tables(999)).flat()).toEqual(tables(999));
    expect(chunkTables([])).toEqual([]);
  });

  it('puts the tables of a usual database into one', () => {
    expect(chunkTables(tables(150, 'a_schema.a_table_with_a_long_name_'))).toHaveLength(1);
  });

  it('bounds what the names take', () => {
    for (const chunk of chunkTables(tables(500, 'x'.repeat(3_000))))
      expect(JSON.stringify(chunk).length).toBeLessThan(100_000);
  });
});
