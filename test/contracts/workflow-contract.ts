import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionStatusChange } from '../../src/contracts/execution.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { Workflow } from '../../src/ports/workflow.ts';

/** A function that the machines of the contract call. */
export type ContractFunction = (payload: never) => unknown;

/** A workflow under test. */
export type WorkflowSubject = {
  readonly workflow: Workflow;
  /** Resolves with the status change of an execution, as soon as that was delivered. */
  statusChange(executionId: string): Promise<ExecutionStatusChange>;
  /** How many status changes of an execution were delivered. */
  statusChanges(executionId: string): number;
  dispose(): Promise<void>;
};

const machine = (States: object, StartAt: string = Object.keys(States)[0] ?? ''): object => ({
  QueryLanguage: 'JSONata',
  StartAt,
  States,
});

const invoke = (FunctionName: string, more: object = {}): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName, Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
  ...more,
});

const echo = machine({ Echo: { Type: 'Pass', End: true } });
const waiting = machine({ Wait: { Type: 'Wait', Seconds: 1_000, End: true } });
const asking = machine({
  Ask: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
    TimeoutSeconds: 600,
    End: true,
  },
});

/**
 * What every workflow engine does, whichever runs the machines. The port has no tenants: an execution is reached by its
 * id alone, which only the run store of its tenant gives out.
 */
