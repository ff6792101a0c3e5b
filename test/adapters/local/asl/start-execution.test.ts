import { describe, expect, it } from 'vitest';
import { lines, machineOf, testEngine, type TestEngine } from './run-machine.ts';

const parent = (resource: string, more: object = {}): object =>
  machineOf({
    Type: 'Task',
    Resource: `arn:aws:states:::states:${resource}`,
    Arguments: { StateMachineArn: 'child', Name: 'the-child', Input: { n: '{% $states.input.n %}' } },
    ...more,
  });
const CHILD = 'arn:aws:states:local:000000000000:execution:child:the-child';

const withChild = async (child: object, functions = {}): Promise<TestEngine> => {
  const engine = testEngine(functions);
  await engine.workflow.deploy('child', { QueryLanguage: 'JSONata', ...child });
  return engine;
};

describe('a Task state that starts another machine and waits', () => {
  it('gives the child’s description with its output as JSON', async () => {
    const engine = await withChild(
      machineOf({ Type: 'Wait', Seconds: 5, Output: { doubled: '{% $states.input.n * 2 %}' } }),
    );
    const id = await engine.begin(parent('startExecution.sync:2'), { n: 4 });
    await engine.time.pass(5);
    const { output, events } = await engine.look(id);
    const started = Date.UTC(2026, 0, 1);
    expect(output).toEqual({
      ExecutionArn: CHILD,
      Input: { n: 4 },
      InputDetails: { Included: true },
      Name: 'the-child',
      Output: { doubled: 8 },
      OutputDetails: { Included: true },
      StartDate: started,
      StateMachineArn: 'arn:aws:states:local:000000000000:stateMachine:child',
      Status: 'SUCCEEDED',
      StopDate: started + 5_000,
    });
    expect(lines(events).slice(2, 6)).toEqual([
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskSubmitted',
      '6<-5 TaskSucceeded',
    ]);
    expect(events[4]).toMatchObject({
      taskSubmittedEventDetails: {
        output: JSON.stringify({ ExecutionArn: CHILD, StartDate: started }),
        resource: 'startExecution.sync:2',
        resourceType: 'states',
      },
    });
  });

  it('fails with States.TaskFailed, the cause describing the child that failed', async () => {
    const engine = await withChild(machineOf({ Type: 'Fail', Error: 'BUDGET_EXCEEDED', Cause: 'all spent' }));
    const id = await engine.begin(parent('startExecution.sync:2'), { n: 1 });
    await engine.time.pass(1);
    const { error, cause } = await engine.look(id);
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '')).toMatchObject({
      Error: 'BUDGET_EXCEEDED',
      Cause: 'all spent',
      Status: 'FAILED',
      ExecutionArn: CHILD,
      Name: 'the-child',
      Input: '{"n":1}',
    });
  });

  it('fails with the child’s status where it timed out or was stopped', async () => {
    const engine = await withChild({ TimeoutSeconds: 3, ...machineOf({ Type: 'Wait', Seconds: 50 }) });
    const timed = await engine.begin(parent('startExecution.sync:2'), { n: 1 });
    await engine.time.pass(3);
    expect(JSON.parse((await engine.look(timed)).cause ?? '')).toMatchObject({
      Status: 'TIMED_OUT',
      Error: 'States.Timeout',
    });

    const other = await withChild(machineOf({ Type: 'Wait', Seconds: 50 }));
    const stopped = await other.begin(parent('startExecution.sync:2'), { n: 1 });
    await other.time.pass(1);
    await other.workflow.stop(CHILD, { error: 'RUN_CANCELLED', cause: 'by hand' });
    await other.time.pass(0);
    expect(JSON.parse((await other.look(stopped)).cause ?? '')).toMatchObject({ Status: 'ABORTED', Cause: 'by hand' });
  });

  it('stops the child, and what the child runs, when the parent is stopped', async () => {
    let aborted = false;
    const engine = await withChild(
      machineOf({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'work' } }),
      {
        work: (_payload: never, signal: AbortSignal) =>
          new Promise(() => signal.addEventListener('abort', () => (aborted = true), { once: true })),
      },
    );
    const id = await engine.begin(parent('startExecution.sync:2'), { n: 1 });
    await engine.time.pass(1);
    await engine.workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'enough' });
    expect(aborted).toBe(true);
    expect(await engine.look(CHILD)).toMatchObject({ status: 'ABORTED', cause: 'enough' });
    await engine.time.pass(0);
    expect(engine.events.map(({ detail }) => `${detail.name} ${detail.status}`).sort()).toEqual([
      'run-1 ABORTED',
      'the-child ABORTED',
    ]);
  });

  it('stops the child when the task times out', async () => {
    const engine = await withChild(machineOf({ Type: 'Wait', Seconds: 50 }));
    const id = await engine.begin(parent('startExecution.sync:2', { TimeoutSeconds: 2 }), { n: 1 });
    await engine.time.pass(2);
    expect((await engine.look(id)).error).toBe('States.Timeout');
    expect((await engine.look(CHILD)).status).toBe('ABORTED');
  });

  it('names the machine that does not exist', async () => {
    const engine = testEngine();
    const id = await engine.begin(parent('startExecution.sync:2'), { n: 1 });
    await engine.time.pass(0);
    const { error, cause } = await engine.look(id);
    expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
    expect(cause).toContain('"child"');
  });
});

describe('a Task state that only starts another machine', () => {
  it('goes on at once, and the child outlives it', async () => {
    const engine = await withChild(machineOf({ Type: 'Wait', Seconds: 5 }));
    const id = await engine.begin(parent('startExecution'), { n: 4 });
    await engine.time.pass(0);
    expect(await engine.look(id)).toMatchObject({
      status: 'SUCCEEDED',
      output: { ExecutionArn: CHILD, StartDate: Date.UTC(2026, 0, 1) },
    });
    expect((await engine.look(CHILD)).status).toBe('RUNNING');
    await engine.time.pass(5);
    expect((await engine.look(CHILD)).status).toBe('SUCCEEDED');
  });

  it('fails where an execution of that name has ended', async () => {
    const engine = await withChild(machineOf({ Type: 'Succeed' }));
    await engine.workflow.start({ machine: 'child', name: 'the-child', input: {} });
    await engine.time.pass(0);
    const id = await engine.begin(parent('startExecution'), { n: 4 });
    await engine.time.pass(0);
    expect((await engine.look(id)).error).toBe('StepFunctions.ExecutionAlreadyExistsException');
  });
});
