import type { HistoryEvent } from '../../../src/contracts/execution.ts';

type Definition = { readonly StartAt: string; readonly States: Readonly<Record<string, object>> };
type Details = Readonly<Record<string, unknown>>;

/** The states in front of the one that an execution goes on with. No machine of ours has any of these names. */
const before = '__redrive';
const choose = '__redrive-where';

const detailsOf = (event: HistoryEvent, field: 'stateEnteredEventDetails' | 'stateExitedEventDetails'): Details =>
  ((event as Details)[field] ?? {}) as Details;

const stateOf = (event: HistoryEvent): unknown =>
  detailsOf(event, 'stateEnteredEventDetails')['name'] ?? detailsOf(event, 'stateExitedEventDetails')['name'];

/**
 * What a redriven execution runs: it goes on in the state that it did not leave, with that state's input and the variables as
 * they were. Of a state that holds others Step Functions goes on in those that failed; this begins it anew.
 */
export const redrivenDefinition = (definition: object, events: readonly HistoryEvent[]): object => {
  const text = JSON.stringify(definition).replaceAll('$states.context.Execution.RedriveCount', '1');
  const machine = JSON.parse(text) as Definition;
  const own = events.filter((event) => String(stateOf(event)) in machine.States);
  const entered = own.findLast((event) => event.type.endsWith('StateEntered'));
  if (entered === undefined) throw new Error('The execution was in no state.');
  const variables = own.flatMap((event) =>
    Object.entries(detailsOf(event, 'stateExitedEventDetails')['assignedVariables'] ?? {}),
  );
  const first = {
    Type: 'Pass',
    Assign: Object.fromEntries(variables.map(([name, value]) => [name, JSON.parse(String(value)) as unknown])),
    Output: JSON.parse(String(detailsOf(entered, 'stateEnteredEventDetails')['input'])) as unknown,
    Next: choose,
  };
  // The engine refuses a machine of which a state is never reached.
  const where = {
    Type: 'Choice',
    Choices: [{ Condition: '{% false %}', Next: machine.StartAt }],
    Default: stateOf(entered),
  };
  return { ...machine, StartAt: before, States: { [before]: first, [choose]: where, ...machine.States } };
};

/** One history of an execution and of how it went on. */
export const redrivenHistory = (
  events: readonly HistoryEvent[],
  more: readonly HistoryEvent[],
): readonly HistoryEvent[] => {
  const numbers = new Map([[0, events.length]]);
  let last = events.length;
  const added: HistoryEvent[] = [];
  for (const event of more) {
    if (![before, choose].includes(String(stateOf(event)))) {
      last += 1;
      const { executionStartedEventDetails: _, ...rest } = event as HistoryEvent & Details;
      const type = event.type === 'ExecutionStarted' ? 'ExecutionRedriven' : event.type;
      added.push({ ...rest, type, id: last, previousEventId: numbers.get(event.previousEventId) ?? last - 1 });
    }
    numbers.set(event.id, last);
  }
  return [...events, ...added];
};
