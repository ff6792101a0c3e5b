import { describe, expect, it } from 'vitest';
import { Retrier } from '../../../../src/adapters/local/asl/definition.ts';
import { retryDelay } from '../../../../src/adapters/local/asl/recovery.ts';
import { matchesError, StatesError } from '../../../../src/adapters/local/asl/states-error.ts';
import { lines, namedError, runMachine } from './run-machine.ts';

const failing = (errors: readonly string[], task: object) => {
  const left = [...errors];
  return runMachine(
    {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: 'work' },
          Output: 'worked',
          End: true,
          ...task,
        },
        ...('Catch' in task ? { Caught: { Type: 'Pass', Output: '{% $states.input %}', End: true } } : {}),
      },
    },
    {
      functions: {
        work: () => {
          const error = left.shift();
          if (error !== undefined) throw namedError(error);
        },
      },
    },
  );
};

describe('Retry', () => {
  it('waits longer each time, three times where nothing else is said', async () => {
    const run = await failing(['A', 'A', 'A', 'A', 'A'], { Retry: [{ ErrorEquals: ['A'] }] });
    expect(run).toMatchObject({ status: 'FAILED', error: 'A', slept: [1, 2, 4] });
    expect(lines(run.events).slice(2, 6)).toEqual([
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskFailed',
      '6<-5 TaskScheduled',
    ]);
  });

  it('goes on as soon as an attempt succeeds', async () => {
    const run = await failing(['A', 'A'], { Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 3, BackoffRate: 1.5 }] });
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: 'worked', slept: [3, 4.5] });
  });

  it('never waits longer than MaxDelaySeconds', async () => {
    const Retry = [{ ErrorEquals: ['A'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 40, MaxAttempts: 4 }];
    expect((await failing(['A', 'A', 'A', 'A'], { Retry })).slept).toEqual([10, 30, 40, 40]);
  });

  it('counts for each retrier apart', async () => {
    const Retry = [
      { ErrorEquals: ['A', 'B'], IntervalSeconds: 10, MaxAttempts: 2 },
      { ErrorEquals: ['C'], IntervalSeconds: 100, MaxAttempts: 2 },
    ];
    const run = await failing(['A', 'C', 'B', 'C'], { Retry });
    expect(run).toMatchObject({ status: 'SUCCEEDED', slept: [10, 100, 20, 200] });
    expect(await failing(['A', 'C', 'B', 'A'], { Retry })).toMatchObject({
      status: 'FAILED',
      error: 'A',
      slept: [10, 100, 20],
    });
  });

  it('leaves the decision to the first retrier that takes the error, even to one that never retries', async () => {
    const Retry = [{ ErrorEquals: ['A'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }];
    expect(await failing(['A'], { Retry })).toMatchObject({ status: 'FAILED', slept: [] });
    expect(await failing(['B'], { Retry })).toMatchObject({ status: 'SUCCEEDED', slept: [1] });
  });

  it('catches what is left when the attempts are used up', async () => {
    const run = await failing(['A', 'A'], {
      Retry: [{ ErrorEquals: ['A'], MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['A'], Output: 'gave up', Next: 'Caught' }],
    });
    expect(run).toMatchObject({ status: 'SUCCEEDED', output: 'gave up', slept: [1] });
  });

  it('with full jitter waits any time up to the delay', () => {
    const full = Retrier.parse({ ErrorEquals: ['A'], IntervalSeconds: 8, JitterStrategy: 'FULL' });
    expect(retryDelay(full, 1, () => 0)).toBe(0);
    expect(retryDelay(full, 1, () => 0.5)).toBe(8);
    expect(retryDelay({ ...full, JitterStrategy: 'NONE' }, 1, () => 0.5)).toBe(16);
  });
});

