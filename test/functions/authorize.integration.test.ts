import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpHandler } from '../../functions/http-edge.ts';
import type { ApiKey } from '../../src/contracts/api-key.ts';
import { Problem } from '../../src/contracts/problem.ts';
import { listRuns } from '../../src/contracts/routes/list-runs.ts';
import type { TokenIssuer } from '../../src/contracts/token-issuer.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { apiKeyHash } from '../../src/use-cases/api-key-hash.ts';
import { startTokenIssuer, type TestIssuer } from '../support/token-issuer.ts';

const now = Date.UTC(2026, 0, 31, 12) / 1000;
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
const key = (text: string, changes: Partial<ApiKey> = {}): ApiKey => ({
  hash: apiKeyHash(text),
  tenant: 'acme',
  roles: ['reader'],
  rights: [],
  label: text,
  created_at: '2026-01-31T12:00:00.000Z',
  ...changes,
});
const keys = [key('sk-good'), key('sk-revoked', { revoked_at: '2026-01-31T12:00:00.000Z' })];

describe('a request', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await startTokenIssuer(now);
  });
  afterAll(() => issuer.stop());

  /** What the edge answers to a credential; where it is taken, who the caller is. */
  const ask = async (credential: string, settings: TokenIssuer | 'none' = issuer.settings) => {
    const noted: string[] = [];
    const ports = {
      apiKeys: {
        find: async (hash: string) => keys.find((one) => one.hash === hash),
        noteUse: async (hash: string) => void noted.push(hash),
      },
      clock: { now: () => new Date(now * 1000) },
      api: { requests_per_minute: 0, origins: [], issuer: settings === 'none' ? undefined : settings },
      log,
    } as unknown as Ports;
    const handler = httpHandler(listRuns, ports, async ({ tenant, caller }) => ({
      contentType: 'application/json',
      text: JSON.stringify({ tenant, actor: caller.actor, rights: caller.rights }),
    }));
    const event = {
      httpMethod: 'GET',
      path: '/runs',
      headers: { authorization: `Bearer ${credential}` },
      queryStringParameters: null,
      pathParameters: null,
      body: null,
      requestContext: { requestId: 'of-a-test' },
    } as unknown as APIGatewayProxyEvent;
    const { statusCode, headers = {}, body } = await handler(event, {} as Context);
    return { status: statusCode, type: String(headers['content-type']), body: JSON.parse(body) as unknown, noted };
  };

  it('with a key or a token is let in, as its tenant', async () => {
    expect(await ask('sk-good')).toMatchObject({
      status: 200,
      body: { tenant: 'acme', actor: { kind: 'key', label: 'sk-good' } },
      noted: [apiKeyHash('sk-good')],
    });
    expect(await ask(await issuer.sign())).toMatchObject({
      status: 200,
      body: { tenant: 'acme', actor: { kind: 'token', label: 'ada@example.com' }, rights: [] },
      noted: [],
    });
    const other = await ask(await issuer.sign({ org: 'other', permissions: 'personal operator analyst' }));
    expect(other).toMatchObject({ status: 200, body: { tenant: 'other', rights: ['personal'] } });
  });

  const refused: Readonly<Record<string, () => Promise<string> | string>> = {
    'a key that nobody has': () => 'sk-nobody',
    'a key that was revoked': () => 'sk-revoked',
    'a token that has expired': () => issuer.sign({ exp: now - 10 }),
    'a token without an end': () => issuer.sign({ exp: undefined }),
    'a token that is not valid yet': () => issuer.sign({ nbf: now + 60 }),
    'a token of another issuer': () => issuer.sign({ iss: 'https://elsewhere.example' }),
    'a token for another service': () => issuer.sign({ aud: 'payroll' }),
    'a token without a signature': () => issuer.unsigned(),
    'a token signed with the public key as a secret': () => issuer.signWithPublicKey(),
    'a token with a key that the issuer does not have': () => issuer.sign({ kid: 'two' }),
    'a token signed by somebody else': async () =>
      issuer.sign({ key: (await generateKeyPair('ES256', { extractable: true })).privateKey }),
    'a token of no tenant': () => issuer.sign({ org: undefined }),
    'a token of what cannot be a tenant': () => issuer.sign({ org: 'acme#RUN' }),
    'a token without a subject': () => issuer.sign({ sub: undefined }),
    'a token with an empty subject': () => issuer.sign({ sub: '' }),
    'a token with a blank subject': () => issuer.sign({ sub: ' ' }),
    'a token that is far too long': () => issuer.sign({ padding: 'x'.repeat(9_000) }),
    nothing: () => '',
  };

  it.each(Object.keys(refused))('with %s is refused, and told no more than any other', async (what) => {
    const { status, type, body } = await ask(String(await refused[what]?.()));
    expect({ status, type }).toEqual({ status: 401, type: 'application/problem+json; charset=utf-8' });
    expect(Problem.parse(body)).toMatchObject({
      kind: 'UNAUTHENTICATED',
      message: 'Send a valid API key in the header "Authorization: Bearer <key>".',
    });
  });

  it('with a token whose roles do not open the route is forbidden', async () => {
    for (const permissions of [['auditor-of-bikes'], undefined, 7, 'worker']) {
      const { status, type, body } = await ask(await issuer.sign({ permissions }));
      expect({ status, type }).toEqual({ status: 403, type: 'application/problem+json; charset=utf-8' });
      expect(Problem.parse(body).message).toMatch(/^The token of "ada@example.com" has (no role|the role worker); /);
    }
  });

  it('does not make the issuer’s keys be fetched each time', async () => {
    await ask(await issuer.sign());
    const before = issuer.fetched();
    for (let count = 0; count < 5; count += 1) await ask(await issuer.sign({ kid: `unknown-${count}` }));
    await ask(await issuer.sign());
    expect(issuer.fetched()).toBe(before);
  });

  it('with a token is told to come again where the keys cannot be had, or are no keys', async () => {
    // Each with settings of its own, which have no keys yet.
    for (const body of ['<html>', JSON.stringify({ keys: [], padding: 'x'.repeat(300_000) }), '{"keys": 1}']) {
      issuer.answerWith(body);
      expect(await ask(await issuer.sign(), { ...issuer.settings })).toMatchObject({
        status: 503,
        body: { kind: 'STORAGE_FAILED' },
      });
    }
    issuer.answerWith(undefined);
    const nowhere = { ...issuer.settings, keys_url: 'http://127.0.0.1:9/keys' };
    expect((await ask(await issuer.sign(), nowhere)).status).toBe(503);
  });

  it('with a token is refused like one with an unknown key where no issuer is configured', async () => {
    const none = await ask(await issuer.sign(), 'none');
    expect(none).toMatchObject({ status: 401, body: { kind: 'UNAUTHENTICATED' } });
    expect(none).toEqual(await ask('sk-nobody', 'none'));
  });
});
