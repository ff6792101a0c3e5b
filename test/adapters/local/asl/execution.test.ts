import { describe, expect, it } from 'vitest';
import { lines, machineOf, runMachine, testEngine } from './run-machine.ts';

describe('an execution', () => {
  it('times out as a whole, telling the function it runs', async () => {
    let reason: unknown;
    const engine = testEngine({
      work: (_payload, signal) =>
        new Promise(() => signal.addEventListener('abort', () => (reason = signal.reason), { once: true })),
    });
    const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'work' } };
    const id = await engine.begin({ TimeoutSeconds: 60, ...machineOf({ ...task, Catch: undefined }) });
    await engine.time.pass(60);
    const { status, error, events } = await engine.look(id);
    expect({ status, error }).toEqual({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(reason).toMatchObject({ kind: 'RUN_TIMED_OUT' });
    expect(lines(events).slice(-2)).toEqual(['4<-3 TaskStarted', '5<-4 ExecutionTimedOut']);
    expect(events[4]).toMatchObject({ executionTimedOutEventDetails: { error: 'States.Timeout' } });
    expect(engine.events).toMatchObject([{ detail: { status: 'TIMED_OUT', error: 'States.Timeout', output: null } }]);
  });

  it('is not timed out by a Retry or Catch of the state it is in', async () => {
    const run = await runMachine({
      TimeoutSeconds: 5,
      StartAt: 'All',
      States: {
        All: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'Long', States: { Long: { Type: 'Wait', Seconds: 10, End: true } } }],
          Retry: [{ ErrorEquals: ['States.ALL'] }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', End: true },
      },
    });
    expect(run.status).toBe('TIMED_OUT');
  });

  it('fails at 25,000 events, and the last of them says so', async () => {
    const run = await runMachine({
      StartAt: 'Loop',
      States: { Loop: { Type: 'Pass', Next: 'Again' }, Again: { Type: 'Pass', Next: 'Loop' } },
    });
    expect(run).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(run.events).toHaveLength(25_000);
    expect(run.events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  });

  it('fails at 25,000 events inside of a Map whatever that tolerates', async () => {
    const run = await runMachine(
      machineOf({
        Type: 'Map',
        Items: '{% $range(1, 1000, 1) %}',
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          StartAt: 'S0',
          States: Object.fromEntries(
            Array.from({ length: 13 }, (_, index) => [
              `S${index}`,
              { Type: 'Pass', ...(index === 12 ? { End: true } : { Next: `S${index + 1}` }) },
            ]),
          ),
        },
      }),
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(run.events).toHaveLength(25_000);
  });

  it('lets timers and stops through while its states follow each other without a pause', async () => {
    const engine = testEngine();
    const id = await engine.begin({
      StartAt: 'Loop',
      States: { Loop: { Type: 'Pass', Next: 'Again' }, Again: { Type: 'Pass', Next: 'Loop' } },
    });
    await new Promise((resolve) => setImmediate(resolve));
    await engine.workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'that will do' });
    const { status, events } = await engine.look(id);
    expect(status).toBe('ABORTED');
    expect(events.length).toBeGreaterThan(10);
    expect(events.length).toBeLessThan(1_000);
  });
});
