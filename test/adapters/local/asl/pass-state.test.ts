import { describe, expect, it } from 'vitest';
import { lines, machineOf, runMachine } from './run-machine.ts';

describe('a Pass state', () => {
  it('hands its input on', async () => {
    const { status, output, events } = await runMachine(machineOf({ Type: 'Pass' }), { input: { a: [1, null] } });
    expect(status).toBe('SUCCEEDED');
    expect(output).toEqual({ a: [1, null] });
    const timestamp = '2026-01-01T00:00:00.000Z';
    expect(events).toEqual([
      {
        id: 1,
        previousEventId: 0,
        timestamp,
        type: 'ExecutionStarted',
        executionStartedEventDetails: { input: '{"a":[1,null]}', roleArn: 'arn:aws:iam::000000000000:role/local' },
      },
      {
        id: 2,
        previousEventId: 0,
        timestamp,
        type: 'PassStateEntered',
        stateEnteredEventDetails: { name: 'State', input: '{"a":[1,null]}' },
      },
      {
        id: 3,
        previousEventId: 2,
        timestamp,
        type: 'PassStateExited',
        stateExitedEventDetails: { name: 'State', output: '{"a":[1,null]}' },
      },
      {
        id: 4,
        previousEventId: 3,
        timestamp,
        type: 'ExecutionSucceeded',
        executionSucceededEventDetails: { output: '{"a":[1,null]}' },
      },
    ]);
  });

  it('computes its output anywhere in the JSON, and leaves other text alone', async () => {
    const Output = {
      sum: '{% $states.input.a + 1 %}',
      list: [{ deep: '{% $states.input.a %}' }, '$states.input.a', ' {% 1 %}', '{% 1 %} '],
      nothing: null,
      'key.$': '$.a',
    };
    const { output } = await runMachine(machineOf({ Type: 'Pass', Output }), { input: { a: 1 } });
    expect(output).toEqual({
      sum: 2,
      list: [{ deep: 1 }, '$states.input.a', ' {% 1 %}', '{% 1 %} '],
      nothing: null,
      'key.$': '$.a',
    });
  });

  it('evaluates Assign and Output against the variables as they were on entry', async () => {
    const { output, events } = await runMachine({
      StartAt: 'First',
      States: {
        First: { Type: 'Pass', Assign: { a: 1, b: 10 }, Next: 'Swap' },
        Swap: {
          Type: 'Pass',
          Assign: { a: '{% $b %}', b: '{% $a %}', c: '{% $a + $b %}' },
          Output: '{% $a %}',
          Next: 'Last',
        },
        Last: { Type: 'Pass', Output: { before: '{% $states.input %}', now: '{% [$a, $b, $c] %}' }, End: true },
      },
    });
    expect(output).toEqual({ before: 1, now: [10, 1, 11] });
    const exited = events.filter(({ type }) => type === 'PassStateExited');
    expect(exited[1]).toMatchObject({
      stateExitedEventDetails: { name: 'Swap', output: '1', assignedVariables: { a: '10', b: '1', c: '11' } },
    });
  });

  it('fails with States.QueryEvaluationError where an expression gives nothing, naming state, expression and field', async () => {
    const { status, error, cause, events } = await runMachine(
      machineOf({ Type: 'Pass', Output: { result: '{% $doesNotExist %}' } }),
    );
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(cause).toBe(
      "An error occurred while executing the state 'State' (entered at the event id #2). The JSONata expression '$doesNotExist' specified for the field 'Output/result' returned nothing (undefined).",
    );
    expect(lines(events)).toEqual([
      '1<-0 ExecutionStarted',
      '2<-0 PassStateEntered',
      '3<-2 EvaluationFailed',
      '4<-3 ExecutionFailed',
    ]);
    expect(events[2]).toMatchObject({
      evaluationFailedEventDetails: { error: 'States.QueryEvaluationError', location: 'Output/result', state: 'State' },
    });
  });

  it('fails with States.DataLimitExceeded where its output is larger than 256 KiB of UTF-8', async () => {
    const grow = (characters: string): object =>
      machineOf({ Type: 'Pass', Output: `{% $pad('', ${characters}, 'é') %}` });
    // Two bytes for each letter and two for the quotation marks: 131,071 of them are the last that fit.
    expect((await runMachine(grow('131071'))).status).toBe('SUCCEEDED');
    expect(await runMachine(grow('131072'))).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('shows the context object', async () => {
    const { output } = await runMachine(machineOf({ Type: 'Pass', Output: '{% $states.context %}' }), { input: 5 });
    expect(output).toEqual({
      Execution: {
        Id: 'arn:aws:states:local:000000000000:execution:machine:run-1',
        Input: 5,
        Name: 'run-1',
        RedriveCount: 0,
        RoleArn: 'arn:aws:iam::000000000000:role/local',
        StartTime: '2026-01-01T00:00:00.000Z',
      },
      StateMachine: { Id: 'arn:aws:states:local:000000000000:stateMachine:machine', Name: 'machine' },
      State: { Name: 'State', EnteredTime: '2026-01-01T00:00:00.000Z', RetryCount: 0 },
    });
  });
});
