import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import catalog from '../../../state-machines/catalog.chain.json' with { type: 'json' };
import { realSleep } from '../../../src/adapters/local/asl/time.ts';
import { aslWorkflow } from '../../../src/adapters/local/asl-workflow.ts';
import { Chain } from '../../../src/contracts/chain.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import type { Run } from '../../../src/contracts/run.ts';
import type { Step } from '../../../src/contracts/step.ts';
import { compileChain } from '../../../src/domain/chain/compile-chain.ts';
import { partMachines } from '../../../src/domain/chain/part-machines.ts';
import { stepsOfAttempt } from '../../../src/domain/run/attempt-steps.ts';
import { type ExecutionTree, startedExecutions, stepsFromHistory } from '../../../src/domain/run/steps-from-history.ts';
import { stepKey } from '../../../src/domain/run/step-key.ts';
import type { Ports } from '../../../src/ports/ports.ts';
import { readSteps } from '../../../src/use-cases/read-steps.ts';

/** What a run is made of: its tables, and the ids of the calls that each turn of its agents asks for. */
type Scenario = {
  readonly tables: readonly { readonly source: string; readonly table: string }[];
  readonly turns: readonly (readonly string[])[];
};
/** How it goes this time: which call of a function fails and is tried again, which item fails for good, how long each takes. */
type Course = { readonly seed: number; readonly failing: number; readonly broken: number };

