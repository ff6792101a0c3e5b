import type { AgentNode, Chain, ChainNode, ProfileNode } from '../../contracts/chain.ts';
import { agentLoopName } from './compile-agent-loop.ts';
import { compileTakeSandbox, takeSandboxStates } from './compile-take-sandbox.ts';
import { attemptOfInput, invoke } from './invoke.ts';
import { orderNodes } from './order-nodes.ts';
import { reservedPrefix } from './reserved-prefix.ts';
import type { StateMachine, States } from './state-machine.ts';

const start = `${reservedPrefix}start`;
const open = `${reservedPrefix}open-sources`;
const finish = `${reservedPrefix}finish`;

/**
 * A chain as one state machine: start, take a sandbox if some node needs one and open the databases in it, the nodes, finish. Each node keeps its
 * id as its state's name. The nodes run one after the other, each after all that it needs; where one fails the run
 * fails. Nothing here cleans up: the execution's status-change event does, whichever way it ended.
 *
 * Input of the machine: `{ tenant, run_id, attempt }`, the attempt 1 where it is absent. Fails with INVALID_REQUEST on a chain that has no order.
 */
export const compileChain = (chain: Chain): StateMachine => {
  const nodes = orderNodes(chain);
  const entry = (index: number): string => nodes[index]?.id ?? finish;
  const states = nodes.map((node, index) => compileNode(node, entry(index + 1)));
  const takes = chain.opens_sources || nodes.some(needsSandbox);
  return {
    Comment: `${chain.name}, version ${chain.version}: ${chain.description}`,
    QueryLanguage: 'JSONata',
    TimeoutSeconds: chain.timeout_seconds,
    StartAt: start,
    States: {
      [start]: {
        Type: 'Pass',
        Assign: {
          tenant: '{% $states.input.tenant %}',
          run_id: '{% $states.input.run_id %}',
          attempt: attemptOfInput,
        },
        Next: takes ? takeSandboxStates.take : entry(0),
      },
      ...(takes ? { ...compileTakeSandbox(open, waitFor(chain)), [open]: openSources(entry(0)) } : {}),
      ...Object.assign({}, ...states),
      [finish]: { Type: 'Succeed', Output: { run_id: '{% $run_id %}' } },
    },
  };
};

const needsSandbox = (node: ChainNode): boolean => {
  switch (node.type) {
    case 'PROFILE':
      return true;
    case 'AGENT':
      return node.sandbox;
  }
};

/** An hour of waiting for a sandbox is enough, and it must leave the run some time to work in. */
const waitFor = ({ timeout_seconds }: Chain): number => Math.min(3_600, Math.floor(timeout_seconds * 0.8));

const openSources = (next: string): States[string] => ({
  ...invoke('open-sources', {}),
  Comment: 'Opens the databases in the sandbox and chooses the tables.',
  Assign: { tables: '{% $states.result.Payload.tables %}' },
  Next: next,
});

const compileNode = (node: ChainNode, next: string): States => {
  switch (node.type) {
    case 'PROFILE':
      return compileProfile(node, next);
    case 'AGENT':
      return compileAgent(node, next);
  }
};

/** Measures the tables, then lets the rules look at those that were measured. */
const compileProfile = (node: ProfileNode, next: string): States => {
  const state = (part: string): string => `${reservedPrefix}${node.id}.${part}`;
  return {
    ...tablesMap(node, {
      state: node.id,
      items: '{% $tables %}',
      task: 'profile-table',
      item: state('table'),
      failed: state('failed'),
      next: state('collect'),
    }),
    [state('collect')]: {
      ...invoke('collect-profile', { node: node.id, tables: '{% $states.input %}' }),
      Next: state('checks'),
    },
    ...tablesMap(node, {
      state: state('checks'),
      items: '{% $states.input.tables %}',
      task: 'check-table',
      item: state('check'),
      failed: state('check-failed'),
      next: state('findings'),
    }),
    [state('findings')]: {
      ...invoke('collect-findings', { node: node.id, tables: '{% $states.input %}' }),
      Next: next,
    },
  };
};

/** A Map with a state per table: no ceiling on the time of all together, and a bad table is an item, not an end. */
const tablesMap = (
  { id, max_parallel }: ProfileNode,
  {
    state,
    items,
    task,
    item,
    failed,
    next,
  }: {
    readonly state: string;
    readonly items: string;
    readonly task: 'profile-table' | 'check-table';
    readonly item: string;
    readonly failed: string;
    readonly next: string;
  },
): States => ({
  [state]: {
    Type: 'Map',
    Items: items,
    ItemSelector: {
      source: '{% $states.context.Map.Item.Value.source %}',
      table: '{% $states.context.Map.Item.Value.table %}',
    },
    MaxConcurrency: max_parallel,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'INLINE' },
      StartAt: item,
      States: {
        [item]: {
          ...invoke(task, {
            node: id,
            source: '{% $states.input.source %}',
            table: '{% $states.input.table %}',
          }),
          Catch: [
            {
              ErrorEquals: ['States.ALL'],
              Next: failed,
              Output: {
                source: '{% $states.input.source %}',
                table: '{% $states.input.table %}',
                error: '{% $states.errorOutput.Error %}',
                // A cause can hold a whole stack; a thousand of them must stay far below the payload's 256 KiB.
                cause: '{% $substring($states.errorOutput.Cause, 0, 120) %}',
              },
            },
          ],
          End: true,
        },
        [failed]: { Type: 'Pass', End: true },
      },
    },
    Next: next,
  },
});

/** The agent's loop is a machine of its own; its last verdict decides whether the run goes on. */
const compileAgent = (node: AgentNode, next: string): States => {
  const verdict = `${reservedPrefix}${node.id}.verdict`;
  const failed = `${reservedPrefix}${node.id}.failed`;
  return {
    [node.id]: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: {
        StateMachineArn: agentLoopName,
        Input: {
          tenant: '{% $tenant %}',
          run_id: '{% $run_id %}',
          attempt: '{% $attempt %}',
          node: node.id,
          agent: node.agent,
          AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}',
        },
      },
      Output: '{% $states.result.Output %}',
      TimeoutSeconds: node.timeout_seconds ?? 5_400,
      Next: verdict,
    },
    [verdict]: {
      Type: 'Choice',
      Choices: [{ Condition: "{% $states.input.status = 'succeeded' %}", Next: next }],
      Default: failed,
    },
    [failed]: { Type: 'Fail', Error: '{% $states.input.error %}', Cause: '{% $states.input.cause %}' },
  };
};
