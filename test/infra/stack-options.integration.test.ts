import { Validations } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { stackOptions, type StackOption } from './stack-options.ts';
import { differences } from './template-lines.ts';
import { type Context, stackJson, stackTemplate, synthesisTimeout, type Template } from './template.ts';

vi.setConfig({ testTimeout: synthesisTimeout });

describe('a choice in the context', () => {
  let usual: Template;
  beforeAll(() => {
    usual = stackTemplate({});
  });

  // That cdk-nag has nothing against the stack is part of making it.
  it.each(Object.keys(stackOptions) as readonly StackOption[])(
    '%s changes this of the template, and nothing else',
    async (option) => {
      const changed = differences(usual, stackTemplate(stackOptions[option]));
      expect(changed.length).toBeGreaterThan(50);
      // The states of machines are the same in every deployment.
      expect(changed).not.toContain('(AWS::StepFunctions::StateMachine)');
      await expect(changed).toMatchFileSnapshot(`../golden/infra/options/${option}.txt`);
    },
  );

  it('none changes nothing', () => {
    expect(differences(usual, stackTemplate({}))).toBe('\n');
  });
});

/** What is accepted of what cdk-nag finds, by the construct below which it is, with the reason. */
const acceptedOf = (context: Context): readonly string[] => {
  const accepted: string[] = [];
  stackJson(context, (stack) => {
    for (const { node } of stack.node.findAll())
      for (const { type, data } of node.metadata)
        if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          for (const [id, reason] of Object.entries(data as Readonly<Record<string, string>>))
            accepted.push(`${node.path.replace(/^surveyor\/?/, '')}: ${id}\n    ${reason}`);
  });
  return [...new Set(accepted)].toSorted();
};

describe('cdk-nag', () => {
  it('finds nothing that is not accepted here, each with its reason', async () => {
    const accepted = acceptedOf(stackOptions['databases-and-buckets']);
    expect(accepted.length).toBeGreaterThan(5);
    expect(accepted.filter((one) => one.trim().endsWith('undefined'))).toEqual([]);
    await expect(`${accepted.join('\n')}\n`).toMatchFileSnapshot('../golden/infra/accepted-findings.txt');
    const brought = acceptedOf(stackOptions['brought-network']);
    expect(brought.filter((one) => !accepted.includes(one))).toEqual([]);
  });

  it('objects to a queue that anybody may write to without TLS', () => {
    expect(() => stackJson({}, (stack) => void new CfnQueue(stack, 'Open', {}))).toThrow(/AwsSolutions-SQS/);
  });
});
