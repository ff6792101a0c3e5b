import { describe, expect, it } from 'vitest';
import catalog from '../../../state-machines/catalog.chain.json' with { type: 'json' };
import { Chain } from '../../../src/contracts/chain.ts';
import { isTaskName } from '../../../src/contracts/tasks.ts';
import { bindResources, type ResourceResolver } from '../../../src/domain/chain/bind-resources.ts';
import { partMachineNames, partMachines } from '../../../src/domain/chain/part-machines.ts';
import { compileChain } from '../../../src/domain/chain/compile-chain.ts';
import { statesOf } from './states-of.ts';

const resolver: ResourceResolver = {
  functionArn: (name) => (name === 'call-model' ? 'arn:function:call-model' : undefined),
  machineArn: (name) => (name === 'agent-loop' ? 'arn:machine:agent-loop' : undefined),
};

const task = (Arguments: unknown) => ({ Type: 'Task', Arguments, End: true });
const machine = (States: Readonly<Record<string, unknown>>) => ({ StartAt: 'Start', States });

describe('binding a definition', () => {
  it('replaces the plain names of functions and machines in Tasks', () => {
    const definition = machine({
      Start: task({ FunctionName: 'call-model', Payload: { turn: 1 } }),
      Loop: task({ StateMachineArn: 'agent-loop', Input: {} }),
    });
    expect(bindResources(definition, resolver)).toEqual(
      machine({
        Start: task({ FunctionName: 'arn:function:call-model', Payload: { turn: 1 } }),
        Loop: task({ StateMachineArn: 'arn:machine:agent-loop', Input: {} }),
      }),
    );
  });

  it('reaches the states inside a Map and a Parallel, however deep', () => {
    const inner = (name: string) => machine({ Inner: task({ FunctionName: name }) });
    const nested = (name: string) =>
      machine({
        Start: {
          Type: 'Map',
          ItemProcessor: machine({ Both: { Type: 'Parallel', Branches: [inner(name), inner(name)] } }),
        },
      });
    expect(bindResources(nested('call-model'), resolver)).toEqual(nested('arn:function:call-model'));
  });

  it('leaves no plain name in the machines of Surveyor, the one inside the loop’s Map included', () => {
    const known: ResourceResolver = {
      functionArn: (name) => (isTaskName(name) ? `arn:function:${name}` : undefined),
      machineArn: (name) => (partMachineNames.includes(name) ? `arn:machine:${name}` : undefined),
    };
    const called = [
      ...Object.values(partMachines).map((compile) => compile()),
      compileChain(Chain.parse(catalog)),
    ].flatMap((machine) =>
      statesOf(bindResources(machine, known)).flatMap(({ path, state }) => {
        if (state['Type'] !== 'Task') return [];
        const { FunctionName, StateMachineArn } = state['Arguments'] as Readonly<Record<string, unknown>>;
        return [[path, FunctionName ?? StateMachineArn]];
      }),
    );
    expect(called).toContainEqual(['Run tools / Run tool', 'arn:function:run-tool']);
    expect(called).toContainEqual(['profile / _profile.measure-chunk', 'arn:machine:profile']);
    expect(called).toContainEqual(['cataloging', 'arn:machine:agent-loop']);
    expect(called.filter(([, target]) => !String(target).startsWith('arn:'))).toEqual([]);
  });

  it('leaves ARNs, expressions and all that a Task sends as they are', () => {
    const definition = machine({
      Start: task({ FunctionName: 'arn:aws:lambda:x', Payload: { FunctionName: 'call-model' } }),
      Other: task({ FunctionName: '{% $name %}' }),
      Computed: task('{% $arguments %}'),
      Pass: { Type: 'Pass', Output: { StateMachineArn: 'agent-loop' }, End: true },
    });
    expect(bindResources(definition, resolver)).toEqual(definition);
  });

  it('does not change the definition it is given', () => {
    const definition = machine({ Start: task({ FunctionName: 'call-model' }) });
    const before = structuredClone(definition);
    bindResources(definition, resolver);
    expect(definition).toEqual(before);
  });

  it('names the state that calls what does not exist', () => {
    const unknown = (Arguments: unknown) => () => bindResources(machine({ Start: task(Arguments) }), resolver);
    expect(unknown({ FunctionName: 'call-modle' })).toThrow(
      expect.objectContaining({
        kind: 'INVALID_REQUEST',
        message: expect.stringMatching(/State "Start".*function "call-modle"/),
      }),
    );
    expect(unknown({ StateMachineArn: 'agent-lop' })).toThrow(/machine "agent-lop"/);
    const inner = machine({ Deep: task({ FunctionName: 'call-modle' }) });
    const outer = machine({
      Start: { Type: 'Parallel', Branches: [machine({ Each: { Type: 'Map', ItemProcessor: inner } })] },
    });
    expect(() => bindResources(outer, resolver)).toThrow(/State "Deep".*function "call-modle"/);
  });
});
