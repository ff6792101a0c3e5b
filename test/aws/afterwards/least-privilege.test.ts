import { describe, expect, inject, it } from 'vitest';
import { findMiniStack } from '../../adapters/aws/ministack.ts';
import { leaveOut } from '../../support/is-missing.ts';
import { readUsedPermissions } from '../platform/least-privilege.ts';

const found = await findMiniStack();

/** Grants that no run of `npm run aws` uses, and why they are there. */
const reasons: readonly { readonly grants: RegExp; readonly because: string }[] = [
  {
    grants: /: (logs:Create|logs:Put|xray:|sqs:)/,
    because: 'Lambda writes logs, traces and what failed to the last, with the rights of the function',
  },
  { grants: /: ec2:/, because: 'Lambda puts a function into the network with its rights' },
  { grants: /publish-messages: dynamodb:\w+ on \S+\/stream/, because: 'Lambda reads the stream for the function' },
  { grants: /: s3:ListBucket/, because: 'without it a missing object is told as a forbidden one' },
  {
    grants: /: secretsmanager:PutSecretValue on secret:surveyor\//,
    because: 'a secret whose making was answered for nobody is there when it is made again',
  },
  {
    grants: /(create-catalog|resume-run|change-webhook): secretsmanager:DeleteSecret|create-\w+: dynamodb:DeleteItem/,
    because: 'what was stored is taken back where the next step fails',
  },
  {
    grants: /(publish-messages|deliver-messages|take-sandbox): dynamodb:GetItem on \S+ of TENANT#\*#/,
    because: 'a conditional write that is refused is looked at: it may have been made before',
  },
  { grants: /cancel-run: states:StartExecution/, because: 'a run may be cancelled before its execution was noted' },
  {
    grants: /(settle-run|reconcile-runs): states:StopExecution/,
    because: 'Step Functions may leave a nested execution running, the engine of the tests does not',
  },
  {
    grants: /reconcile-runs: (dynamodb:PutItem on \S+ of SANDBOX|ecs:RunTask|iam:PassRole)/,
    because: 'tasks are started ahead where the context says how many',
  },
  {
    grants: /run-tool: dynamodb:(GetItem on \S+ of CERTIFICATES|Query on \S+succeeded-by-prefix)/,
    because: 'a model runs code and reports findings of its own; the models of these tests submit at once',
  },
  {
    grants: /run-tool: dynamodb:GetItem on \S+ of TENANT#\*#RUN#\*#LEASE/,
    because: 'as before: a sandbox is asked for only by a model that runs code',
  },
  {
    grants: /(collect-findings|collect-last-evidence|reconcile-runs): dynamodb:GetItem on \S+ of TENANT#\*#RUN#\*$/,
    because: 'a conditional write below a run that is refused is looked at: it may have been made before',
  },
  {
    grants: /list-steps: states:DescribeExecution/,
    because: 'who may read an execution may read its status and its history',
  },
  {
    grants:
      /reconcile-runs: (dynamodb:GetItem on \S+ of TENANT#\*#WEBHOOKS|secretsmanager:DeleteSecret on secret:surveyor\/\*\/_webhooks)/,
    because: 'a secret of a webhook is swept where whoever stored it died before the webhook was',
  },
  { grants: /close-turn: dynamodb:PutItem/, because: 'a model is told that its budget comes to its end' },
  { grants: /collect-profile: dynamodb:UpdateItem/, because: 'no table of one of several databases can be measured' },
  { grants: /align-schedule: scheduler:CreateSchedule/, because: 'whoever stored the schedule died before it was put' },
];

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('the roles of the functions', () => {
  const stacks = readUsedPermissions(inject('synthesisFolder'));

  it('allow all that any test of the stack made them do', () => {
    expect(stacks.length).toBeGreaterThan(1);
    expect([...new Set(stacks.flatMap(({ refused }) => refused))]).toEqual([]);
  });

  it('allow nothing else, but for a reason, and no reason is left without a grant', () => {
    const used = new Set(stacks.flatMap((stack) => stack.used));
    const unused = [...new Set(stacks.flatMap(({ granted }) => granted))].filter((grant) => !used.has(grant));
    expect(unused.filter((grant) => !reasons.some(({ grants }) => grants.test(grant))).toSorted()).toEqual([]);
    expect(reasons.filter(({ grants }) => !unused.some((grant) => grants.test(grant)))).toEqual([]);
  });
});
