import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApiClient } from '../../src/contracts/client.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { leaveOut } from '../support/is-missing.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { readSynthesis } from './platform/synthesize.ts';

const found = await findMiniStack();

describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('a catalog on the deployed stack', () => {
  let aws: AwsPlatform;
  let api: ApiClient;
  let run: RunView;

  beforeAll(async () => {
    if ('missing' in found) return;
    aws = await startAwsPlatform(found.python, readSynthesis(inject('synthesisFolder')));
    api = await aws.apiOf('acme');
    const { run_id } = await api.createCatalog({
      db_conn_string: 'postgresql://u:p@db.internal/app',
      s3_prefix: 'reports/app',
    });
    run = await aws.ended(api, run_id);
    await aws.functions.idle();
  });
  afterAll(() => aws?.stop());

  it('is settled by the event of its execution, with the failure of its first state', () => {
    expect(run).toMatchObject({ status: 'failed', failure: { kind: 'SANDBOX_UNAVAILABLE' } });
  });

  it('shows its steps and its log', async () => {
    const { steps } = await api.listSteps({ id: run.run_id });
    expect(steps.map(({ status }) => status)).toContain('failed');
    const { entries } = await api.listLogs({ id: run.run_id });
    expect(entries.map(({ message }) => message)).toEqual(expect.arrayContaining(['task failed', 'run ended']));
  });
});
