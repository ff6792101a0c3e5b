import { describe, expect, it } from 'vitest';
import { lines, machineOf, namedError, runMachine, testEngine } from './run-machine.ts';

const branch = (name: string, state: object): object => ({ StartAt: name, States: { [name]: { ...state } } });
const pass = (name: string, output: string): object => branch(name, { Type: 'Pass', Output: output, End: true });
const invoke = (name: string): object =>
  branch(name, {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: name },
    Output: '{% $states.result.Payload %}',
    End: true,
  });

describe('a Parallel state', () => {
  it('gives each branch its input, or its Arguments, and the list of their outputs', async () => {
    const Branches = [pass('One', '{% $states.input.n + 1 %}'), pass('Two', '{% $states.input.n + 2 %}')];
    const plain = await runMachine(machineOf({ Type: 'Parallel', Branches }), { input: { n: 1 } });
    expect(plain.output).toEqual([2, 3]);
    expect(lines(plain.events)).toEqual([
      '1<-0 ExecutionStarted',
      '2<-0 ParallelStateEntered',
      '3<-2 ParallelStateStarted',
      '4<-3 PassStateEntered',
      '5<-3 PassStateEntered',
      '6<-4 PassStateExited',
      '7<-5 PassStateExited',
      '8<-7 ParallelStateSucceeded',
      '9<-7 ParallelStateExited',
      '10<-9 ExecutionSucceeded',
    ]);
    const state = {
      Type: 'Parallel',
      Branches,
      Arguments: { n: '{% $states.input.n * 10 %}' },
      Output: '{% $sum($states.result) %}',
    };
    expect((await runMachine(machineOf(state), { input: { n: 1 } })).output).toBe(23);
  });

  it('fails with the first branch that fails, and stops the others and what they run', async () => {
    let told = false;
    const engine = testEngine({
      slow: (_payload, signal) =>
        new Promise(() => signal.addEventListener('abort', () => (told = true), { once: true })),
      bad: async () => {
        throw namedError('Broken');
      },
    });
    const waiting = branch('Waiting', { Type: 'Wait', Seconds: 100, End: true });
    const id = await engine.begin(machineOf({ Type: 'Parallel', Branches: [invoke('slow'), invoke('bad'), waiting] }));
    await engine.time.pass(0);
    const { status, error, events } = await engine.look(id);
    expect({ status, error, told }).toEqual({ status: 'FAILED', error: 'Broken', told: true });
    const failed = events.find(({ type }) => type === 'TaskFailed')!.id;
    const aborted = events.slice(failed, -2).map(({ type }) => type);
    expect(aborted.toSorted()).toEqual(['TaskStateAborted', 'WaitStateAborted']);
    expect(events.at(-2)).toMatchObject({ type: 'ParallelStateFailed', previousEventId: failed });
  });

  it('can be caught and retried as a whole', async () => {
    let calls = 0;
    const { output, events } = await runMachine(
      {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [invoke('bad'), pass('Fine', 'fine')],
            Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 2 }],
            Catch: [{ ErrorEquals: ['Broken'], Assign: { why: '{% $states.errorOutput.Error %}' }, Next: 'Caught' }],
            End: true,
          },
          Caught: { Type: 'Pass', Output: '{% $why %}', End: true },
        },
      },
      {
        functions: {
          bad: () => {
            calls += 1;
            throw namedError('Broken');
          },
        },
      },
    );
    expect({ output, calls }).toEqual({ output: 'Broken', calls: 3 });
    expect(events.filter(({ type }) => type === 'ParallelStateStarted')).toHaveLength(3);
    expect(events.filter(({ type }) => type === 'ParallelStateFailed')).toHaveLength(1);
  });

  it('keeps the variables of a branch in it', async () => {
    const keep = (name: string, value: number): object => ({
      StartAt: `${name} keeps`,
      States: {
        [`${name} keeps`]: { Type: 'Pass', Assign: { own: value }, Next: `${name} gives` },
        [`${name} gives`]: { Type: 'Pass', Output: '{% $own + $outer %}', End: true },
      },
    });
    const { output } = await runMachine({
      StartAt: 'Before',
      States: {
        Before: { Type: 'Pass', Assign: { outer: 100 }, Next: 'Both' },
        Both: {
          Type: 'Parallel',
          Branches: [keep('One', 1), keep('Two', 2)],
          Assign: { both: '{% $states.result %}' },
          Next: 'After',
        },
        After: { Type: 'Pass', Output: '{% [$both, $exists($own)] %}', End: true },
      },
    });
    expect(output).toEqual([101, 102, false]);
  });
});
