import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Message } from '../../src/contracts/message.ts';
import type { Run } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { at, freshTenant, sampleAct, sampleRun } from '../contracts/stores/samples.ts';
import { leaveOut } from '../support/is-missing.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { readSynthesis } from './platform/synthesize.ts';

const found = await findMiniStack();

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('messages of the deployed stack', () => {
  const tenant = freshTenant();
  let aws: AwsPlatform;
  let sqs: SQSClient;
  let QueueUrl: string | undefined;

  beforeAll(async () => {
    if ('missing' in found) return;
    aws = await startAwsPlatform(found.python, readSynthesis(inject('synthesisFolder')));
    // Somebody who listens at the bus, as a user's own rule does.
    const { client } = aws.ministack;
    const [events, EventBusName] = [new EventBridgeClient(client), aws.deployment.outputs['EventBus']];
    sqs = new SQSClient(client);
    ({ QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'listener' })));
    const pattern = { source: ['surveyor'], 'detail-type': ['run-started', 'run-settled'] };
    await events.send(
      new PutRuleCommand({ Name: 'listener', EventBusName, EventPattern: JSON.stringify(pattern), State: 'ENABLED' }),
    );
    const target = { Id: 'queue', Arn: 'arn:aws:sqs:us-east-1:000000000000:listener' };
    await events.send(new PutTargetsCommand({ Rule: 'listener', EventBusName, Targets: [target] }));
  }, 300_000);
  afterAll(async () => {
    await aws?.stop();
  });

  /** So many messages from the bus. */
  const heard = async (count: number): Promise<readonly Message[]> => {
    const messages: Message[] = [];
    for (let wait = 0; wait < 240 && messages.length < count; wait += 1) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        messages.push(Message.parse((JSON.parse(Body) as { detail: unknown }).detail));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      if (Messages.length === 0) await sleep(250);
    }
    return messages;
  };

  it(
    'tell on the bus of each start and end that is stored, and of nothing in between',
    { timeout: 120_000 },
    async () => {
      const run: Run = sampleRun(tenant);
      const { run_id } = run;
      const { runs } = aws.stores;
      await runs.create(run);
      await runs.setExecution(tenant, run_id, 1, 'execution');
      await runs.addAct(tenant, run_id, sampleAct({ act: 'cancel' }));
      await runs.settle(tenant, run_id, { attempt: 1, status: 'cancelled', ended_at: at(20) });
      await runs.reopen(tenant, run_id, { attempt: 2, act: sampleAct({ at: at(30) }) });
      await runs.settle(tenant, run_id, { attempt: 2, status: 'succeeded', ended_at: at(40) });
      const told = [...(await heard(4))].toSorted((a, b) => (a.time < b.time ? -1 : 1));
      expect(told.map(({ type, time, data }) => [type, time, data.attempt, data.status])).toEqual([
        ['run-started', at(0), 1, 'running'],
        ['run-settled', at(20), 1, 'cancelled'],
        ['run-started', at(30), 2, 'running'],
        ['run-settled', at(40), 2, 'succeeded'],
      ]);
    },
  );

  it('are owed to the webhooks that want them, and tried at once', { timeout: 120_000 }, async () => {
    const created_at = new Date(Date.now() - 1_000).toISOString();
    await aws.stores.webhooks.create({
      tenant,
      name: 'ops',
      shown_url: 'https://hooks.example/',
      types: ['run-settled'],
      paused: false,
      // Which has no value: the try is made and refused, and would be made again.
      secret: '_webhooks/ops/1',
      created_at,
      created_by: { kind: 'key', id: '0123456789ab' },
      changed_at: created_at,
      revision: 1,
    });
    const run = sampleRun(tenant);
    await aws.stores.runs.create(run);
    await aws.stores.runs.settle(tenant, run.run_id, { attempt: 1, status: 'failed', ended_at: at(20) });
    const owed = async () => (await aws.stores.deliveries.list(tenant, 'webhook/ops', { limit: 10 })).items;
    for (let wait = 0; wait < 240 && (await owed())[0]?.tries.length !== 1; wait += 1) await sleep(250);
    expect(await owed()).toMatchObject([
      {
        status: 'pending',
        tried: 1,
        tries: [{ outcome: 'refused' }],
        message: { type: 'run-settled', data: { run_id: run.run_id, status: 'failed' } },
      },
    ]);
    expect((await aws.refusedCalls()).filter((call) => /(publish|deliver)-messages/.test(call))).toEqual([]);
  });
});
