import { describe, expect, it } from 'vitest';
import { lines, runMachine } from './run-machine.ts';

const machine = (choice: object): object => ({
  StartAt: 'Choose',
  States: {
    Choose: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Assign: { size: 'big' }, Output: 'was big' },
        { Condition: '{% $states.input.n > 5 %}', Next: 'Middle' },
      ],
      ...choice,
    },
    Big: { Type: 'Pass', Output: '{% [$states.input, $size] %}', End: true },
    Middle: { Type: 'Pass', End: true },
    Small: { Type: 'Pass', Output: '{% [$states.input, $size] %}', End: true },
  },
});
const withDefault = machine({ Default: 'Small', Assign: { size: 'small' }, Output: 'was small' });

describe('a Choice state', () => {
  it('goes where the first rule that holds says, with that rule’s Assign and Output', async () => {
    const { output, events } = await runMachine(withDefault, { input: { n: 11 } });
    expect(output).toEqual(['was big', 'big']);
    expect(lines(events).slice(1, 4)).toEqual([
      '2<-0 ChoiceStateEntered',
      '3<-2 ChoiceStateExited',
      '4<-3 PassStateEntered',
    ]);
  });

  it('hands the input on where the rule has no Output, and leaves the state’s own Assign to the default', async () => {
    const { output, events } = await runMachine(withDefault, { input: { n: 6 } });
    expect(output).toEqual({ n: 6 });
    expect(JSON.stringify(events)).not.toContain('assignedVariables');
  });

  it('takes its default, with the state’s own Assign and Output, where no rule holds', async () => {
    expect((await runMachine(withDefault, { input: { n: 1 } })).output).toEqual(['was small', 'small']);
  });

  it('fails with States.Runtime where no rule holds and there is no default', async () => {
    const definition = {
      StartAt: 'Choose',
      States: {
        Choose: { Type: 'Choice', Choices: [{ Condition: false, Next: 'There' }] },
        There: { Type: 'Succeed' },
      },
    };
    const run = await runMachine(definition);
    expect(run).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
    expect(run.cause).toContain("the state 'Choose'");
  });

  it('fails with States.QueryEvaluationError where a condition is no boolean: 1 is not true', async () => {
    const condition = (text: string): object =>
      machine({
        Choices: [
          { Condition: text, Next: 'Big' },
          { Condition: true, Next: 'Middle' },
        ],
        Default: 'Small',
      });
    const number = await runMachine(condition('{% 1 %}'));
    expect(number.error).toBe('States.QueryEvaluationError');
    expect(number.cause).toContain(
      "for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'number'",
    );
    expect((await runMachine(condition('{% $states.input.absent %}'))).cause).toContain('returned nothing (undefined)');
  });
});
