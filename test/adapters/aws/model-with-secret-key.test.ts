import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelWithSecretKey } from '../../../src/adapters/aws/model-with-secret-key.ts';
import { noTokens } from '../../../src/domain/budget/usage.ts';
import type { Model, ModelRequest } from '../../../src/ports/model.ts';

const request: ModelRequest = {
  model: 'claude-sonnet-5-5',
  system: 'Be brief.',
  tools: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  max_output_tokens: 1_024,
  timeout_seconds: 10,
};

/** One server on loopback in place of Secrets Manager and of the model, which rejects every key. */
describe('the model on AWS', () => {
  let server: Server;
  let model: Model;
  let secret: { readonly SecretString?: string } | { readonly __type: string };
  let asked: unknown[];
  let keys: unknown[];

  beforeAll(async () => {
    const reply = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await json(incoming);
      const isSecret = incoming.headers['x-amz-target'] === 'secretsmanager.GetSecretValue';
      if (isSecret) asked.push(body);
      else keys.push(incoming.headers['x-api-key'] ?? incoming.headers.authorization?.replace('Bearer ', ''));
      response.writeHead(!isSecret ? 401 : '__type' in secret ? 400 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          isSecret ? secret : { type: 'error', error: { type: 'authentication_error', message: 'invalid x-api-key' } },
        ),
      );
    };
    server = createServer((incoming, response) => void reply(incoming, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    vi.stubEnv('ANTHROPIC_BASE_URL', endpoint);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SecretsManagerClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
    model = modelWithSecretKey({ client, secret: 'anthropic' });
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    keys = [];
  });

  it('is known to be one before anything is asked', () => {
    expect(model.kind).toBe('model');
    expect(asked).toEqual([]);
  });

  it('is called with the key that the secret holds at that time', async () => {
    for (const key of ['key-of-yesterday', ' key-of-today\n']) {
      secret = { SecretString: key };
      expect(await model.reply(request)).toMatchObject({ failure: { kind: 'MODEL_REJECTED' } });
    }
    expect(asked).toEqual([{ SecretId: 'anthropic' }, { SecretId: 'anthropic' }]);
    expect(keys).toEqual(['key-of-yesterday', 'key-of-today']);
  });

  it('says which secret is empty, or out of reach', async () => {
    secret = { SecretString: '\n' };
    expect(await model.reply(request)).toMatchObject({
      spent: noTokens,
      failure: {
        kind: 'SETTING_INVALID',
        message: expect.stringContaining('"anthropic"'),
      },
    });
    secret = { __type: 'AccessDeniedException' };
    expect(await model.reply(request)).toMatchObject({
      spent: noTokens,
      failure: {
        kind: 'STORAGE_FAILED',
        message: expect.stringContaining('anthropic'),
      },
    });
    expect(keys).toEqual([]);
  });
});
