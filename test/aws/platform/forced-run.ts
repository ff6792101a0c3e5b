import { setTimeout as sleep } from 'node:timers/promises';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ApiClient } from '../../../src/contracts/client.ts';
import type { RunView } from '../../../src/contracts/run.ts';
import { heldByRun } from '../../../src/contracts/sandbox.ts';
import type { AwsPlatform } from './aws-platform.ts';
import { type LostAnswers, loseAnswers } from './lost-answers.ts';

/** What a forced ending works with. */
export type ForcedRun = {
  readonly aws: AwsPlatform;
  readonly api: ApiClient;
  readonly tenant: string;
  /** Answers of conditional writes that are lost, in one run after another. */
  readonly answers: LostAnswers;
  /** Starts a survey of the test's database. */
  readonly start: () => Promise<string>;
  /** Resolves when a function has been called for a run, so many times. */
  readonly called: (functionName: string, runId: string, times?: number) => Promise<void>;
};

/** A survey of one database, under whatever goes wrong. */
export const forcedRun = (aws: AwsPlatform, api: ApiClient, tenant: string, url: string): ForcedRun => ({
  aws,
  api,
  tenant,
  answers: loseAnswers(aws.door),
  start: async () => (await api.createCatalog({ db_conn_string: url, s3_prefix: 'forced' })).run_id,
  called: async (functionName, runId, times = 1) => {
    for (let waited = 0; waited < 120_000; waited += 50) {
      const calls = aws.functions.calls.filter(({ name, event }) => name === functionName && isOf(event, runId));
      if (calls.length >= times) return;
      await sleep(50);
    }
    throw new Error(`${functionName} was not called for ${runId}.`);
  },
});

/** Whether a call of a function is about a run. */
export const isOf = (event: unknown, runId: string): boolean =>
  typeof event === 'object' && event !== null && 'run_id' in event && event.run_id === runId;

/** What a run that has ended left behind: nothing, where all is well. */
export const leftBy = async (
  { aws, tenant }: ForcedRun,
  { run_id }: Pick<RunView, 'run_id'>,
): Promise<readonly string[]> => {
  await aws.functions.idle();
  const lease = await aws.stores.leases.get(tenant, heldByRun(run_id));
  const { SecretList = [] } = await new SecretsManagerClient(aws.ministack.client).send(new ListSecretsCommand({}));
  return [
    ...(lease === undefined ? [] : [`the lease ${lease.lease_id}`]),
    ...SecretList.flatMap(({ Name = '' }) => (Name.includes(run_id) ? [`the secret ${Name}`] : [])),
    ...aws.tasks.living().map(({ arn }) => `the task ${arn}`),
  ];
};
