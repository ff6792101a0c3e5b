import { describe, expect, it } from 'vitest';
import { lines, machineOf, runMachine, testEngine } from './run-machine.ts';

describe('a Wait state', () => {
  it('waits its seconds, to the second', async () => {
    const engine = testEngine();
    const id = await engine.begin(machineOf({ Type: 'Wait', Seconds: 30, Output: 'rested', Assign: { a: 1 } }));
    await engine.time.pass(29);
    expect((await engine.look(id)).status).toBe('RUNNING');
    await engine.time.pass(1);
    const { status, output, events, ended_at } = await engine.look(id);
    expect({ status, output, ended_at }).toEqual({
      status: 'SUCCEEDED',
      output: 'rested',
      ended_at: '2026-01-01T00:00:30.000Z',
    });
    expect(lines(events).slice(1)).toEqual([
      '2<-0 WaitStateEntered',
      '3<-2 WaitStateExited',
      '4<-3 ExecutionSucceeded',
    ]);
  });

  it('takes its seconds from an expression', async () => {
    const run = await runMachine(machineOf({ Type: 'Wait', Seconds: '{% $states.input.s * 2 %}' }), {
      input: { s: 4 },
    });
    expect(run).toMatchObject({ status: 'SUCCEEDED', slept: [8], output: { s: 4 } });
  });

  it('waits until a timestamp, and not at all for one that has passed', async () => {
    const until = (Timestamp: string) =>
      runMachine(machineOf({ Type: 'Wait', Timestamp }), { input: '2026-01-01T00:01:00+00:00' });
    expect((await until('2026-01-01T01:00:05+01:00')).slept).toEqual([5]);
    expect((await until('{% $states.input %}')).slept).toEqual([60]);
    expect(await until('2025-12-31T23:59:59Z')).toMatchObject({ status: 'SUCCEEDED', slept: [] });
  });

  it.each([
    ['Seconds', '{% -1 %}', 'at least 0, but was -1'],
    ['Seconds', '{% 1.5 %}', 'a whole number'],
    ['Seconds', "{% '1' %}", "Expected 'number', but was 'string'"],
    [
      'Timestamp',
      "{% '2016-12-05 21:29:29Z' %}",
      'cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z',
    ],
    ['Timestamp', "{% '2016-13-05T21:29:29Z' %}", 'cannot be parsed'],
  ])('fails with States.QueryEvaluationError where %s is %s', async (field, value, cause) => {
    const run = await runMachine(machineOf({ Type: 'Wait', [field]: value }));
    expect(run.error).toBe('States.QueryEvaluationError');
    expect(run.cause).toContain(cause);
  });

  it('ends at once when the execution is stopped', async () => {
    const engine = testEngine();
    const id = await engine.begin(machineOf({ Type: 'Wait', Seconds: 30 }));
    await engine.time.pass(1);
    await engine.workflow.stop(id, { error: 'RUN_CANCELLED', cause: 'no longer wanted' });
    const { status, cause, events } = await engine.look(id);
    expect({ status, cause }).toEqual({ status: 'ABORTED', cause: 'no longer wanted' });
    expect(lines(events)).toEqual(['1<-0 ExecutionStarted', '2<-0 WaitStateEntered', '3<-0 ExecutionAborted']);
    await engine.time.pass(100);
    expect((await engine.look(id)).events).toHaveLength(3);
  });
});
