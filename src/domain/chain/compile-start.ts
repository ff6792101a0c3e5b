import type { Chain } from '../../contracts/chain.ts';
import type { TaskInput } from '../../contracts/tasks.ts';
import { attemptOfInput, invokeWith } from './invoke.ts';
import { reservedPrefix } from './reserved-prefix.ts';
import type { States } from './state-machine.ts';

/** The first state of every chain. */
export const startState = `${reservedPrefix}start`;

const adopt = `${reservedPrefix}adopt-execution`;

const ids = {
  tenant: '{% $states.input.tenant %}',
  run_id: '{% $states.input.run_id %}',
  attempt: attemptOfInput,
} as const;

const request = {
  request: '{% $states.input %}',
  name: '{% $states.context.Execution.Name %}',
  execution_id: '{% $states.context.Execution.Id %}',
  started_at: '{% $states.context.Execution.StartTime %}',
} as const satisfies { readonly [F in keyof TaskInput<'adopt-execution'>]: string };

/**
 * The beginning of a chain: takes the run's ids from the input. Of a chain that may be asked for in the console, it makes a
 * run of the request first, where that is what the execution was started with.
 */
export const compileStart = (chain: Pick<Chain, 'request'>, next: string): States =>
  chain.request === undefined
    ? { [startState]: { Type: 'Pass', Comment: 'Takes the ids of the run from the input.', Assign: ids, Next: next } }
    : {
        [startState]: {
          Type: 'Choice',
          Comment:
            'Takes the ids of the run from the input, or goes on to make a run, where the input is a catalog request.',
          Choices: [{ Condition: '{% $exists($states.input.run_id) %}', Assign: ids, Next: next }],
          Default: adopt,
        },
        [adopt]: {
          ...invokeWith('adopt-execution', request),
          Comment:
            'Makes the run of this execution, which was started with a catalog request: as POST /catalog takes it, and the tenant.',
          Assign: {
            tenant: '{% $states.result.Payload.tenant %}',
            run_id: '{% $states.result.Payload.run_id %}',
            attempt: 1,
          },
          Next: next,
        },
      };
