import { describe, expect, it } from 'vitest';
import { lines, machineOf, runMachine } from './run-machine.ts';

describe('a Fail state', () => {
  it('fails the machine with its error and cause, and is not exited', async () => {
    const run = await runMachine(
      machineOf({ Type: 'Fail', Error: 'TABLE_NOT_FOUND', Cause: 'There is no table "x".' }),
    );
    expect(run).toMatchObject({ status: 'FAILED', error: 'TABLE_NOT_FOUND', cause: 'There is no table "x".' });
    expect(lines(run.events)).toEqual(['1<-0 ExecutionStarted', '2<-0 FailStateEntered', '3<-2 ExecutionFailed']);
    expect(run.events[2]).toMatchObject({
      executionFailedEventDetails: { error: 'TABLE_NOT_FOUND', cause: 'There is no table "x".' },
    });
  });

  it('takes both from expressions', async () => {
    const state = { Type: 'Fail', Error: '{% $states.input.e %}', Cause: "{% 'because ' & $states.input.c %}" };
    const run = await runMachine(machineOf(state), { input: { e: 'X', c: 'of y' } });
    expect(run).toMatchObject({ error: 'X', cause: 'because of y' });
  });

  it('needs neither', async () => {
    const run = await runMachine(machineOf({ Type: 'Fail' }));
    expect(run.status).toBe('FAILED');
    expect(run).not.toHaveProperty('error');
    expect(run).not.toHaveProperty('cause');
  });

  it('fails with States.QueryEvaluationError where its error is no string', async () => {
    const run = await runMachine(machineOf({ Type: 'Fail', Error: '{% 5 %}' }));
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain("Expected 'string', but was 'number' for value: 5");
  });
});
