import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/contracts/failure.ts';
import { lines, machineOf, namedError, runMachine, testEngine, types } from './run-machine.ts';

const INVOKE = 'arn:aws:states:::lambda:invoke';

const invoke = (more: object = {}): object => ({
  Type: 'Task',
  Resource: INVOKE,
  Arguments: { FunctionName: 'work', Payload: '{% $states.input %}' },
  ...more,
});

describe('a Task state that invokes a function', () => {
  it('gives the function its payload and takes what it returns, as Lambda answers', async () => {
    const { output, events } = await runMachine(machineOf(invoke({ TimeoutSeconds: 9 })), {
      input: { n: 20 },
      functions: { work: ({ n }: { n: number }) => ({ n: n + 1, gone: undefined }) },
    });
    expect(output).toEqual({ ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { n: 21 } });
    expect(lines(events)).toEqual([
      '1<-0 ExecutionStarted',
      '2<-0 TaskStateEntered',
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskSucceeded',
      '6<-5 TaskStateExited',
      '7<-6 ExecutionSucceeded',
    ]);
    expect(events[2]).toMatchObject({
      taskScheduledEventDetails: {
        resource: 'invoke',
        resourceType: 'lambda',
        region: 'local',
        parameters: '{"FunctionName":"work","Payload":{"n":20}}',
        timeoutInSeconds: 9,
      },
    });
    expect(events[4]).toMatchObject({
      taskSucceededEventDetails: { output: '{"ExecutedVersion":"$LATEST","Payload":{"n":21},"StatusCode":200}' },
    });
  });

  it('computes Output and Assign from the result', async () => {
    const { output } = await runMachine(
      {
        StartAt: 'Work',
        States: {
          Work: {
            ...invoke({ Output: '{% $states.result.Payload %}', Assign: { code: '{% $states.result.StatusCode %}' } }),
            Next: 'Last',
          },
          Last: { Type: 'Pass', Output: '{% [$states.input, $code] %}', End: true },
        },
      },
      { functions: { work: () => undefined } },
    );
    expect(output).toEqual([null, 200]);
  });

  it.each([
    ['from its arguments', { FunctionName: 'work', Payload: '{% $states.input.Payload %}' }],
    ['from its input, where it has none', undefined],
  ])('keeps the function from changing what other states see: a payload %s', async (_what, Arguments) => {
    const input = { FunctionName: 'work', Payload: [1] };
    const { output } = await runMachine(
      {
        StartAt: 'Keep',
        States: {
          Keep: { Type: 'Pass', Assign: { kept: '{% $states.input %}' }, Next: 'Work' },
          Work: { ...invoke({ Arguments, Output: '{% $states.input %}' }), Next: 'Last' },
          Last: {
            Type: 'Pass',
            Output: '{% [$kept, $states.input, $states.context.Execution.Input] %}',
            End: true,
          },
        },
      },
      { input, functions: { work: (payload: number[]) => payload.push(2) } },
    );
    expect(output).toEqual([input, input, input]);
  });

  it('fails with the name of the error that the function throws, and a cause that is JSON', async () => {
    const { status, error, cause, events } = await runMachine(machineOf(invoke()), {
      functions: {
        work: () => {
          throw new Failure('DATABASE_REFUSED', 'The database refused the login or the right to read.');
        },
      },
    });
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'DATABASE_REFUSED' });
    expect(JSON.parse(cause ?? '')).toMatchObject({
      errorType: 'DATABASE_REFUSED',
      errorMessage: 'The database refused the login or the right to read.',
    });
    expect(types(events).slice(-2)).toEqual(['TaskFailed', 'ExecutionFailed']);
    expect(events.at(-2)).toMatchObject({
      taskFailedEventDetails: { error: 'DATABASE_REFUSED', cause, resource: 'invoke' },
    });
  });

  it('fails with the error where a function throws what is no error', async () => {
    const run = await runMachine(machineOf(invoke()), { functions: { work: () => Promise.reject('text') } });
    expect(run).toMatchObject({ error: 'Error' });
    expect(run.cause).toContain('"errorMessage":"text"');
  });

  it('times out, telling the function so, and takes no answer that comes after', async () => {
    let signal: AbortSignal | undefined;
    const late = Promise.withResolvers<string>();
    const engine = testEngine({
      work: (_payload, given) => {
        signal = given;
        return late.promise;
      },
    });
    const id = await engine.begin(machineOf(invoke({ TimeoutSeconds: '{% $states.input.seconds %}' })), { seconds: 5 });
    await engine.time.pass(4);
    expect(signal?.aborted).toBe(false);
    await engine.time.pass(1);
    expect(signal?.aborted).toBe(true);
    late.resolve('too late');
    await engine.time.pass(1);
    const { status, error, events } = await engine.look(id);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(lines(events).slice(2)).toEqual([
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskTimedOut',
      '6<-5 ExecutionFailed',
    ]);
    expect(events[4]).toMatchObject({ taskTimedOutEventDetails: { error: 'States.Timeout', resource: 'invoke' } });
  });

  it('gives each attempt the whole of its time', async () => {
    const { status, error, slept, events } = await runMachine(
      machineOf(
        invoke({ TimeoutSeconds: 5, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1, IntervalSeconds: 2 }] }),
      ),
      { functions: { work: () => new Promise(() => undefined) } },
    );
    expect({ status, error, slept }).toEqual({ status: 'FAILED', error: 'States.Timeout', slept: [5, 2, 5] });
    expect(types(events).filter((type) => type === 'TaskTimedOut')).toHaveLength(2);
  });

  it('tells a running function that the execution was stopped, and why', async () => {
    let reason: unknown;
    const engine = testEngine({
      work: (_payload, signal) =>
        new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason), { once: true })),
    });
    const id = await engine.begin(machineOf(invoke()));
    await engine.time.pass(1);
    await engine.workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'changed my mind' });
    expect(reason).toMatchObject({ kind: 'RUN_CANCELLED', message: 'changed my mind' });
    await engine.time.pass(1);
    expect((await engine.look(id)).status).toBe('ABORTED');
  });

  it('fails with States.DataLimitExceeded on an answer over 256 KiB, which States.ALL does not catch', async () => {
    const big = { functions: { work: () => 'x'.repeat(262_144) } };
    const states = (errorEquals: string): object => ({
      StartAt: 'Work',
      States: {
        Work: { ...invoke({ Catch: [{ ErrorEquals: [errorEquals], Next: 'Caught' }] }), End: true },
        Caught: { Type: 'Pass', Output: 'caught', End: true },
      },
    });
    const uncaught = await runMachine(states('States.ALL'), big);
    expect(uncaught).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(types(uncaught.events)).toContain('TaskFailed');
    expect(await runMachine(states('States.DataLimitExceeded'), big)).toMatchObject({ output: 'caught' });
  });

  it('fails where the arguments name no function', async () => {
    const run = await runMachine(machineOf(invoke({ Arguments: { FunctionName: '{% 5 %}' } })));
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(run.cause).toContain("'FunctionName'");
  });

  it('says in the context how often it was tried again', async () => {
    const seen: unknown[] = [];
    await runMachine(
      machineOf(
        invoke({
          Arguments: { FunctionName: 'work', Payload: '{% $states.context.State.RetryCount %}' },
          Retry: [{ ErrorEquals: ['Again'] }],
        }),
      ),
      {
        functions: {
          work: (count: number) => {
            seen.push(count);
            if (count < 2) throw namedError('Again');
            return null;
          },
        },
      },
    );
    expect(seen).toEqual([0, 1, 2]);
  });
});
