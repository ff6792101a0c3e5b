import { attemptOfInput, invoke } from './invoke.ts';
import type { Catcher, StateMachine } from './state-machine.ts';

/** The machine of this name runs every agent's loop; chains start it by that name. */
export const agentLoopName = 'agent-loop';

/** The states of the loop that are steps of their own kind, by their names in the history. */
export const agentLoopStates = {
  callModel: 'Call model',
  waitForModel: 'Wait for model',
  runTool: 'Run tool',
} as const;

const { callModel, waitForModel, runTool } = agentLoopStates;
const remember = 'Remember';
const start = 'Start agent';
const stop = 'What next?';
const runTools = 'Run tools';
const closeTurn = 'Close turn';
const budget = 'Budget left?';
const finish = 'Finish agent';
const done = 'Done';

const agent = { node: '{% $node %}', agent: '{% $agent %}' } as const;
const turn = { ...agent, turn: '{% $turn %}' } as const;

/** Whatever fails, the agent is ended in its own words: the failure is kept, and the last task tells of it. */
const catchAll: readonly Catcher[] = [
  {
    ErrorEquals: ['States.ALL'],
    Assign: {
      error: '{% $states.errorOutput.Error %}',
      // A cause can hold a whole stack. What a state carries stays far below the 256 KiB of a payload.
      cause: '{% $substring($states.errorOutput.Cause, 0, 20000) %}',
    },
    Next: finish,
  },
];

/**
 * The loop of one agent as a state machine: call the model, run the tools it asks for, and again, until it has submitted
 * its report or may not go on. Ids and verdicts alone; the conversation lies in the object store.
 *
 * Input of the machine: `{ tenant, run_id, attempt, node, agent }`. Its output is the verdict of `finish-agent`.
 */
export const compileAgentLoop = (): StateMachine => ({
  Comment:
    'The loop of one agent: call the model, run the tools it asks for, and again, until it has submitted its report or may not go on.',
  QueryLanguage: 'JSONata',
  TimeoutSeconds: 86_400,
  StartAt: remember,
  States: {
    [remember]: {
      Type: 'Pass',
      Comment: 'Takes the ids of the run and its agent from the input.',
      Assign: {
        tenant: '{% $states.input.tenant %}',
        run_id: '{% $states.input.run_id %}',
        attempt: attemptOfInput,
        node: '{% $states.input.node %}',
        agent: '{% $states.input.agent %}',
        turn: 1,
        error: "{% '' %}",
        cause: "{% '' %}",
      },
      Next: start,
    },
    [start]: {
      ...invoke('start-agent', agent),
      Comment: 'Makes the first message, and a kernel for the code of the agent.',
      Catch: catchAll,
      Next: callModel,
    },
    [callModel]: {
      ...invoke('call-model', turn),
      Comment: 'One turn of the model. Its output says what comes next, and which tools with what.',
      Catch: catchAll,
      Next: stop,
    },
    [stop]: {
      Type: 'Choice',
      Comment: 'Runs the tools that the model asked for, goes on without, asks the model again later, or ends.',
      Choices: [
        { Condition: "{% $states.input.next = 'run_tools' %}", Next: runTools },
        { Condition: "{% $states.input.next = 'take_turn' %}", Next: closeTurn },
        { Condition: "{% $states.input.next = 'wait' %}", Next: waitForModel },
      ],
      Default: finish,
    },
    [waitForModel]: {
      Type: 'Wait',
      Comment:
        'The model service takes no more requests now. No function waits for it, and the seconds of the agent do not count it.',
      Seconds: '{% $states.input.wait_seconds %}',
      Next: callModel,
    },
    [runTools]: {
      Type: 'Map',
      Comment: 'One state a call, in the order the model asked, so that each has its own retry, timeout and history.',
      Items: '{% $states.input.calls %}',
      ItemSelector: { call: '{% $states.context.Map.Item.Value %}' },
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: runTool,
        States: { [runTool]: { ...invoke('run-tool', { ...turn, call: '{% $states.input.call %}' }), End: true } },
      },
      Catch: catchAll,
      Next: closeTurn,
    },
    [closeTurn]: {
      ...invoke('close-turn', turn),
      Comment: 'Puts what the tools answered into the conversation.',
      Catch: catchAll,
      Next: budget,
    },
    [budget]: {
      Type: 'Choice',
      Comment: 'Begins another turn, or ends where the agent is done or its budget is used up.',
      Choices: [
        { Condition: "{% $states.input.next = 'call_model' %}", Assign: { turn: '{% $turn + 1 %}' }, Next: callModel },
      ],
      Default: finish,
    },
    [finish]: {
      ...invoke('finish-agent', { ...agent, error: '{% $error %}', cause: '{% $cause %}' }),
      Comment: 'Records how the agent ended, after a failure too.',
      Next: done,
    },
    [done]: { Type: 'Succeed' },
  },
});
