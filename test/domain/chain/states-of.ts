/** A state, and where it stands: the names of the states around it and its own. */
export type FoundState = { readonly path: string; readonly state: Fields };
type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});

/** Every state of a machine, those inside of Maps and Parallels too, however deep. */
export const statesOf = (machine: unknown, around: readonly string[] = []): readonly FoundState[] =>
  Object.entries(fieldsOf(fieldsOf(machine)['States'])).flatMap(([name, value]) => {
    const state = fieldsOf(value);
    const path = [...around, name];
    const branches = Array.isArray(state['Branches']) ? (state['Branches'] as readonly unknown[]) : [];
    const inner = [state['ItemProcessor'], ...branches].flatMap((block) => statesOf(block, path));
    return [{ path: path.join(' / '), state }, ...inner];
  });

/**
 * The tasks of a machine that may run for ever, or that are not tried again as the failure table says; `own` are the
 * policies of functions that have one of their own, by name.
 */
export const unboundedTasks = (machine: unknown, retry: unknown, own: Fields = {}): readonly string[] =>
  statesOf(machine)
    .filter(({ state }) => state['Type'] === 'Task')
    .filter(
      ({ state }) =>
        typeof state['TimeoutSeconds'] !== 'number' ||
        (String(state['Resource']).endsWith(':lambda:invoke') &&
          JSON.stringify(state['Retry']) !== JSON.stringify(own[functionOf(state)] ?? retry)),
    )
    .map(({ path }) => path);

const functionOf = (state: Fields): string => String(fieldsOf(state['Arguments'])['FunctionName']);
