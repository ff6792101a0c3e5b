import { EvaluationError, evaluateTemplate, expressionText, jsonType } from './expression.ts';
import { record, type Flow } from './flow.ts';
import { toPayload, withinLimit, type Payload } from './payload.ts';
import { StatesError } from './states-error.ts';

/** One stay of a flow in a state, all its retries included. */
export type Visit = {
  readonly flow: Flow;
  readonly name: string;
  readonly input: Payload;
  readonly enteredEvent: number;
  readonly enteredTime: string;
  retries: number;
};

/** What `$states` holds besides input and context. */
export type StatesExtra = {
  readonly result?: unknown;
  readonly errorOutput?: unknown;
  /** More fields of the context object: Task, Map. */
  readonly context?: Readonly<Record<string, unknown>>;
};

/** Where a visit leads: `next` is undefined at the end of the block. */
export type Outcome = {
  readonly output: Payload;
  readonly next: string | undefined;
  readonly assigned?: Readonly<Record<string, unknown>>;
};

/** The fields that say how a state, a rule or a catcher is left. */
type Exit = { readonly Output?: unknown; readonly Assign?: unknown; readonly Next?: string | undefined };

const bindings = (visit: Visit, extra: StatesExtra): Readonly<Record<string, unknown>> => {
  const { flow, name, input, enteredTime, retries } = visit;
  const State = { Name: name, EnteredTime: enteredTime, RetryCount: retries };
  const context = { ...flow.context, State, ...extra.context };
  return { ...flow.variables, states: { input: input.value, ...extra, context } };
};

/** Ends a visit whose field could not be evaluated, or not to what it must be. */
export const queryFailed = (visit: Visit, location: string, what: string): StatesError => {
  const cause = `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEvent}). ${what}`;
  const details = { error: 'States.QueryEvaluationError', cause, location, state: visit.name };
  record(visit.flow, 'EvaluationFailed', { evaluationFailedEventDetails: details });
  return new StatesError(details.error, cause);
};

/** A field's value. Fails with States.QueryEvaluationError. */
export const evaluate = async (
  visit: Visit,
  template: unknown,
  location: string,
  extra: StatesExtra = {},
): Promise<unknown> => {
  try {
    return await evaluateTemplate(template, location, bindings(visit, extra));
  } catch (thrown) {
    if (thrown instanceof EvaluationError) throw queryFailed(visit, thrown.location, thrown.message);
    throw thrown;
  }
};

const isOfType = {
  number: (value: unknown): value is number => typeof value === 'number',
  string: (value: unknown): value is string => typeof value === 'string',
  boolean: (value: unknown): value is boolean => typeof value === 'boolean',
  array: (value: unknown): value is readonly unknown[] => Array.isArray(value),
};
type Typed = { number: number; string: string; boolean: boolean; array: readonly unknown[] };

/** A field's value, which must be of one type. Fails with States.QueryEvaluationError. */
export const evaluateTyped = async <T extends keyof Typed>(
  visit: Visit,
  template: unknown,
  location: string,
  type: T,
): Promise<Typed[T]> => {
  const value = await evaluate(visit, template, location);
  if (isOfType[type](value)) return value as Typed[T];
  throw queryFailed(
    visit,
    location,
    `The JSONata expression '${expressionText(String(template))}' specified for the field '${location}' returned an unexpected result type. ` +
      `Expected '${type}', but was '${jsonType(value)}' for value: ${JSON.stringify(value)}`,
  );
};

/** The same for a field that may be absent, and with a number that must be whole where the field's literal must be. */
export const evaluateCount = async (
  visit: Visit,
  template: number | string | undefined,
  location: string,
  smallest: number,
): Promise<number | undefined> => {
  if (template === undefined || typeof template === 'number') return template;
  const count = await evaluateTyped(visit, template, location, 'number');
  if (Number.isInteger(count) && count >= smallest) return count;
  throw queryFailed(
    visit,
    location,
    `The field '${location}' must be a whole number of at least ${smallest}, but was ${count}`,
  );
};

/**
 * Leaves a state: `Assign` and `Output` are both evaluated against the variables as they were when it was entered.
 * Fails with States.QueryEvaluationError or States.DataLimitExceeded.
 */
export const leave = async (
  visit: Visit,
  exit: Exit,
  fallback: Payload,
  extra: StatesExtra = {},
  where = '',
): Promise<Outcome> => {
  const output =
    exit.Output === undefined ? fallback : toPayload(await evaluate(visit, exit.Output, `${where}Output`, extra));
  const leaving = { output: withinLimit(output, visit.name), next: exit.Next };
  if (exit.Assign === undefined) return leaving;
  const assigned = withinLimit(toPayload(await evaluate(visit, exit.Assign, `${where}Assign`, extra)), visit.name);
  return { ...leaving, assigned: assigned.value as Readonly<Record<string, unknown>> };
};
