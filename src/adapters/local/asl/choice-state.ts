import type { ChoiceState } from './definition.ts';
import { StatesError } from './states-error.ts';
import { evaluateTyped, leave, type Outcome, type Visit } from './visit.ts';

/** Goes on where the first rule whose condition is true says, else to the default. */
export const runChoice = async (state: ChoiceState, visit: Visit): Promise<Outcome> => {
  for (const [index, rule] of state.Choices.entries()) {
    const where = `Choices[${index}]/`;
    if (await evaluateTyped(visit, rule.Condition, `${where}Condition`, 'boolean')) {
      return leave(visit, rule, visit.input, {}, where);
    }
  }
  if (state.Default !== undefined) {
    const { Output, Assign, Default } = state;
    return leave(visit, { Output, Assign, Next: Default }, visit.input);
  }
  throw new StatesError(
    'States.Runtime',
    `An error occurred while executing the state '${visit.name}' (entered at the event id #${visit.enteredEvent}). No rule of Choices holds, and there is no Default.`,
  );
};
