import type { AgentNode, Chain, ChainNode, ProfileNode } from '../../contracts/chain.ts';
import { agentLoopName } from './compile-agent-loop.ts';
import { type ProfileWork, profileName } from './compile-profile.ts';
import { compileTakeSandbox, takeSandboxStates } from './compile-take-sandbox.ts';
import { compileStart, startState } from './compile-start.ts';
import { failWith } from './fail-with.ts';
import { invoke } from './invoke.ts';
import { orderNodes } from './order-nodes.ts';
import { reservedPrefix } from './reserved-prefix.ts';
import type { StateMachine, States } from './state-machine.ts';

const open = `${reservedPrefix}open-sources`;
const finish = `${reservedPrefix}finish`;

/**
 * A chain as one state machine: start, take a sandbox if some node needs one and open the databases in it, the nodes, finish. Each node keeps its
 * id as its state's name. The nodes run one after the other, each after all that it needs; where one fails the run
 * fails. Nothing here cleans up: the execution's status-change event does, whichever way it ended.
 *
 * Input of the machine: `{ tenant, run_id, attempt }`, the attempt 1 where it is absent, or what the chain may be asked for by. Fails with INVALID_REQUEST on a chain that has no order.
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
    StartAt: startState,
    States: {
      ...compileStart(chain, takes ? takeSandboxStates.take : entry(0)),
      ...(takes ? { ...compileTakeSandbox(open, waitFor(chain)), [open]: openSources(entry(0)) } : {}),
      ...Object.assign({}, ...states),
      [finish]: {
        Type: 'Succeed',
        Comment: 'The event of this end gives the sandbox back and records the outcome, as that of any other end does.',
        Output: { run_id: '{% $run_id %}' },
      },
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
  Comment: 'Opens the databases in the sandbox, chooses the tables and puts them into chunks.',
  Assign: { chunks: '{% $states.result.Payload.chunks %}' },
  Next: next,
});

const compileNode = (node: ChainNode, next: string): States => {
  switch (node.type) {
    case 'PROFILE':
      return compileProfileNode(node, next);
    case 'AGENT':
      return compileAgent(node, next);
  }
};

/** Measures the tables, then lets the rules look at those that were measured, each in chunks of an execution. */
const compileProfileNode = (node: ProfileNode, next: string): States => {
  const state = (part: string): string => `${reservedPrefix}${node.id}.${part}`;
  return {
    ...chunksMap(node, node.id, '{% $chunks %}', 'measure', state('collect')),
    [state('collect')]: {
      ...invoke('collect-profile', { node: node.id, chunks: '{% $chunks %}' }),
      Comment: 'Makes one profile of all tables, and compares it with that of the run before.',
      Assign: { checks: '{% $states.result.Payload.chunks %}' },
      Next: state('checks'),
    },
    ...chunksMap(node, state('checks'), '{% $checks %}', 'check', state('findings')),
    [state('findings')]: {
      ...invoke('collect-findings', { node: node.id, chunks: '{% $checks %}' }),
      Comment: 'Makes one list of what the rules found.',
      Next: next,
    },
  };
};

/** A Map with an execution per chunk, one after the other: within one, tables are worked on at the same time. */
const chunksMap = (
  { id, max_parallel }: ProfileNode,
  state: string,
  items: string,
  work: ProfileWork,
  next: string,
): States => {
  const chunk = `${reservedPrefix}${id}.${work}-chunk`;
  return {
    [state]: {
      Type: 'Map',
      Comment: 'An execution per chunk of tables, in which each table is a state.',
      Items: items,
      ItemSelector: { chunk: '{% $states.context.Map.Item.Value %}' },
      MaxConcurrency: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: chunk,
        States: {
          [chunk]: {
            Type: 'Task',
            Resource: 'arn:aws:states:::states:startExecution.sync:2',
            Arguments: {
              StateMachineArn: profileName,
              Input: {
                tenant: '{% $tenant %}',
                run_id: '{% $run_id %}',
                attempt: '{% $attempt %}',
                node: id,
                chunk: '{% $states.input.chunk %}',
                work,
                max_parallel,
                AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: '{% $states.context.Execution.Id %}',
              },
            },
            Output: {},
            // The chain's own limit comes before.
            TimeoutSeconds: 86_400,
            End: true,
          },
        },
      },
      Next: next,
    },
  };
};

/** The agent's loop is a machine of its own; its last verdict decides whether the run goes on. */
const compileAgent = (node: AgentNode, next: string): States => {
  const verdict = `${reservedPrefix}${node.id}.verdict`;
  const failed = `${reservedPrefix}${node.id}.failed`;
  return {
    [node.id]: {
      Type: 'Task',
      Comment:
        'An execution for the agent: turns of the model and calls of its tools, until it has submitted its report.',
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
      Comment: 'Goes on where the agent has submitted its report.',
      Choices: [{ Condition: "{% $states.input.status = 'succeeded' %}", Next: next }],
      Default: failed,
    },
    [failed]: failWith('The agent failed, and the run with it.', '{% $states.input.error %}', '$states.input.cause'),
  };
};
