import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { aslWorkflow, type AslWorkflowOptions } from '../../../src/adapters/local/asl-workflow.ts';
import type { ExecutionStatusChange } from '../../../src/contracts/execution.ts';
import { describeWorkflowContract } from '../../contracts/workflow-contract.ts';

describeWorkflowContract('the embedded engine', async (functions) => {
  const events: ExecutionStatusChange[] = [];
  const of = (id: string) => events.filter(({ detail }) => detail.executionArn === id);
  const workflow = aslWorkflow({
    invoke: async (name, payload) => functions[name]?.(payload as never),
    onStatusChange: async (event) => events.push(event),
  });
  return {
    workflow,
    async statusChange(id) {
      for (;;) {
        const [event] = of(id);
        if (event !== undefined) return event;
        await setImmediate();
      }
    },
    statusChanges: (id) => of(id).length,
    dispose: () => workflow.close('The test is over.'),
  };
});

const pass = { QueryLanguage: 'JSONata', StartAt: 'Pass', States: { Pass: { Type: 'Pass', End: true } } };
const work = {
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'work' },
      Output: 'worked',
      End: true,
    },
  },
};

const parentOf = (child: string): object => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Start',
  States: {
    Start: {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution.sync:2',
      Arguments: { StateMachineArn: child, Name: 'the-child', Input: {} },
      End: true,
    },
  },
});

const engine = async (options: Partial<AslWorkflowOptions> = {}) => {
  const workflow = aslWorkflow({ invoke: async () => undefined, onStatusChange: async () => undefined, ...options });
  await workflow.deploy('pass', pass);
  await workflow.deploy('work', work);
  const start = async (machine: string, name: string): Promise<string> =>
    (await workflow.start({ machine, name, input: {} })).execution_id;
  return { workflow, start };
};

