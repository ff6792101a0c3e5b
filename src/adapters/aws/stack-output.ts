import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { Failure } from '../../contracts/failure.ts';
import { awsFailure } from './aws-failure.ts';
import { clientLimits } from './clients/client-limits.ts';

/** What a deployed stack says under a name, asked with the credentials of whoever asks. Fails with NOT_FOUND without the stack. */
export const findStackOutput = async (
  stack: string,
  name: string,
  client = new CloudFormationClient(clientLimits),
): Promise<string | undefined> => {
  const found = await client.send(new DescribeStacksCommand({ StackName: stack })).catch((thrown: unknown) => {
    if (thrown instanceof Error && thrown.message.includes('does not exist'))
      throw new Failure('NOT_FOUND', `There is no stack "${stack}" in this account and region.`, { where: '--stack' });
    if (thrown instanceof Error && thrown.message === 'Region is missing')
      throw new Failure('SETTING_INVALID', `Nothing says which region the stack "${stack}" is in. Set AWS_REGION.`, {
        where: 'AWS_REGION',
        cause: thrown,
      });
    throw awsFailure('CloudFormation', thrown);
  });
  return found.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === name)?.OutputValue;
};

/** The same where the stack has to say it. Fails with NOT_FOUND. */
export const stackOutput = async (stack: string, name: string, client?: CloudFormationClient): Promise<string> => {
  const value = await findStackOutput(stack, name, client);
  if (value === undefined)
    throw new Failure('NOT_FOUND', `The stack "${stack}" does not say its ${name}. Deploy this version of it.`, {
      where: '--stack',
    });
  return value;
};
