import jsonata from 'jsonata';
import { beforeAll, describe, expect, it } from 'vitest';
import validate from 'asl-validator';
import { flat, stackTemplate } from './template.ts';

/** Every expression of a machine, `{% … %}`, wherever it stands. */
const expressionsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return /^\{%.*%\}$/s.test(value) ? [value.slice(2, -2)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
};

describe('the machines of the stack', () => {
  let machines: readonly { readonly name: string; readonly definition: unknown }[];
  beforeAll(() => {
    machines = stackTemplate({})
      .ofType('AWS::StepFunctions::StateMachine')
      .map(({ Properties }) => ({
        name: flat(Properties['StateMachineName']),
        // References as ARNs, which the validator knows the form of.
        definition: JSON.parse(
          flat(Properties['DefinitionString'])
            .replaceAll(/<Functions(\w+?)Function\w*\.Arn>/g, 'arn:aws:lambda:eu-central-1:123456789012:function:$1')
            .replaceAll(/<StateMachines(\w+?)>/g, 'arn:aws:states:eu-central-1:123456789012:stateMachine:$1'),
        ) as unknown,
      }));
  });

  it('are what asl-validator takes', () => {
    expect(machines.length).toBeGreaterThan(2);
    const complaints = machines.map(({ name, definition }) => [name, validate(definition).errors]);
    expect(complaints).toEqual(machines.map(({ name }) => [name, []]));
  });

  it('have no expression that jsonata 2.0.6 cannot parse', () => {
    const expressions = machines.flatMap(({ definition }) => expressionsIn(definition));
    expect(expressions.length).toBeGreaterThan(50);
    const broken = expressions.filter((expression) => {
      try {
        jsonata(expression);
        return false;
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([]);
  });
});
