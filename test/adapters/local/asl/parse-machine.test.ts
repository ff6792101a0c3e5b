import { describe, expect, it } from 'vitest';
import { parseMachine } from '../../../../src/adapters/local/asl/parse-machine.ts';
import { Failure } from '../../../../src/contracts/failure.ts';

const pass = { Type: 'Pass', End: true };
const machine = (States: object, more: object = {}): object => ({
  QueryLanguage: 'JSONata',
  StartAt: 'A',
  States,
  ...more,
});

const complaint = (definition: unknown): string => {
  try {
    parseMachine('test', definition);
  } catch (error) {
    if (error instanceof Failure && error.kind === 'INVALID_REQUEST') return error.message;
    throw error;
  }
  throw new Error('the definition was taken');
};

const task = (more: object): object => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f' },
  End: true,
  ...more,
});
const map = (inner: object, more: object = {}): object => ({
  Type: 'Map',
  ItemProcessor: { StartAt: 'B', States: { B: inner } },
  End: true,
  ...more,
});
const parallel = (...branches: readonly Readonly<Record<string, object>>[]): object => ({
  Type: 'Parallel',
  Branches: branches.map((States) => ({ StartAt: Object.keys(States)[0], States })),
  End: true,
});
const long = 'x'.repeat(81);

describe('a definition', () => {
  it('is taken where it is right, with the defaults of its retriers filled in', () => {
    const parsed = parseMachine(
      'test',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }] }) }, { TimeoutSeconds: 60 }),
    );
    expect(parsed.States.A).toMatchObject({
      Retry: [{ IntervalSeconds: 1, MaxAttempts: 3, BackoffRate: 2, JitterStrategy: 'NONE' }],
    });
  });

  it.each([
    ['no query language', { StartAt: 'A', States: { A: pass } }, 'the machine: QueryLanguage: must be JSONata'],
    ['another query language', machine({ A: pass }, { QueryLanguage: 'JSONPath' }), 'the machine: QueryLanguage'],
    ['a start that is no state', machine({ A: pass }, { StartAt: 'Z' }), 'the machine: StartAt names "Z"'],
    [
      'an unknown state type',
      machine({ A: { Type: 'Loop', End: true } }),
      'state "A": Type: Type must be Pass, Task, Choice',
    ],
    ['a JSONPath field', machine({ A: { ...pass, InputPath: '$' } }), 'state "A": Unrecognized key: "InputPath"'],
    [
      'an unknown resource',
      machine({ A: task({ Resource: 'arn:aws:states:::sqs:sendMessage' }) }),
      'state "A": Resource',
    ],
    ['a target that is no state', machine({ A: { Type: 'Pass', Next: 'Z' } }), 'state "A": goes on to "Z"'],
    [
      'a catcher with such a target',
      machine({ A: task({ Catch: [{ ErrorEquals: ['E'], Next: 'Z' }] }) }),
      'state "A": goes on to "Z"',
    ],
    [
      'a choice with such a target',
      machine({ A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'toString' }] } }),
      'state "A": goes on to "toString"',
    ],
    ['a target in another block', machine({ A: map({ Type: 'Pass', Next: 'A' }) }), 'state "B": goes on to "A"'],
    ['a state that is never reached', machine({ A: pass, Lost: pass }), 'state "Lost" is never reached'],
    [
      'one in a loop of its own',
      machine({ A: pass, L: { Type: 'Pass', Next: 'M' }, M: { Type: 'Pass', Next: 'L' } }),
      'state "M" is never reached',
    ],
    ['a name used twice', machine({ A: map(pass), B: pass }), 'state "B" exists twice'],
    [
      'a name used in two branches',
      machine({ A: parallel({ B: pass }, { B: pass }) }),
      'state "B" exists twice; names are unique in the whole machine',
    ],
    [
      'a name used in a branch and in a Map inside another',
      machine({ A: parallel({ B: pass }, { C: map(pass) }) }),
      'state "B" exists twice',
    ],
    [
      'a state that is never reached inside of a Map',
      machine({ A: { ...map(pass), ItemProcessor: { StartAt: 'B', States: { B: pass, Lost: pass } } } }),
      'state "Lost" is never reached',
    ],
    [
      'one inside of a Map in a branch',
      machine({
        A: parallel({ C: { ...map(pass), ItemProcessor: { StartAt: 'B', States: { B: pass, Lost: pass } } } }),
      }),
      'state "Lost" is never reached',
    ],
    [
      'a branch whose start is no state of it',
      machine({ A: { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { B: pass } }], End: true } }),
      'state "A": StartAt names "A", which is no state of it',
    ],
    [
      'a target in another branch',
      machine({ A: parallel({ B: { Type: 'Pass', Next: 'C' } }, { C: pass }) }),
      'state "B": goes on to "C", which is no state beside it',
    ],
    ['a long name', machine({ [long]: pass }, { StartAt: long }), `state "${long}": its name is longer than 80`],
    ['neither Next nor End', machine({ A: { Type: 'Pass' } }), 'state "A": needs exactly one of Next and End'],
    ['both', machine({ A: { Type: 'Pass', Next: 'A', End: true } }), 'state "A": needs exactly one of Next and End'],
    [
      'a wait for nothing',
      machine({ A: { Type: 'Wait', End: true } }),
      'state "A": needs exactly one of Seconds and Timestamp',
    ],
    [
      'text that is not JSONata',
      machine({ A: { ...pass, Output: { x: '{% 1 + %}' } } }),
      'state "A": Output/x is not JSONata',
    ],
    ['a number that is neither', machine({ A: task({ TimeoutSeconds: '5' }) }), 'state "A": TimeoutSeconds: '],
    [
      'the reserved variable',
      machine({ A: { ...pass, Assign: { states: 1 } } }),
      'state "A": Assign: the variable "states" is reserved',
    ],
    ['a variable with a wrong name', machine({ A: { ...pass, Assign: { 'a-b': 1 } } }), 'state "A": Assign: "a-b"'],
    [
      'an inner state that assigns an outer variable',
      machine({ A: { ...map({ ...pass, Assign: { v: 2 } }), Assign: { v: 1 } } }),
      'state "B": Assign: "v" belongs to the states around this block',
    ],
    [
      'States.ALL in company',
      machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] }) }),
      'state "A": Retry[0]: States.ALL must stand alone',
    ],
    [
      'States.ALL before another rule',
      machine({
        A: task({
          Catch: [
            { ErrorEquals: ['States.ALL'], Next: 'C' },
            { ErrorEquals: ['E'], Next: 'C' },
          ],
        }),
        C: pass,
      }),
      'state "A": Catch[0]: States.ALL must be in the last rule',
    ],
    [
      'a wrong field deep inside',
      machine({ A: map(task({ Retry: [{ ErrorEquals: ['E'], MaxAttempts: -1 }] })) }),
      'state "B": Retry[0].MaxAttempts',
    ],
    ['no object at all', 'text', 'the machine: '],
  ])('is refused for %s', (_what, definition, expected) => {
    expect(complaint(definition)).toContain(expected);
  });

  it('is refused with all of its faults at once', () => {
    const message = complaint(machine({ A: { Type: 'Pass', Next: 'Z' }, B: { Type: 'Pass' } }));
    expect(message).toContain('"A"');
    expect(message).toContain('"B"');
    expect(message).toMatch(/^State machine "test" .+ Correct the definition: .+\.$/);
  });
});
