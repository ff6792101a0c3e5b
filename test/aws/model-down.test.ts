import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findMiniStack } from '../adapters/aws/ministack.ts';
import { leaveOut } from '../support/is-missing.ts';
import { type ScriptedMessagesApi, startScriptedMessagesApi } from '../support/scripted-messages-api.ts';
import { type AwsPlatform, startAwsPlatform } from './platform/aws-platform.ts';
import { forcedRun, leftBy } from './platform/forced-run.ts';
import { synthesize } from './platform/synthesize.ts';

const found = await findMiniStack();
const modelKeySecret = 'anthropic';

// A stack whose context names the secret with the model's key; the model is a service of this machine.
describe.skipIf('missing' in found && leaveOut('emulator', found.missing))('a run whose model is down', () => {
  const tenant = 'acme';
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-aws-'));
  let aws: AwsPlatform;
  let model: ScriptedMessagesApi;
  let isDown = true;

  beforeAll(async () => {
    if ('missing' in found) return;
    model = await startScriptedMessagesApi((_, index) =>
      isDown
        ? { status: 500, error: 'api_error' }
        : {
            answer: [
              { type: 'tool_use', id: `toolu_${index}`, name: 'submit_html', input: { content: '<h2>Shop</h2>' } },
            ],
            stop_reason: 'tool_use',
          },
    );
    const synthesis = await synthesize(folder, { protectData: 'false', modelKeySecret });
    aws = await startAwsPlatform(found.python, synthesis, {
      hurry: 10,
      keepPermissions: inject('synthesisFolder'),
      environment: { ANTHROPIC_BASE_URL: model.url },
    });
    await new SecretsManagerClient(aws.ministack.client).send(
      new CreateSecretCommand({ Name: modelKeySecret, SecretString: 'sk-ant-of-a-test' }),
    );
  }, 400_000);
  afterAll(async () => {
    await aws?.stop();
    await model?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'fails after its retries, leaves nothing, and is resumed when the model is back',
    { timeout: 300_000 },
    async () => {
      const api = await aws.apiOf(tenant);
      const forced = forcedRun(aws, api, tenant, '');
      const { run_id } = await api.createCatalog({ dataset: 'ecommerce', s3_prefix: 'forced' });
      const run = await aws.ended(api, run_id, 200);
      expect(run).toMatchObject({ status: 'failed', failure: { kind: 'MODEL_UNAVAILABLE' } });
      expect(await leftBy(forced, run)).toEqual([]);
      // Once, and four times again over half a minute.
      expect(model.requests).toHaveLength(5);

      isDown = false;
      await api.resumeRun({ id: run_id });
      const resumed = await aws.ended(api, run_id, 200);
      expect(resumed).toMatchObject({ status: 'succeeded' });
      expect(resumed.reports.map(({ agent }) => agent)).toEqual(['cataloging', 'summary']);
      expect(await leftBy(forced, resumed)).toEqual([]);
      expect(await aws.refusedCalls()).toEqual([]);
    },
  );
});
