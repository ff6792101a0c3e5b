import { lookUp } from '../../contracts/look-up.ts';
import { reportOfCause } from '../../contracts/failure-cause.ts';
import type { FailureReport } from '../../contracts/failure-report.ts';
import type { HistoryEvent } from '../../contracts/execution.ts';
import type { Step } from '../../contracts/step.ts';
import { agentLoopStates } from '../chain/compile-agent-loop.ts';
import { profileStates } from '../chain/compile-profile.ts';
import { takeSandboxStates } from '../chain/compile-take-sandbox.ts';
import { reservedPrefix } from '../chain/reserved-prefix.ts';
import { fieldsOf, parseJson, textOf } from './json-fields.ts';
import { stepKey, withTries } from './step-key.ts';

/** An execution's history and, by the id of the event that started each, those of the executions it started. */
export type ExecutionTree = {
  readonly events: readonly HistoryEvent[];
  readonly children: ReadonlyMap<number, ExecutionTree>;
};

/** A step that later events may still end. */
type OpenStep = { -readonly [K in keyof Step]: Step[K] };

/** What the reader knows of one event: the step it belongs to, and the Map it is inside of. */
type Place = { readonly step: OpenStep | undefined; readonly inside: OpenStep | undefined };

/**
 * The executions that this one started, by the id of the event that says so, for the reader to fetch their histories.
 */
export const startedExecutions = (events: readonly HistoryEvent[]): ReadonlyMap<number, string> => {
  const started = new Map<number, string>();
  for (const event of events) {
    if (event.type !== 'TaskSubmitted') continue;
    const details = fieldsOf(event['taskSubmittedEventDetails']);
    const output = fieldsOf(parseJson(details['output']));
    const arn = output['ExecutionArn'];
    if (typeof arn === 'string') started.set(event.id, arn);
  }
  return started;
};

/**
 * Steps read from histories in Step Functions' format, in the order of their start. Events of parallel iterations
 * interleave; `previousEventId` tells which belong together. States that do no work (Pass, Choice, Succeed, Fail) are
 * no steps.
 */
export const stepsFromHistory = (tree: ExecutionTree): readonly Step[] => withTries(collect(tree, '', undefined));

const collect = (tree: ExecutionTree, prefix: string, owner: OpenStep | undefined): readonly Step[] => {
  const steps: OpenStep[] = [];
  const nested: Step[] = [];
  const places = new Map<number, Place>();
  const events = new Map(tree.events.map((event) => [event.id, event]));
  const outside: Place = { step: undefined, inside: owner };
  let turn = 0;

  for (const event of tree.events) {
    // What concerns a whole Map follows an event of whichever iteration was the last; it belongs where the Map was entered.
    const from = enteredMap(event, events) ?? event.previousEventId;
    const before = places.get(from) ?? outside;
    let place = before;

    if (event.type.endsWith('StateEntered')) {
      // After a wait for the model the same turn is tried again.
      const isAskedAgain = steps.at(-1)?.name === agentLoopStates.waitForModel;
      if (owner !== undefined && nameOf(event) === agentLoopStates.callModel && !isAskedAgain) turn += 1;
      const waiting = isOfTaking(nameOf(event)) ? steps.findLast(isTaking) : undefined;
      const step = waiting ?? entered(event, { prefix, inside: before.inside, owner, turn });
      if (step !== undefined && step !== waiting) steps.push(step);
      place = { step, inside: before.inside };
    } else if (event.type === 'MapIterationStarted') {
      // A Map that is no step of its own (the tool calls of a turn) leaves its iterations with the agent.
      place = { step: undefined, inside: before.step ?? before.inside };
    } else if (event.type.endsWith('StateExited')) {
      exited(event, before.step);
    } else if (isFailure(event.type) && before.step !== undefined) {
      before.step.failure = failureOf(event);
    } else if (event.type === 'TaskSucceeded' && before.step !== undefined) {
      // A retry that went well: what failed before it is no longer the step's outcome.
      delete before.step.failure;
    } else if (/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(event.type)) {
      for (const step of steps) {
        if (isTaking(step) && event.type === 'ExecutionFailed') step.failure ??= failureOf(event);
        if (step.status === 'running') end(step, event, 'failed');
      }
    }

    const child = tree.children.get(event.id);
    const parent = before.step ?? before.inside;
    // Of several executions below one step, as of chunks of tables, the event that started each tells them apart.
    if (child !== undefined && parent !== undefined)
      nested.push(...collect(child, `${parent.step_id}.${before.step === undefined ? `${idOf(event)}.` : ''}`, parent));
    places.set(event.id, place);
  }
  return [...steps, ...nested].sort((a, b) => (a.step_id < b.step_id ? -1 : 1));
};

/** The event that entered the Map which an event is about; undefined for events about something else. */
const enteredMap = (event: HistoryEvent, events: ReadonlyMap<number, HistoryEvent>): number | undefined => {
  if (
    !['MapIterationStarted', 'MapStateSucceeded', 'MapStateFailed', 'MapStateAborted', 'MapStateExited'].includes(
      event.type,
    )
  )
    return undefined;
  let name = mapName(event);
  for (let at = events.get(event.previousEventId); at !== undefined; at = events.get(at.previousEventId)) {
    // MapStateFailed and MapStateSucceeded do not name their Map; the iteration before them does.
    name ??= mapName(at);
    if (at.type === 'MapStateEntered' && (name === undefined || mapName(at) === name)) return at.id;
  }
  return undefined;
};