/** Names that a path, a state's name or JSON could trip over. */
const names = fc.constantFrom(
  'orders',
  'a/b',
  'a%2Fb',
  'profile',
  '_profile.table',
  '',
  ' ',
  'ü 株',
  '"',
  '.',
  '\uD800',
  'x',
);
const scenarios: fc.Arbitrary<Scenario> = fc.record({
  tables: fc.uniqueArray(fc.record({ source: fc.constantFrom('main', 'other'), table: names }), {
    maxLength: 8,
    selector: ({ source, table }) => JSON.stringify([source, table]),
  }),
  // A model may give two calls of one turn the same id.
  turns: fc.array(fc.array(names, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
});
const courses: fc.Arbitrary<Course> = fc.record({
  seed: fc.nat(1_000),
  failing: fc.integer({ min: 2, max: 9 }),
  broken: fc.integer({ min: 3, max: 9 }),
});

type Input = {
  readonly source?: string;
  readonly table?: string;
  readonly turn?: number;
  readonly chunk?: string;
  readonly call?: { readonly id: string };
};

/** Three tables a chunk. */
const chunksOf = (tables: Scenario['tables']): readonly string[] =>
  Array.from({ length: Math.ceil(tables.length / 3) }, (_, index) => String(index));

const answerOf = (name: string, { tables, turns }: Scenario, input: Input): unknown => {
  switch (name) {
    case 'take-sandbox':
      return { state: 'ready', wait_seconds: 0, waited_seconds: 0 };
    case 'open-sources':
      return { tables: tables.length, chunks: chunksOf(tables) };
    case 'collect-profile':
      return { profiled: tables.length, failed: 0, chunks: chunksOf(tables) };
    case 'list-tables':
      return { tables: tables.slice(Number(input.chunk) * 3, Number(input.chunk) * 3 + 3) };
    case 'call-model': {
      const calls = turns[(input.turn ?? 1) - 1];
      return calls === undefined
        ? { next: 'finish', calls: [], tokens: 1, dollars: 0 }
        : {
            next: 'run_tools',
            calls: calls.map((id) => ({ id, name: 'execute_sql', summary: id })),
            tokens: 1,
            dollars: 0,
          };
    }
    case 'run-tool':
      return { id: input.call?.id, ok: true };
    case 'close-turn':
      return { next: 'call_model' };
    case 'finish-agent':
      return { status: 'succeeded', tokens: 1, dollars: 0 };
    default:
      return { source: input.source, table: input.table, rows: 1, findings: 0, model: 'm' };
  }
};

/** Runs the scenario in the real engine, and gives its steps as they are read at the end, and the histories they are read from. */
const runOf = async (
  scenario: Scenario,
  { seed, failing, broken }: Course,
): Promise<{ readonly steps: readonly Step[]; readonly tree: ExecutionTree }> => {
  let called = 0;
  let items = 0;
  const workflow = aslWorkflow({
    invoke: async (name, payload) => {
      called += 1;
      const own = (called * 7 + seed) % 5;
      // Iterations that end in another order than they began interleave their events.
      for (let turn = 0; turn < own; turn += 1) await new Promise(setImmediate);
      if (called % failing === 0) throw new Failure('STORAGE_FAILED', 'The store is away for a moment.');
      if (name === 'profile-table' && (items += 1) % broken === 0)
        throw new Failure('STATEMENT_FAILED', 'It cannot be read.');
      return answerOf(name, scenario, payload as Input);
    },
    onStatusChange: async () => {},
    // Pauses between tries pass at once; the limit of a state, 900 s and more, never comes.
    sleep: (milliseconds, signal) => realSleep(milliseconds >= 300_000 ? milliseconds : 0, signal),
  });
  for (const [name, compile] of Object.entries(partMachines)) await workflow.deploy(name, compile());
  await workflow.deploy('catalog', compileChain(Chain.parse(catalog)));
  const { execution_id } = await workflow.start({
    machine: 'catalog',
    name: 'run',
    input: { tenant: 't', run_id: 'run' },
  });
  await workflow.idle();
  const stored: Ports['steps'] = { list: async () => [], replace: async () => {} };
  const steps = await readSteps({ workflow, steps: stored }, { run_id: 'run', attempt: 1, execution_id } as Run);
  const treeOf = async (id: string): Promise<ExecutionTree> => {
    const events = await workflow.history(id);
    const children = new Map<number, ExecutionTree>();
    for (const [eventId, child] of startedExecutions(events)) children.set(eventId, await treeOf(child));
    return { events, children };
  };
  const tree = await treeOf(execution_id);
  await workflow.close('the test is over');
  return { steps, tree };
};

const identity = ({ attempt, key, try: nth }: Step): string => `${attempt} ${key} ${nth}`;
const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted((a, b) => (a < b ? -1 : 1));
const keysOf = (steps: readonly Step[]): readonly string[] => sorted(steps.map(({ key, try: nth }) => `${key} ${nth}`));

describe('the key of a step', () => {
  it('is unique in a run with attempt and try, whatever its tables and calls are named', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, courses, async (scenario, course) => {
        const { steps } = await runOf(scenario, course);
        const both = [...steps, ...stepsOfAttempt(steps, 2)].map(identity);
        expect(new Set(both).size).toBe(both.length);
        expect(steps.map(({ kind }) => kind)).toContain('node');
        expect(steps.every(({ key }) => key !== undefined && key !== '')).toBe(true);
      }),
      { numRuns: 40, seed: 11 },
    );
  }, 120_000);

  it('is the same however often its state is tried, and in whichever order things end', async () => {
    const calm: Course = { seed: 0, failing: 1_000_000, broken: 1_000_000 };
    await fc.assert(
      fc.asyncProperty(scenarios, courses, async (scenario, course) => {
        const rough = await runOf(scenario, { ...course, failing: course.failing + 2 });
        const smooth = await runOf(scenario, calm);
        // A run that fails has fewer steps, and none that the other one does not have.
        const known = new Set(keysOf(smooth.steps));
        const isWhole = rough.steps.every(({ kind, status }) => kind !== 'node' || status === 'succeeded');
        const missing = keysOf(rough.steps).filter((key) => !known.has(key));
        expect(missing).toEqual([]);
        const nodes = rough.steps.filter(({ kind }) => kind === 'node').length;
        if (!isWhole || nodes < 3 || rough.steps.some(({ kind, status }) => kind === 'table' && status === 'failed'))
          return;
        expect(keysOf(rough.steps)).toEqual(keysOf(smooth.steps));
      }),
      { numRuns: 25, seed: 12 },
    );
  }, 120_000);

  it('is the one it has at the end from the moment the step begins', async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, courses, fc.nat(1_000), async (scenario, course, cut) => {
        const { steps, tree } = await runOf(scenario, course);
        const final = new Map(steps.map((step) => [step.step_id, identity(step)]));
        const cutOff = (whole: ExecutionTree): ExecutionTree => {
          const events = whole.events.slice(0, 1 + (cut % whole.events.length));
          const children = new Map([...whole.children].filter(([id]) => events.some((event) => event.id === id)));
          return { events, children };
        };
        const soFar = stepsOfAttempt(stepsFromHistory(cutOff(tree)), 1);
        for (const step of soFar) expect(identity(step)).toBe(final.get(step.step_id));
      }),
      { numRuns: 40, seed: 13 },
    );
  }, 120_000);

  it('says what the step is', async () => {
    const { steps } = await runOf(
      { tables: [{ source: 'main', table: 'a/b' }], turns: [['one', 'one'], ['two']] },
      { seed: 1, failing: 1_000, broken: 1_000 },
    );
    expect(steps.filter(({ kind }) => kind !== 'control').map(({ kind, key, try: nth }) => [kind, key, nth])).toEqual([
      ['node', 'profile', 1],
      ['table', 'profile/table/main/a%2Fb', 1],
      ['check', 'profile/check/main/a%2Fb', 1],
      ...['cataloging', 'summary'].flatMap((agent) => [
        ['node', agent, 1],
        ['turn', `${agent}/turn/1`, 1],
        ['tool', `${agent}/turn/1/tool/one`, 1],
        ['tool', `${agent}/turn/1/tool/one`, 2],
        ['turn', `${agent}/turn/2`, 1],
        ['tool', `${agent}/turn/2/tool/two`, 1],
        ['turn', `${agent}/turn/3`, 1],
      ]),
    ]);
    expect(new Set(steps.map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('keeps apart what is named alike', () => {
    const of = (source: string, table: string) =>
      stepKey({ name: 'Measure table', kind: 'table', input: { source, table }, owner: 'profile', turn: 0 });
    expect(of('a', 'b/c')).not.toBe(of('a/b', 'c'));
    expect(of('a', 'b%2Fc')).not.toBe(of('a', 'b/c'));
  });
});