export const describeWorkflowContract = (
  name: string,
  makeSubject: (functions: Readonly<Record<string, ContractFunction>>) => Promise<WorkflowSubject>,
): void => {
  describe(`${name} as a workflow`, () => {
    let subject: WorkflowSubject;
    let workflow: Workflow;
    let asked: PromiseWithResolvers<string>;

    beforeEach(async () => {
      asked = Promise.withResolvers();
      subject = await makeSubject({
        double: ({ n }: { n: number }) => ({ n: n * 2 }),
        refuse: () => {
          throw new Failure('TABLE_NOT_FOUND', 'There is no table "x".');
        },
        ask: ({ token }: { token: string }) => asked.resolve(token),
      });
      workflow = subject.workflow;
    });
    afterEach(() => subject.dispose());

    const start = async (definition: object, input: unknown = {}, execution = 'one'): Promise<string> => {
      await workflow.deploy('machine', definition);
      return (await workflow.start({ machine: 'machine', name: execution, input })).execution_id;
    };
    const run = async (definition: object, input?: unknown) => {
      const id = await start(definition, input);
      const { detail } = await subject.statusChange(id);
      return { id, detail, execution: await workflow.describe(id) };
    };

    describe('start', () => {
      it('runs a machine to its end', async () => {
        const { id, execution } = await run(machine({ Double: invoke('double') }), { n: 21 });
        expect(execution).toMatchObject({
          execution_id: id,
          machine: 'machine',
          name: 'one',
          status: 'SUCCEEDED',
          input: { n: 21 },
          output: { n: 42 },
        });
        expect(id).toMatch(/:execution:machine:one$/);
        expect(execution?.ended_at?.localeCompare(execution.started_at)).toBeGreaterThanOrEqual(0);
        expect(execution).not.toHaveProperty('error');
      });

      it('carries the kind of a Failure as the error of the execution', async () => {
        const { execution } = await run(machine({ Refuse: invoke('refuse') }));
        expect(execution).toMatchObject({ status: 'FAILED', error: 'TABLE_NOT_FOUND' });
        expect(JSON.parse(execution?.cause ?? '')).toMatchObject({ errorMessage: 'There is no table "x".' });
        expect(execution).not.toHaveProperty('output');
      });

      it('answers with the running execution of the same name and input', async () => {
        const first = await start(waiting, { a: 1 });
        expect(await start(waiting, { a: 1 })).toBe(first);
        expect(await start(waiting, { a: 1 }, 'another')).not.toBe(first);
      });

      it('fails with CONFLICT where the running execution of that name has another input', async () => {
        await start(waiting, { a: 1 });
        await expect(start(waiting, { a: 2 })).rejects.toMatchObject({ kind: 'CONFLICT' });
      });

      it('fails with CONFLICT where an execution of that name has ended, whatever its input', async () => {
        await run(echo, { a: 1 });
        await expect(start(echo, { a: 1 })).rejects.toMatchObject({ kind: 'CONFLICT' });
      });

      it('uses a name once for each machine', async () => {
        const first = await start(waiting);
        await workflow.deploy('other', waiting);
        const second = await workflow.start({ machine: 'other', name: 'one', input: {} });
        expect(second.execution_id).not.toBe(first);
      });

      it('fails with NOT_FOUND on a machine that does not exist, naming it', async () => {
        const starting = workflow.start({ machine: 'nowhere', name: 'one', input: {} });
        await expect(starting).rejects.toMatchObject({
          kind: 'NOT_FOUND',
          message: expect.stringContaining('"nowhere"'),
        });
      });

      it.each(['', 'a b', 'a/b', 'a:b', 'x'.repeat(81)])('fails with INVALID_REQUEST on the name "%s"', async (bad) => {
        await expect(start(echo, {}, bad)).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
      });

      it('fails with REQUEST_TOO_LARGE on an input over 256 KiB', async () => {
        await expect(start(echo, 'x'.repeat(262_144))).rejects.toMatchObject({ kind: 'REQUEST_TOO_LARGE' });
      });
    });

    describe('stop', () => {
      it('ends a running execution as ABORTED, with the error and the cause it was given', async () => {
        const id = await start(waiting);
        const reason = { error: 'RUN_CANCELLED', cause: 'The run was cancelled.' };
        await workflow.stop(id, reason);
        const { detail } = await subject.statusChange(id);
        expect(detail).toMatchObject({ status: 'ABORTED', ...reason });
        expect(await workflow.describe(id)).toMatchObject({ status: 'ABORTED', ...reason });
        expect((await workflow.history(id)).at(-1)).toMatchObject({
          type: 'ExecutionAborted',
          executionAbortedEventDetails: reason,
        });
      });

      it('leaves an execution that has ended as it is', async () => {
        const { id, execution } = await run(echo);
        await workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'too late' });
        expect(await workflow.describe(id)).toEqual(execution);
      });

      it('stops the executions that it waits for', async () => {
        await workflow.deploy('child', waiting);
        const id = await start(
          machine({
            Start: {
              Type: 'Task',
              Resource: 'arn:aws:states:::states:startExecution.sync:2',
              Arguments: { StateMachineArn: 'child', Name: 'the-child', Input: {} },
              End: true,
            },
          }),
        );
        const child = id.replace(/machine:one$/, 'child:the-child');
        await expect.poll(async () => (await workflow.describe(child))?.status).toBe('RUNNING');
        await workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'enough' });
        expect((await subject.statusChange(child)).detail).toMatchObject({
          status: 'ABORTED',
          error: 'RUN_CANCELLED',
          cause: 'enough',
        });
      });

      it('fails with NOT_FOUND on an execution that does not exist', async () => {
        const nowhere = (await start(echo)).replace(/one$/, 'nowhere');
        await expect(workflow.stop(nowhere, { error: 'RUN_CANCELLED', cause: 'x' })).rejects.toMatchObject({
          kind: 'NOT_FOUND',
        });
      });
    });

    describe('the view of an execution', () => {
      it('shows an execution while it runs', async () => {
        const id = await start(waiting, { a: 1 });
        const execution = await workflow.describe(id);
        expect(execution).toMatchObject({ status: 'RUNNING', input: { a: 1 } });
        expect(execution).not.toHaveProperty('ended_at');
        await expect
          .poll(async () => (await workflow.history(id)).map(({ type }) => type))
          .toEqual(['ExecutionStarted', 'WaitStateEntered']);
      });

      it('is empty for an execution that does not exist', async () => {
        const nowhere = (await start(echo)).replace(/one$/, 'nowhere');
        expect(await workflow.find('echo', 'nobody-has-started-it')).toBeUndefined();
        expect(await workflow.describe(nowhere)).toBeUndefined();
        expect(await workflow.history(nowhere)).toEqual([]);
      });

      it('lists all that happened, oldest first, each event following an earlier one', async () => {
        const { id } = await run(machine({ Double: invoke('double') }), { n: 1 });
        const events = await workflow.history(id);
        expect(events.map(({ type }) => type)).toEqual([
          'ExecutionStarted',
          'TaskStateEntered',
          'TaskScheduled',
          'TaskStarted',
          'TaskSucceeded',
          'TaskStateExited',
          'ExecutionSucceeded',
        ]);
        for (const [index, event] of events.entries()) {
          expect(event.id).toBe(index + 1);
          expect(event.previousEventId).toBeLessThan(event.id);
          expect(new Date(event.timestamp).toISOString()).toBe(event.timestamp);
        }
        expect(events[1]).toMatchObject({ stateEnteredEventDetails: { name: 'Double', input: '{"n":1}' } });
        expect(events[5]).toMatchObject({ stateExitedEventDetails: { name: 'Double', output: '{"n":2}' } });
        expect(events[6]).toMatchObject({ executionSucceededEventDetails: { output: '{"n":2}' } });
      });
    });

    describe('task tokens', () => {
      it('end the task that waits with the output that is sent', async () => {
        const id = await start(asking);
        await workflow.sendTaskSuccess(await asked.promise, { approved: true });
        await subject.statusChange(id);
        expect(await workflow.describe(id)).toMatchObject({ status: 'SUCCEEDED', output: { approved: true } });
      });

      it('fail the task that waits with the error that is sent', async () => {
        const id = await start(asking);
        await workflow.sendTaskFailure(await asked.promise, 'CONFLICT', 'somebody else was faster');
        await subject.statusChange(id);
        expect(await workflow.describe(id)).toMatchObject({ error: 'CONFLICT', cause: 'somebody else was faster' });
      });

      it('count once: a second answer is no error and changes nothing', async () => {
        const id = await start(asking);
        const token = await asked.promise;
        await workflow.sendTaskSuccess(token, 1);
        await workflow.sendTaskSuccess(token, 2);
        await workflow.sendTaskFailure(token, 'E', 'c');
        await subject.statusChange(id);
        expect(await workflow.describe(id)).toMatchObject({ status: 'SUCCEEDED', output: 1 });
      });

      it('are harmless when the execution has ended', async () => {
        const id = await start(asking);
        const token = await asked.promise;
        await workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'x' });
        await subject.statusChange(id);
        await workflow.sendTaskSuccess(token, 1);
        expect((await workflow.describe(id))?.status).toBe('ABORTED');
      });

      it('fail with NOT_FOUND where they were never issued', async () => {
        await expect(workflow.sendTaskSuccess('made-up', 1)).rejects.toMatchObject({ kind: 'NOT_FOUND' });
        await expect(workflow.sendTaskFailure('made-up', 'E', 'c')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
      });
    });

    describe('deploy and remove', () => {
      it.each([
        ['an unknown state type', machine({ Bad: { Type: 'Loop', End: true } })],
        ['a target that is no state', machine({ Bad: { Type: 'Pass', Next: 'Nowhere' } })],
        ['a state that is never reached', machine({ Good: { Type: 'Pass', End: true }, Bad: { Type: 'Succeed' } })],
        ['an expression that is not JSONata', machine({ Bad: { Type: 'Pass', Output: '{% 1 + %}', End: true } })],
      ])('refuse %s with INVALID_REQUEST, naming the state', async (_what, definition) => {
        await expect(workflow.deploy('machine', definition)).rejects.toMatchObject({
          kind: 'INVALID_REQUEST',
          message: expect.stringContaining('Bad'),
        });
        await expect(workflow.start({ machine: 'machine', name: 'one', input: {} })).rejects.toMatchObject({
          kind: 'NOT_FOUND',
        });
      });

      it('replace a machine for what starts from then on', async () => {
        const old = await start(asking);
        const token = await asked.promise;
        const young = await start(machine({ New: { Type: 'Pass', Output: 'new', End: true } }), {}, 'two');
        await subject.statusChange(young);
        await workflow.sendTaskSuccess(token, 'old');
        await subject.statusChange(old);
        expect((await workflow.describe(old))?.output).toBe('old');
        expect((await workflow.describe(young))?.output).toBe('new');
      });

      it('keep the machine that was there where the new definition is refused', async () => {
        await workflow.deploy('machine', echo);
        await expect(workflow.deploy('machine', {})).rejects.toMatchObject({ kind: 'INVALID_REQUEST' });
        const { execution_id } = await workflow.start({ machine: 'machine', name: 'one', input: 1 });
        expect((await subject.statusChange(execution_id)).detail.status).toBe('SUCCEEDED');
      });

      it('take a machine away, and it is no error when it was not there', async () => {
        await workflow.deploy('machine', echo);
        await workflow.remove('machine');
        await workflow.remove('machine');
        await expect(workflow.start({ machine: 'machine', name: 'one', input: {} })).rejects.toMatchObject({
          kind: 'NOT_FOUND',
        });
      });
    });

    describe('status changes', () => {
      it('tell of a success with input and output as JSON texts', async () => {
        const { id, detail } = await run(echo, { a: [1] });
        expect(detail).toMatchObject({
          executionArn: id,
          name: 'one',
          status: 'SUCCEEDED',
          input: '{"a":[1]}',
          output: '{"a":[1]}',
          error: null,
          cause: null,
        });
        expect(detail.stateMachineArn).toMatch(/:stateMachine:machine$/);
      });

      it('tell of a failure with its error and cause', async () => {
        const { detail } = await run(
          machine({ Fail: { Type: 'Fail', Error: 'MODEL_REFUSED', Cause: 'it would not' } }),
        );
        expect(detail).toMatchObject({ status: 'FAILED', error: 'MODEL_REFUSED', cause: 'it would not', output: null });
      });

      it('tell of a time-out', async () => {
        const { detail } = await run({ ...waiting, TimeoutSeconds: 1 });
        expect(detail.status).toBe('TIMED_OUT');
      });

      it('come once for each execution, those that another one started included', async () => {
        await workflow.deploy('child', echo);
        const { id } = await run(
          machine({
            Start: {
              Type: 'Task',
              Resource: 'arn:aws:states:::states:startExecution.sync:2',
              Arguments: { StateMachineArn: 'child', Name: 'the-child', Input: {} },
              End: true,
            },
          }),
        );
        const child = id.replace(/machine:one$/, 'child:the-child');
        expect((await subject.statusChange(child)).detail.status).toBe('SUCCEEDED');
        expect(subject.statusChanges(id)).toBe(1);
        expect(subject.statusChanges(child)).toBe(1);
      });
    });
  });
};
