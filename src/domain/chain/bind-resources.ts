import { Failure } from '../../contracts/failure.ts';

/** Finds what a plain name in a definition stands for on one platform; undefined for a name that is not there. */
export type ResourceResolver = {
  functionArn(name: string): string | undefined;
  machineArn(name: string): string | undefined;
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * A definition with its functions and machines bound: every Task that names one by its plain name (`call-model`,
 * `agent-loop`) gets the ARN instead. An ARN and an expression stay as they are, and so does all else: what a Task sends
 * may hold the same field names, so only a Task's own `Arguments` are looked at.
 *
 * Fails with INVALID_REQUEST on a name that the resolver does not know.
 */
export const bindResources = <D>(definition: D, resolver: ResourceResolver): D =>
  bindMachine(definition as Fields, resolver) as D;

/** A machine, a Map's processor or a Parallel's branch: whatever has states. */
const bindMachine = (machine: Fields, resolver: ResourceResolver): Fields => ({
  ...machine,
  States: Object.fromEntries(
    Object.entries(fieldsOf(machine['States'])).map(([name, state]) => [
      name,
      bindState(name, fieldsOf(state), resolver),
    ]),
  ),
});

const bindState = (name: string, state: Fields, resolver: ResourceResolver): Fields => {
  switch (state['Type']) {
    case 'Task':
      return { ...state, Arguments: bindArguments(name, state['Arguments'], resolver) };
    case 'Map':
      return { ...state, ItemProcessor: bindMachine(fieldsOf(state['ItemProcessor']), resolver) };
    case 'Parallel':
      return { ...state, Branches: listOf(state['Branches']).map((branch) => bindMachine(fieldsOf(branch), resolver)) };
    default:
      return state;
  }
};

const bindArguments = (state: string, value: unknown, resolver: ResourceResolver): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, argument]) => {
      if (!isPlainName(argument)) return [field, argument];
      if (field === 'FunctionName') return [field, bound(state, argument, 'function', resolver.functionArn(argument))];
      if (field === 'StateMachineArn') return [field, bound(state, argument, 'machine', resolver.machineArn(argument))];
      return [field, argument];
    }),
  );
};

/** Neither an ARN nor a JSONata expression. */
const isPlainName = (value: unknown): value is string => typeof value === 'string' && !/^(arn:|\{%)/.test(value);

const bound = (state: string, name: string, what: string, arn: string | undefined): string => {
  if (arn !== undefined) return arn;
  throw new Failure(
    'INVALID_REQUEST',
    `State "${state}" calls the ${what} "${name}", which does not exist here. Check the name, or deploy the ${what} first.`,
    { where: `States.${state}` },
  );
};

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