describe('Catch', () => {
  it('hands on the error and its cause where it has no Output', async () => {
    const run = await failing(['A'], { Catch: [{ ErrorEquals: ['A'], Next: 'Caught' }] });
    expect(run.output).toMatchObject({ Error: 'A' });
    expect(JSON.parse((run.output as { Cause: string }).Cause)).toMatchObject({
      errorType: 'A',
      errorMessage: 'it went wrong',
    });
    expect(lines(run.events).slice(4, 7)).toEqual(['5<-4 TaskFailed', '6<-5 TaskStateExited', '7<-6 PassStateEntered']);
  });

  it('computes Output and Assign from the error and the state’s input', async () => {
    const run = await failing(['A'], {
      Catch: [
        {
          ErrorEquals: ['A'],
          Output: { error: '{% $states.errorOutput.Error %}', input: '{% $states.input %}' },
          Assign: { seen: '{% $states.errorOutput.Error %}' },
          Next: 'Caught',
        },
      ],
    });
    expect(run.output).toEqual({ error: 'A', input: {} });
    expect(run.events).toContainEqual(
      expect.objectContaining({
        stateExitedEventDetails: expect.objectContaining({ name: 'Work', assignedVariables: { seen: '"A"' } }),
      }),
    );
  });

  it('always has a cause to read: a time-out’s is empty', async () => {
    const { output } = await runMachine(
      {
        StartAt: 'Work',
        States: {
          Work: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Arguments: { FunctionName: 'work' },
            TimeoutSeconds: 5,
            Catch: [
              {
                ErrorEquals: ['States.ALL'],
                Output: {
                  error: '{% $states.errorOutput.Error %}',
                  cause: '{% $substring($states.errorOutput.Cause, 0, 9) %}',
                },
                Next: 'Caught',
              },
            ],
            End: true,
          },
          Caught: { Type: 'Pass', End: true },
        },
      },
      { functions: { work: () => new Promise(() => undefined) } },
    );
    expect(output).toEqual({ error: 'States.Timeout', cause: '' });
  });

  it('takes the first catcher that matches', async () => {
    const Catch = [
      { ErrorEquals: ['B'], Output: 'b', Next: 'Caught' },
      { ErrorEquals: ['States.TaskFailed'], Output: 'task failed', Next: 'Caught' },
      { ErrorEquals: ['States.ALL'], Output: 'all', Next: 'Caught' },
    ];
    expect((await failing(['A'], { Catch })).output).toBe('task failed');
    expect((await failing(['B'], { Catch })).output).toBe('b');
  });

  it('takes a query of the state itself that failed', async () => {
    const Catch = [
      { ErrorEquals: ['States.TaskFailed'], Output: 'task failed', Next: 'Caught' },
      { ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' },
    ];
    const run = await failing([], { Output: '{% $absent %}', Catch });
    expect(run.output).toBe('States.QueryEvaluationError');
  });

  it('fails where its own Output cannot be evaluated', async () => {
    const run = await failing(['A'], {
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $absent %}', Next: 'Caught' }],
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(run.cause).toContain("'Catch[0]/Output'");
  });

  it('never takes States.Runtime, not even by its name', async () => {
    const Catch = [{ ErrorEquals: ['States.Runtime'], Next: 'Caught' }];
    const run = await failing([], { Arguments: {}, Catch, Retry: [{ ErrorEquals: ['States.ALL'] }] });
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime', slept: [] });
  });
});

describe('ErrorEquals', () => {
  it.each([
    ['States.ALL', 'Anything', true],
    ['States.ALL', 'States.Timeout', true],
    ['States.ALL', 'States.QueryEvaluationError', true],
    ['States.ALL', 'States.Runtime', false],
    ['States.ALL', 'States.DataLimitExceeded', false],
    ['States.DataLimitExceeded', 'States.DataLimitExceeded', true],
    ['States.TaskFailed', 'MODEL_UNAVAILABLE', true],
    ['States.TaskFailed', 'States.TaskFailed', true],
    ['States.TaskFailed', 'States.Timeout', false],
    ['States.TaskFailed', 'States.QueryEvaluationError', false],
    ['States.Timeout', 'States.HeartbeatTimeout', true],
    ['States.HeartbeatTimeout', 'States.Timeout', false],
    ['states.all', 'Anything', false],
  ])('%s with the error %s: %s', (pattern, error, matches) => {
    expect(matchesError([pattern], new StatesError(error))).toBe(matches);
  });
});
