import type { FailureKind } from '../../contracts/failure.ts';
import { failWith } from './fail-with.ts';
import { invoke } from './invoke.ts';
import { reservedPrefix } from './reserved-prefix.ts';
import type { States } from './state-machine.ts';

/** The states in which a run gets its sandbox, by their names in the history. */
export const takeSandboxStates = {
  take: `${reservedPrefix}take-sandbox`,
  wait: `${reservedPrefix}wait-for-sandbox`,
} as const;

const ready = `${reservedPrefix}sandbox-ready`;
const none = `${reservedPrefix}no-sandbox`;
const { take, wait } = takeSandboxStates;

/**
 * Takes a sandbox: asks for one, and while it is not ready waits and asks again, so that no function waits and the console
 * shows how far it is. Each round is nine history events, some hundreds of rounds at the most.
 */
export const compileTakeSandbox = (next: string, longestSeconds: number): States => ({
  [take]: {
    // A start that may still succeed is answered with `starting`; to retry one that has failed would start it all anew.
    ...invoke('take-sandbox', { since: '{% $states.context.Execution.StartTime %}' }, ['SANDBOX_UNAVAILABLE']),
    Comment: 'Asks for the sandbox of the run. Its output says how far that is: queued, starting or ready.',
    Next: ready,
  },
  [ready]: {
    Type: 'Choice',
    Comment: `Goes on with a sandbox that is ready, and gives up after ${longestSeconds} seconds.`,
    Choices: [
      { Condition: "{% $states.input.state = 'ready' %}", Next: next },
      { Condition: `{% $states.input.waited_seconds < ${longestSeconds} %}`, Next: wait },
    ],
    Default: none,
  },
  [wait]: {
    Type: 'Wait',
    Comment: 'Others are before this run, or its sandbox is starting.',
    Seconds: '{% $states.input.wait_seconds %}',
    Next: take,
  },
  [none]: failWith(
    'No sandbox was ready in time.',
    'SANDBOX_UNAVAILABLE' satisfies FailureKind,
    `'The run had no sandbox after ${Math.round(longestSeconds / 60)} minutes of waiting. Start fewer runs at once, or let there be more sandboxes.'`,
  ),
});