describe('the embedded engine', () => {
  it('tells of an end when its history is complete', async () => {
    const types: (string | undefined)[] = [];
    const { workflow, start } = await engine({
      onStatusChange: async ({ detail }) => types.push((await workflow.history(detail.executionArn)).at(-1)?.type),
    });
    await start('pass', 'one');
    await workflow.idle();
    expect(types).toEqual(['ExecutionSucceeded']);
  });

  it('tells again until that does not fail, and says so once it fails for longer than a moment', async () => {
    const told: string[] = [];
    const errors: unknown[] = [];
    const { workflow, start } = await engine({
      sleep: async () => undefined,
      onStatusChange: async ({ detail }) => {
        told.push(detail.name);
        if (told.length < (detail.name === 'bad' ? 9 : 3)) throw new Error('the store is busy');
      },
      onError: (error, event) => errors.push([event.detail.name, (error as Error).message]),
    });
    await start('pass', 'good');
    await workflow.idle();
    expect(told).toEqual(['good', 'good', 'good']);
    await start('pass', 'bad');
    await workflow.idle();
    expect(told.slice(3)).toEqual(['bad', 'bad', 'bad', 'bad', 'bad', 'bad']);
    expect(errors).toEqual([
      ['bad', 'the store is busy'],
      ['bad', 'the store is busy'],
    ]);
  });

  it('closes although a status change cannot be delivered: it is tried one last time', async () => {
    let told = 0;
    const errors: unknown[] = [];
    const { workflow, start } = await engine({
      onStatusChange: async () => {
        told += 1;
        throw new Error('the disk is full');
      },
      onError: (error) => errors.push((error as Error).message),
    });
    await start('pass', 'one');
    while (told === 0) await setImmediate();
    await workflow.close('The service is shutting down.');
    expect(told).toBe(2);
    expect(errors).toEqual(['the disk is full']);
  });

  it('tells of the progress of what runs, with the executions that it started, only when there is some', async () => {
    const told: string[] = [];
    const gate = Promise.withResolvers<void>();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const { workflow, start } = await engine({
        invoke: () => gate.promise,
        onProgress: async ({ name }) => told.push(name),
      });
      await workflow.deploy('parent', parentOf('work'));
      await start('pass', 'over');
      await start('parent', 'long');
      await workflow.deploy('pass', pass);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      await vi.advanceTimersByTimeAsync(3_000);
      await vi.advanceTimersByTimeAsync(9_000);
      // The parent stood still meanwhile; what went on is the child alone.
      expect(told).toEqual(['long']);
      gate.resolve();
      await workflow.idle();
      await vi.advanceTimersByTimeAsync(9_000);
      expect(told).toEqual(['long']);
      await workflow.close('The test is over.');
    } finally {
      vi.useRealTimers();
    }
  });

  it('is idle when all has ended and been told, what the telling starts included', async () => {
    const told: string[] = [];
    const { workflow, start } = await engine({
      onStatusChange: async ({ detail }) => {
        await setImmediate();
        if (detail.name === 'first') await start('pass', 'second');
        told.push(detail.name);
      },
    });
    await start('pass', 'first');
    await workflow.idle();
    expect(told).toEqual(['first', 'second']);
  });

  it('closes: stops what runs, waits until that was told, and starts nothing more', async () => {
    const told = new Map<string, string>();
    const signals: AbortSignal[] = [];
    const { workflow, start } = await engine({
      // A function that takes no notice of its signal must not hold the end up.
      invoke: (_name, _payload, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
      onStatusChange: async ({ detail }) => {
        await setImmediate();
        told.set(detail.name, `${detail.status} ${detail.error}: ${detail.cause}`);
      },
    });
    await start('work', 'one');
    await start('work', 'two');
    while (signals.length < 2) await setImmediate();
    await workflow.close('The service is shutting down.');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(Object.fromEntries(told)).toEqual({
      one: 'ABORTED RUN_INTERRUPTED: The service is shutting down.',
      two: 'ABORTED RUN_INTERRUPTED: The service is shutting down.',
    });
    await expect(start('pass', 'three')).rejects.toMatchObject({ kind: 'RUN_INTERRUPTED' });
  });

  it('remembers the 200 executions that ended last', async () => {
    const { workflow, start } = await engine();
    const ids: string[] = [];
    for (let number = 0; number < 202; number += 1) {
      ids.push(await start('pass', `run-${number}`));
      await workflow.idle();
    }
    const known = await Promise.all(ids.map(async (id) => (await workflow.describe(id)) !== undefined));
    expect(known.slice(0, 3)).toEqual([false, false, true]);
    expect(known.filter(Boolean)).toHaveLength(200);
    expect(await workflow.history(ids[0] ?? '')).toEqual([]);
  });

  it('remembers an execution that another one waits for as long as that one', async () => {
    const gate = Promise.withResolvers<void>();
    const { workflow, start } = await engine({ invoke: () => gate.promise });
    const child = 'arn:aws:states:local:000000000000:execution:pass:the-child';
    const wait = { Type: 'Task', Resource: work.States.Work.Resource, Arguments: { FunctionName: 'x' }, End: true };
    const { Start } = (parentOf('pass') as { States: { Start: object } }).States;
    const { End: _, ...first } = Start as { End: boolean };
    await workflow.deploy('parent', {
      QueryLanguage: 'JSONata',
      StartAt: 'Start',
      States: { Start: { ...first, Next: 'Wait' }, Wait: wait },
    });
    await start('parent', 'long');
    while ((await workflow.describe(child))?.status !== 'SUCCEEDED') await setImmediate();
    for (let number = 0; number < 210; number += 1) await start('pass', `run-${number}`);
    while ((await workflow.describe('arn:aws:states:local:000000000000:execution:pass:run-9')) !== undefined)
      await setImmediate();
    expect((await workflow.history(child)).length).toBe(4);
    gate.resolve();
    await workflow.idle();
    for (let number = 300; number < 500; number += 1) await start('pass', `run-${number}`);
    await workflow.idle();
    expect(await workflow.history(child)).toEqual([]);
  });

  it('forgets no execution whose end is still being told', async () => {
    const slow = Promise.withResolvers<void>();
    let events = 0;
    const { workflow, start } = await engine({
      onStatusChange: async ({ detail }) => {
        if (detail.name !== 'slow') return;
        await slow.promise;
        events = (await workflow.history(detail.executionArn)).length;
      },
    });
    await start('pass', 'slow');
    for (let number = 0; number < 210; number += 1) await start('pass', `run-${number}`);
    while ((await workflow.describe('arn:aws:states:local:000000000000:execution:pass:run-0')) !== undefined)
      await setImmediate();
    slow.resolve();
    await workflow.idle();
    expect(events).toBe(4);
  });

  it('runs thousands of waits without a timer of its own going off early', async () => {
    const { workflow, start } = await engine();
    const year = { ...pass, States: { Pass: { Type: 'Wait', Seconds: 31_536_000, End: true } } };
    await workflow.deploy('year', year);
    const id = await start('year', 'one');
    // Node fires a timer of more than 24.8 days at once.
    for (let turn = 0; turn < 50; turn += 1) await setImmediate();
    expect((await workflow.describe(id))?.status).toBe('RUNNING');
    await workflow.close('The test is over.');
  });
});
