import { aslWorkflow, type AslWorkflow } from '../../../../src/adapters/local/asl-workflow.ts';
import type { ExecutionStatusChange, HistoryEvent } from '../../../../src/contracts/execution.ts';
import type { Execution } from '../../../../src/ports/workflow.ts';
import { virtualTime, type VirtualTime } from './virtual-time.ts';

/** A function that states call. */
export type TestFunction = (payload: never, signal: AbortSignal) => unknown;

/** An engine on virtual time with some functions. */
export type TestEngine = {
  readonly workflow: AslWorkflow;
  readonly time: VirtualTime;
  readonly events: readonly ExecutionStatusChange[];
  /** Deploys a machine, starts it and gives the id of the execution. */
  begin(definition: object, input?: unknown): Promise<string>;
  /** The execution with its history. */
  look(id: string): Promise<Execution & { readonly events: readonly HistoryEvent[] }>;
};

/** The error of a function by name, as a Failure carries its kind. */
export const namedError = (name: string, message = 'it went wrong'): Error =>
  Object.assign(new Error(message), { name });

/** An engine on virtual time. */
export const testEngine = (functions: Readonly<Record<string, TestFunction>> = {}): TestEngine => {
  const time = virtualTime();
  const events: ExecutionStatusChange[] = [];
  const workflow = aslWorkflow({
    ...time,
    invoke: async (name, payload, signal) => {
      const found = functions[name];
      if (found === undefined) throw namedError('Lambda.ResourceNotFoundException', `no function ${name}`);
      return found(payload as never, signal);
    },
    onStatusChange: async (event) => events.push(event),
  });
  let started = 0;
  return {
    workflow,
    time,
    events,
    async begin(definition, input = {}) {
      started += 1;
      await workflow.deploy('machine', { QueryLanguage: 'JSONata', ...definition });
      return (await workflow.start({ machine: 'machine', name: `run-${started}`, input })).execution_id;
    },
    async look(id) {
      const execution = await workflow.describe(id);
      if (execution === undefined) throw new Error(`no execution ${id}`);
      return { ...execution, events: await workflow.history(id) };
    },
  };
};

/** Runs a machine to its end, however many seconds that takes on virtual time. */
export const runMachine = async (
  definition: object,
  { input = {}, functions = {} }: { input?: unknown; functions?: Readonly<Record<string, TestFunction>> } = {},
): Promise<Execution & { readonly events: readonly HistoryEvent[]; readonly slept: readonly number[] }> => {
  const engine = testEngine(functions);
  const id = await engine.begin(definition, input);
  let ended = false;
  const idle = engine.workflow.idle().then(() => (ended = true));
  // Each round lets all that sleeps wake up; work that takes many turns of the event loop needs more than one.
  for (let round = 0; !ended && round < 1_000; round += 1) await engine.time.pass(1_000_000);
  if (!ended) throw new Error('the machine does not end');
  await idle;
  return { ...(await engine.look(id)), slept: engine.time.slept };
};

/** A machine of one state. */
export const machineOf = (state: object): object => ({
  StartAt: 'State',
  States: { State: { ...state, ...('Type' in state && needsEnd.has(String(state.Type)) ? { End: true } : {}) } },
});
const needsEnd = new Set(['Pass', 'Task', 'Wait', 'Map', 'Parallel']);

/** A history as lines: `3<-2 PassStateExited`. */
export const lines = (events: readonly HistoryEvent[]): readonly string[] =>
  events.map(({ id, previousEventId, type }) => `${id}<-${previousEventId} ${type}`);

/** The types of a history’s events. */
export const types = (events: readonly HistoryEvent[]): readonly string[] => events.map(({ type }) => type);
