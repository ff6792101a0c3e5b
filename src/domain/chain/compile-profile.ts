import { attemptOfInput, invoke } from './invoke.ts';
import type { Catcher, StateMachine, States } from './state-machine.ts';

/** The machine of this name measures or checks the tables of one chunk; chains start it by that name. */
export const profileName = 'profile';

/** What an execution of the machine does with its tables: measures them, or lets the rules look at them. */
export type ProfileWork = 'measure' | 'check';

/** The states of the machine that are told apart in the history, by their names. */
export const profileStates = {
  measure: 'Measure table',
  check: 'Check table',
  list: 'List tables',
  keep: 'Keep outcomes',
} as const;

const { list, keep } = profileStates;
const remember = 'Remember';
const which = 'Measure or check?';
const measureAll = 'Measure tables';
const checkAll = 'Check tables';
const done = 'Done';
const chunk = { chunk: '{% $chunk %}' } as const;

/**
 * The tables of one chunk as a state machine: a state per table, so that there is no ceiling on the time of all together,
 * and a bad table is an item, not an end. A chunk is one execution, because an execution has 25,000 events at the most: a
 * table takes 7, and 49 where it is tried again as often as it may.
 *
 * Input of the machine: `{ tenant, run_id, attempt, node, chunk, work, max_parallel }`. What became of each table is kept by
 * `keep-outcomes`, in the order of the chunk's tables.
 */
export const compileProfile = (): StateMachine => ({
  Comment: 'One chunk of tables: measures each, or lets the rules look at each, and keeps what became of them.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 86_400,
  StartAt: remember,
  States: {
    [remember]: {
      Type: 'Pass',
      Comment: 'Takes the ids of the run and its chunk from the input.',
      Assign: {
        tenant: '{% $states.input.tenant %}',
        run_id: '{% $states.input.run_id %}',
        attempt: attemptOfInput,
        node: '{% $states.input.node %}',
        chunk: '{% $states.input.chunk %}',
        work: '{% $states.input.work %}',
        max_parallel: '{% $states.input.max_parallel %}',
      },
      Next: list,
    },
    [list]: { ...invoke('list-tables', chunk), Comment: 'Reads which tables the chunk has.', Next: which },
    [which]: {
      Type: 'Choice',
      Comment: 'A chunk is measured first, and looked at by the rules in a later execution.',
      Choices: [{ Condition: `{% $work = '${'check' satisfies ProfileWork}' %}`, Next: checkAll }],
      Default: measureAll,
    },
    ...tablesMap(measureAll, profileStates.measure, 'profile-table'),
    ...tablesMap(checkAll, profileStates.check, 'check-table'),
    [keep]: {
      ...invoke('keep-outcomes', { ...chunk, outcomes: '{% $states.input %}' }),
      Comment: 'Keeps which tables failed and of what, for the collecting.',
      Next: done,
    },
    [done]: { Type: 'Succeed' },
  },
});

const tablesMap = (state: string, item: string, task: 'profile-table' | 'check-table'): States => {
  const failed = `${item} failed`;
  const caught: readonly Catcher[] = [
    {
      ErrorEquals: ['States.ALL'],
      Next: failed,
      Output: {
        error: '{% $states.errorOutput.Error %}',
        // A cause can hold a whole stack; those of a whole chunk must stay far below the payload's 256 KiB.
        cause: '{% $substring($states.errorOutput.Cause, 0, 120) %}',
      },
    },
  ];
  return {
    [state]: {
      Type: 'Map',
      Items: '{% $states.input.tables %}',
      ItemSelector: {
        source: '{% $states.context.Map.Item.Value.source %}',
        table: '{% $states.context.Map.Item.Value.table %}',
      },
      MaxConcurrency: '{% $max_parallel %}',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: item,
        States: {
          [item]: {
            ...invoke(task, {
              node: '{% $node %}',
              source: '{% $states.input.source %}',
              table: '{% $states.input.table %}',
            }),
            // What a table came to is stored; of all together only the failures are told.
            Output: {},
            Catch: caught,
            End: true,
          },
          [failed]: { Type: 'Pass', Comment: 'The run goes on without this table; the report says why.', End: true },
        },
      },
      Next: keep,
    },
  };
};
