import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe } from 'vitest';
import { createSandboxCertificate } from '../../../../src/adapters/aws/create-sandbox-certificate.ts';
import { fargateCalls } from '../../../../src/adapters/aws/fargate/call-sandbox.ts';
import { trustedCertificates } from '../../../../src/adapters/aws/trusted-certificates.ts';
import { ensurePythonEnvironment } from '../../../../src/adapters/local/python-environment.ts';
import { startEcsServer } from '../../../aws/ecs/ecs-server.ts';
import { startSupervisorTask } from '../../../aws/ecs/supervisor-task.ts';
import { describeSandboxContract } from '../../../contracts/sandbox-contract.ts';
import { leaveOut } from '../../../support/is-missing.ts';
import { findMiniStack, type MiniStack, startMiniStack } from '../ministack.ts';
import { createPlainTable, openFargateSandbox } from './fargate-subject.ts';

const found = await findMiniStack();

const kernelPython = (): Promise<string> =>
  ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: fileURLToPath(new URL('../../../../runner-task/kernel/requirements.txt', import.meta.url)),
    onProgress: () => undefined,
  });

// Real supervisors behind TLS, started by an ECS that speaks its wire protocol; places and certificates stand in DynamoDB.
describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('on an AWS emulator', () => {
  let ministack: MiniStack;
  let tables = 0;
  beforeAll(async () => {
    if ('missing' in found) return;
    ministack = await startMiniStack(found.python);
  });
  afterAll(() => ministack.stop());

  describeSandboxContract('a task on Fargate', async ({ most }) => {
    tables += 1;
    const table = `surveyor-${tables}`;
    const dynamo: DynamoDBDocumentClient = await createPlainTable(ministack.client, table);
    const list = trustedCertificates({ client: dynamo, table });
    const [from, to] = [new Date(), new Date(Date.now() + 86_400_000)];
    const certificate = await createSandboxCertificate({ from, to });
    await list.replace(
      [],
      [{ certificate: certificate.certificate, listed_at: from.toISOString(), lapses_at: to.toISOString() }],
    );
    const python = await kernelPython();
    const ecs = await startEcsServer({ startTask: startSupervisorTask({ python, certificate: () => certificate }) });
    const sandbox = openFargateSandbox({ ecs, dynamo, table, choice: most === undefined ? {} : { places: most } });
    /** ECS answers a stop before the task has ended, which is then a matter of seconds. */
    const untilStopped = async (): Promise<void> => {
      while (ecs.tasks.some(({ desired, status }) => desired === 'STOPPED' && status !== 'STOPPED')) await wait(20);
    };
    return {
      sandbox: {
        ...fargateCalls({ list }),
        async take(...holder) {
          const taken = await sandbox.take(...holder);
          // A supervisor of this machine is there sooner than a task.
          return taken.state === 'ready' ? taken : { ...taken, wait_seconds: 1 };
        },
        async release(lease) {
          await sandbox.release(lease);
          await untilStopped();
        },
        async abandon(...holder) {
          await sandbox.abandon(...holder);
          await untilStopped();
        },
        async sweep(lives) {
          const swept = await sandbox.sweep(lives);
          await untilStopped();
          return swept;
        },
      },
      close: () => ecs.close(),
    };
  });
});
