import type { Command } from 'commander';
import type { Resent } from '../../src/adapters/aws/resend-dead-letters.ts';
import { programName } from '../program-name.ts';
import { terminalOf } from './terminal.ts';

const example = `
Mend first what the alarm told of (docs/runbook.md). With your own credentials, which need cloudformation:DescribeStacks,
sqs:ReceiveMessage and DeleteMessage on the queues, lambda:InvokeFunction, and dynamodb:GetShardIterator and GetRecords on
the stream of the table, which keeps changes for a day.

Example:
  ${programName} resend --stack surveyor`;

/** The outputs of the stack that name its dead-letter queues. */
const queues = ['UnsettledQueue', 'UnstartedQueue', 'UnpublishedQueue'] as const;

const line = ({ function: name, outcome, reason }: Resent): string => {
  switch (outcome) {
    case 'done':
      return `${name}: done. It had failed before: ${reason || 'nobody said why'}`;
    case 'failed':
      return `${name}: failed again, and stays: ${reason}`;
    case 'unreadable':
      return `A message that is no event of Surveyor's stays: ${reason}`;
  }
};

/** `surveyor resend`: calls again what lies in the dead-letter queues of a stack. */
export const registerResend = (program: Command): void => {
  program
    .command('resend')
    .description('Call again what lies in the dead-letter queues of a stack on AWS')
    .requiredOption('--stack <name>', 'the stack')
    .addHelpText('after', example)
    .action(async ({ stack }: { readonly stack: string }, command: Command) => {
      // No command but this one and those of keys needs AWS: the others start without loading its clients.
      const { stackOutput } = await import('../../src/adapters/aws/stack-output.ts');
      const { resendDeadLetters } = await import('../../src/adapters/aws/resend-dead-letters.ts');
      const { sqsClient } = await import('../../src/adapters/aws/clients/sqs-client.ts');
      const { dynamoStreamsClient } = await import('../../src/adapters/aws/clients/dynamo-streams-client.ts');
      const { patientLambdaClient } = await import('../../src/adapters/aws/clients/lambda-client.ts');
      const resent: Resent[] = [];
      for (const queue of queues)
        await resendDeadLetters(
          { sqs: sqsClient(), lambda: patientLambdaClient(), streams: dynamoStreamsClient() },
          await stackOutput(stack, queue),
          (one) => resent.push(one),
        );
      terminalOf(command).print({ resent }, () =>
        resent.length === 0 ? 'Nothing lies in the dead-letter queues.' : resent.map(line).join('\n'),
      );
      if (resent.some(({ outcome }) => outcome !== 'done')) process.exitCode = 1;
    });
};
