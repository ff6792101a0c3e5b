import { describe, expect, it } from 'vitest';
import { lines, machineOf, testEngine, type TestEngine } from './run-machine.ts';

const waiting = (more: object = {}): object =>
  machineOf({
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
    ...more,
  });

const asking = (): { engine: TestEngine; tokens: string[] } => {
  const tokens: string[] = [];
  const engine = testEngine({ ask: ({ token }: { token: string }) => tokens.push(token) });
  return { engine, tokens };
};

describe('a Task state that waits for a token', () => {
  it('hands the token to its function, and ends with what is sent for it', async () => {
    const { engine, tokens } = asking();
    const id = await engine.begin(waiting());
    await engine.time.pass(1_000);
    expect((await engine.look(id)).status).toBe('RUNNING');
    await engine.workflow.sendTaskSuccess(tokens[0]!, { approved: true });
    await engine.time.pass(0);
    const { output, events } = await engine.look(id);
    expect(output).toEqual({ approved: true });
    expect(lines(events).slice(2)).toEqual([
      '3<-2 TaskScheduled',
      '4<-3 TaskStarted',
      '5<-4 TaskSubmitted',
      '6<-5 TaskSucceeded',
      '7<-6 TaskStateExited',
      '8<-7 ExecutionSucceeded',
    ]);
    expect(events[5]).toMatchObject({
      taskSucceededEventDetails: {
        output: '{"approved":true}',
        resource: 'invoke.waitForTaskToken',
        resourceType: 'lambda',
      },
    });
  });

  it('fails with what is sent as a failure', async () => {
    const { engine, tokens } = asking();
    const id = await engine.begin(waiting());
    await engine.time.pass(0);
    await engine.workflow.sendTaskFailure(tokens[0]!, 'Declined', 'not today');
    await engine.time.pass(0);
    expect(await engine.look(id)).toMatchObject({ status: 'FAILED', error: 'Declined', cause: 'not today' });
  });

  it('counts the first answer; later ones change nothing', async () => {
    const { engine, tokens } = asking();
    const id = await engine.begin(waiting());
    await engine.time.pass(0);
    await engine.workflow.sendTaskSuccess(tokens[0]!, 'first');
    await engine.workflow.sendTaskSuccess(tokens[0]!, 'second');
    await engine.workflow.sendTaskFailure(tokens[0]!, 'Third', 'x');
    await engine.time.pass(0);
    expect(await engine.look(id)).toMatchObject({ status: 'SUCCEEDED', output: 'first' });
    await engine.workflow.sendTaskSuccess(tokens[0]!, 'after the end');
  });

  it('takes an answer that is sent before its function has returned', async () => {
    const engine = testEngine({
      ask: async ({ token }: { token: string }) => engine.workflow.sendTaskSuccess(token, 'early'),
    });
    const id = await engine.begin(waiting());
    await engine.time.pass(0);
    expect(await engine.look(id)).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
  });

  it('has a new token at each attempt; an answer to the old one changes nothing', async () => {
    const { engine, tokens } = asking();
    const id = await engine.begin(waiting({ TimeoutSeconds: 10, Retry: [{ ErrorEquals: ['States.Timeout'] }] }));
    await engine.time.pass(11);
    expect(new Set(tokens).size).toBe(2);
    await engine.workflow.sendTaskSuccess(tokens[0]!, 'old');
    await engine.time.pass(0);
    expect((await engine.look(id)).status).toBe('RUNNING');
    await engine.workflow.sendTaskSuccess(tokens[1]!, 'new');
    await engine.time.pass(0);
    expect((await engine.look(id)).output).toBe('new');
  });

  it('fails with States.HeartbeatTimeout, which States.Timeout catches too', async () => {
    const { engine } = asking();
    const id = await engine.begin(
      waiting({ HeartbeatSeconds: 3, Retry: [{ ErrorEquals: ['States.Timeout'], MaxAttempts: 1 }] }),
    );
    await engine.time.pass(7);
    const { error, events } = await engine.look(id);
    expect(error).toBe('States.HeartbeatTimeout');
    expect(events.filter(({ type }) => type === 'TaskTimedOut')).toHaveLength(2);
  });

  it('refuses a token that was never issued', async () => {
    const { engine } = asking();
    await expect(engine.workflow.sendTaskSuccess('made-up', 1)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });
});
