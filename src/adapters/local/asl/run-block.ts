import { runChoice } from './choice-state.ts';
import type { State, StateBlock } from './definition.ts';
import { runFail } from './fail-state.ts';
import { record, type Flow } from './flow.ts';
import { runMap } from './map-state.ts';
import { runParallel } from './parallel-state.ts';
import { runPass } from './pass-state.ts';
import type { Payload } from './payload.ts';
import { StatesError } from './states-error.ts';
import { runSucceed } from './succeed-state.ts';
import { runTask } from './task-state.ts';
import { breathe } from './time.ts';
import type { Outcome, Visit } from './visit.ts';
import { runWait } from './wait-state.ts';

const runState = (state: State, visit: Visit): Promise<Outcome> => {
  switch (state.Type) {
    case 'Pass':
      return runPass(state, visit);
    case 'Task':
      return runTask(state, visit);
    case 'Choice':
      return runChoice(state, visit);
    case 'Wait':
      return runWait(state, visit);
    case 'Succeed':
      return runSucceed(state, visit);
    case 'Fail':
      return runFail(state, visit);
    case 'Map':
      return runMap(state, visit);
    case 'Parallel':
      return runParallel(state, visit);
  }
};

const enter = (state: State, name: string, input: Payload, flow: Flow): Visit => {
  const details = { stateEnteredEventDetails: { name, input: input.json } };
  const enteredEvent = record(flow, `${state.Type}StateEntered`, details);
  return { flow, name, input, enteredEvent, enteredTime: flow.interpreter.time.now().toISOString(), retries: 0 };
};

const exit = (state: State, { flow, name }: Visit, { output, assigned }: Outcome): void => {
  const variables = assigned && {
    assignedVariables: Object.fromEntries(Object.entries(assigned).map(([key, value]) => [key, JSON.stringify(value)])),
  };
  record(flow, `${state.Type}StateExited`, {
    stateExitedEventDetails: { name, output: output.json, ...variables },
  });
  if (assigned !== undefined) flow.variables = { ...flow.variables, ...assigned };
};

/** Runs the states of a block one after the other, from its start until one has no next, and gives the last output. */
export const runBlock = async (block: StateBlock, input: Payload, flow: Flow): Promise<Payload> => {
  let current = input;
  for (let name: string | undefined = block.StartAt; ;) {
    flow.signal.throwIfAborted();
    const state: State | undefined = block.States[name];
    if (state === undefined) throw new StatesError('States.Runtime', `There is no state "${name}"`);
    const visit = enter(state, name, current, flow);
    let outcome: Outcome;
    try {
      outcome = await runState(state, visit);
    } catch (thrown) {
      if (flow.signal.aborted) record(flow, `${state.Type}StateAborted`);
      throw thrown;
    }
    exit(state, visit, outcome);
    current = outcome.output;
    if (outcome.next === undefined) return current;
    name = outcome.next;
    await breathe();
  }
};
