import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMachine } from '../../../src/adapters/local/asl/parse-machine.ts';
import { agentLoopStates, compileAgentLoop } from '../../../src/domain/chain/compile-agent-loop.ts';
import { retryPolicy } from '../../../src/domain/chain/retry-policy.ts';
import { statesOf, unboundedTasks } from './states-of.ts';
import { readGolden } from '../../support/read-golden.ts';

const golden = join(import.meta.dirname, '../../golden/asl/agent-loop.asl.json');
const machine = compileAgentLoop();

describe('the loop of an agent', () => {
  it('is the golden state machine', () => {
    const text = `${JSON.stringify(machine, null, 2)}\n`;
    expect(text).toBe(readGolden(golden, text));
  });

  it('is taken by the engine: no name twice, no state out of reach, in the Map of the tool calls too', () => {
    expect(() => parseMachine('agent-loop', machine)).not.toThrow();
    expect(statesOf(machine).map(({ path }) => path)).toContain('Run tools / Run tool');
  });

  it('bounds every task, and tries it again as the failure table says', () => {
    expect(unboundedTasks(machine, retryPolicy)).toEqual([]);
  });

  it('ends in finish-agent whatever fails, but where finish-agent itself does', () => {
    const uncaught = Object.entries(machine.States)
      .filter(([, state]) => state.Type === 'Task' || state.Type === 'Map')
      .filter(([, state]) => !('Catch' in state && state.Catch?.[0]?.Next === 'Finish agent'))
      .map(([name]) => name);
    expect(uncaught).toEqual(['Finish agent']);
  });

  it('has the states by whose names steps are read from its history', () => {
    const names = statesOf(machine).map(({ path }) => path.split(' / ').at(-1));
    expect(names).toEqual(expect.arrayContaining(Object.values(agentLoopStates)));
  });
});

describe('the search for tasks without bounds', () => {
  const task = (more: object) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true, ...more });
  const nested = (inner: object) => ({
    StartAt: 'Outer',
    States: {
      Outer: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Fine', States: { Fine: { Type: 'Pass', End: true } } },
          {
            StartAt: 'Each',
            States: { Each: { Type: 'Map', ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } } } },
          },
        ],
      },
    },
  });

  it('looks into branches and Maps', () => {
    const bounded = { TimeoutSeconds: 900, Retry: retryPolicy };
    expect(unboundedTasks(nested(task(bounded)), retryPolicy)).toEqual([]);
    expect(unboundedTasks(nested(task({ Retry: retryPolicy })), retryPolicy)).toEqual(['Outer / Each / Inner']);
    expect(unboundedTasks(nested(task({ TimeoutSeconds: 900 })), retryPolicy)).toEqual(['Outer / Each / Inner']);
  });
});
