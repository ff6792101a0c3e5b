import { compileExpression, expressionText, isExpression } from './expression.ts';
import type { Machine, State, StateBlock } from './definition.ts';

/** A state of a machine with its block and the variables that the blocks around it assign. */
type Place = {
  readonly name: string;
  readonly state: State;
  readonly block: StateBlock;
  readonly outerVariables: ReadonlySet<string>;
};

const MOST_NAME = 80;

/** The state of that name; a name like "constructor" finds nothing that a block inherits. */
const stateOf = (block: StateBlock, name: string): State | undefined =>
  Object.hasOwn(block.States, name) ? block.States[name] : undefined;

const nextStates = (state: State): readonly string[] => {
  const next: string[] = [];
  if ('Next' in state && state.Next !== undefined) next.push(state.Next);
  if ('Catch' in state) next.push(...(state.Catch ?? []).map((catcher) => catcher.Next));
  if (state.Type === 'Choice') {
    next.push(...state.Choices.map((rule) => rule.Next));
    if (state.Default !== undefined) next.push(state.Default);
  }
  return next;
};

const innerBlocks = (state: State): readonly StateBlock[] => {
  if (state.Type === 'Map') return [state.ItemProcessor];
  return state.Type === 'Parallel' ? state.Branches : [];
};

const assignedVariables = (state: State): readonly string[] => {
  const assigns = 'Assign' in state ? [state.Assign] : [];
  if ('Catch' in state) assigns.push(...(state.Catch ?? []).map((catcher) => catcher.Assign));
  if (state.Type === 'Choice') assigns.push(...state.Choices.map((rule) => rule.Assign));
  return assigns.flatMap((assign) => Object.keys(assign ?? {}));
};

const blockVariables = (block: StateBlock): readonly string[] => Object.values(block.States).flatMap(assignedVariables);

/** All states of a block and of the blocks inside of it. */
const places = (block: StateBlock, outerVariables: ReadonlySet<string>): readonly Place[] => {
  const inner = new Set([...outerVariables, ...blockVariables(block)]);
  return Object.entries(block.States).flatMap(([name, state]) => [
    { name, state, block, outerVariables },
    ...innerBlocks(state).flatMap((nested) => places(nested, inner)),
  ]);
};

const checkBlock = (block: StateBlock, where: string): readonly string[] => {
  if (stateOf(block, block.StartAt) === undefined)
    return [`${where}: StartAt names "${block.StartAt}", which is no state of it`];
  const reached = new Set<string>();
  const open = [block.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = stateOf(block, name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...nextStates(state));
  }
  return Object.keys(block.States)
    .filter((name) => !reached.has(name))
    .map((name) => `state "${name}" is never reached`);
};

const checkTransitions = ({ state, block }: Place): readonly string[] => {
  const faults = nextStates(state)
    .filter((next) => stateOf(block, next) === undefined)
    .map((next) => `goes on to "${next}", which is no state beside it`);
  const needsOne = state.Type !== 'Choice' && state.Type !== 'Succeed' && state.Type !== 'Fail';
  if (needsOne && (state.Next === undefined) === (state.End === undefined))
    faults.push('needs exactly one of Next and End');
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    faults.push('needs exactly one of Seconds and Timestamp');
  }
  return faults;
};

const checkErrorRules = ({ state }: Place): readonly string[] => {
  const lists = 'Retry' in state || 'Catch' in state ? { Retry: state.Retry, Catch: state.Catch } : {};
  return Object.entries(lists).flatMap(([field, rules]) =>
    (rules ?? []).flatMap(({ ErrorEquals }, index, { length }) => {
      if (!ErrorEquals.includes('States.ALL')) return [];
      if (ErrorEquals.length > 1) return [`${field}[${index}]: States.ALL must stand alone in ErrorEquals`];
      return index < length - 1 ? [`${field}[${index}]: States.ALL must be in the last rule`] : [];
    }),
  );
};

const checkVariables = ({ state, outerVariables }: Place): readonly string[] =>
  assignedVariables(state).flatMap((variable) => {
    if (variable === 'states') return ['Assign: the variable "states" is reserved'];
    if (variable.length > MOST_NAME || !/^[\p{ID_Start}][\p{ID_Continue}]*$/u.test(variable)) {
      return [`Assign: "${variable}" is no name of a variable`];
    }
    if (!outerVariables.has(variable)) return [];
    return [`Assign: "${variable}" belongs to the states around this block, which may be read here but not assigned`];
  });

const checkExpressions = (value: unknown, where: string): readonly string[] => {
  if (typeof value === 'string') {
    if (!isExpression(value)) return [];
    try {
      compileExpression(expressionText(value));
      return [];
    } catch (thrown) {
      return [`${where} is not JSONata: ${(thrown as { message?: string }).message ?? String(thrown)}`];
    }
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    checkExpressions(inner, where === '' ? key : `${where}/${key}`),
  );
};

const checkPlace = (place: Place): readonly string[] => {
  const { ItemProcessor: _processor, Branches: _branches, ...own } = place.state as Record<string, unknown>;
  const faults = [
    ...checkTransitions(place),
    ...checkErrorRules(place),
    ...checkVariables(place),
    ...checkExpressions(own, ''),
  ];
  if (place.name.length > MOST_NAME) faults.push(`its name is longer than ${MOST_NAME} characters`);
  const blocks = innerBlocks(place.state).flatMap((block) => checkBlock(block, `state "${place.name}"`));
  return [...faults.map((fault) => `state "${place.name}": ${fault}`), ...blocks];
};

/**
 * What is wrong with a machine beyond its schema: states that are not there, never reached or named twice, rules and
 * variables that Step Functions refuses, text that is not JSONata.
 */
export const checkMachine = (machine: Machine): readonly string[] => {
  const all = places(machine, new Set());
  const names = all.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...checkBlock(machine, 'the machine'),
    ...[...twice].map((name) => `state "${name}" exists twice; names are unique in the whole machine`),
    ...all.flatMap(checkPlace),
  ];
};