const mapName = (event: HistoryEvent): string | undefined => {
  if (!event.type.startsWith('Map')) return undefined;
  const { name } = fieldsOf(Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1]);
  return typeof name === 'string' ? name : undefined;
};

/** The rounds in which a sandbox is asked for are one step, up to the one in which it is ready. */
const isOfTaking = (name: string): boolean => name === takeSandboxStates.take || name === takeSandboxStates.wait;
const isTaking = (step: OpenStep): boolean => step.name === takeSandboxStates.take && step.status === 'running';

/** How far a sandbox is that is not ready, in words. */
const waitingFor: Readonly<Record<string, string>> = { queued: 'queued for a sandbox', starting: 'sandbox starting' };

/** Six digits are enough for the 25,000 events of an execution, and make the ids sort as text. */
const idOf = ({ id }: HistoryEvent): string => String(id).padStart(6, '0');

const nameOf = (event: HistoryEvent): string => textOf(fieldsOf(event['stateEnteredEventDetails'])['name']);

const entered = (
  event: HistoryEvent,
  {
    prefix,
    inside,
    owner,
    turn,
  }: {
    readonly prefix: string;
    readonly inside: OpenStep | undefined;
    readonly owner: OpenStep | undefined;
    readonly turn: number;
  },
): OpenStep | undefined => {
  if (!['TaskStateEntered', 'MapStateEntered', 'WaitStateEntered'].includes(event.type)) return undefined;
  const details = fieldsOf(event['stateEnteredEventDetails']);
  const name = nameOf(event);
  const kind = kindOf(name, event.type, owner !== undefined);
  if (kind === undefined) return undefined;
  const input = fieldsOf(parseJson(details['input']));
  const call = fieldsOf(input['call']);
  const isOfTable = kind === 'table' || kind === 'check';
  const detail = isOfTable
    ? input['table']
    : kind === 'tool'
      ? call['summary']
      : name === agentLoopStates.waitForModel
        ? `the model service takes no more requests for ${String(input['wait_seconds'])} s`
        : undefined;
  return {
    step_id: `${prefix}${idOf(event)}`,
    key: stepKey({ name, kind, input, owner: owner?.key, turn }),
    ...(inside === undefined ? {} : { parent_id: inside.step_id }),
    name: kind === 'tool' && typeof call['name'] === 'string' ? call['name'] : name,
    kind,
    ...(typeof detail === 'string' ? { detail } : {}),
    ...(isOfTable && typeof input['source'] === 'string' ? { source: input['source'] } : {}),
    status: 'running',
    started_at: event.timestamp,
  };
};

/** In a child the turns and tools of an agent or the tables of a chunk are steps; in a chain's machine every Task and Map is one. */
const kindOf = (name: string, type: string, isChild: boolean): Step['kind'] | undefined => {
  if (type === 'WaitStateEntered') return 'wait';
  if (isChild) {
    if (name === agentLoopStates.callModel) return 'turn';
    if (name === agentLoopStates.runTool) return 'tool';
    if (name === profileStates.measure) return 'table';
    if (name === profileStates.check) return 'check';
    if (isAroundTables(name)) return undefined;
    return type === 'MapStateEntered' ? undefined : 'control';
  }
  if (!name.startsWith(reservedPrefix)) return 'node';
  return name.endsWith('-chunk') ? undefined : 'control';
};

/** Chunks are how the work is cut, not what is done. */
const isAroundTables = (name: string): boolean => name === profileStates.list || name === profileStates.keep;

const exited = (event: HistoryEvent, step: OpenStep | undefined): void => {
  if (step === undefined) return;
  const output = fieldsOf(parseJson(fieldsOf(event['stateExitedEventDetails'])['output']));
  const detail = isTaking(step) ? lookUp(waitingFor, textOf(output['state'])) : undefined;
  if (detail !== undefined) {
    step.detail = detail;
    return;
  }
  // A caught failure leaves its state by the exit too.
  end(step, event, step.failure === undefined ? 'succeeded' : 'failed');
  if (typeof output['tokens'] === 'number') step.tokens = output['tokens'];
  if (typeof output['dollars'] === 'number') step.dollars = output['dollars'];
  const error = output['error'];
  const isUndone =
    step.kind === 'node' ? output['status'] !== 'succeeded' : step.kind === 'turn' && output['next'] === 'wait';
  if (isUndone && typeof error === 'string' && error !== '') {
    step.status = 'failed';
    step.failure = reportOfCause(error, textOf(output['cause']));
  }
  if (step.kind === 'tool' && output['ok'] === false) step.status = 'failed';
};

const end = (step: OpenStep, event: HistoryEvent, status: 'succeeded' | 'failed'): void => {
  step.status = status;
  step.ended_at = event.timestamp;
};

const isFailure = (type: string): boolean =>
  /^(Task|TaskState|LambdaFunction|MapState)(Failed|TimedOut|Aborted)$/.test(type);

const failureOf = (event: HistoryEvent): FailureReport => {
  const details = Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1];
  const { error, cause } = fieldsOf(details);
  return reportOfCause(typeof error === 'string' ? error : 'States.TaskFailed', typeof cause === 'string' ? cause : '');
};
