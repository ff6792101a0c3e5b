import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { TokenIssuer } from '../../src/contracts/token-issuer.ts';

/** What differs from a good token: claims, those left out as undefined, and how it is signed. */
type Changes = Readonly<Record<string, unknown>> & { readonly kid?: string; readonly key?: CryptoKey };

/** An issuer of tokens on loopback, which serves its public key as JWKS. */
export type TestIssuer = {
  readonly settings: TokenIssuer;
  /** A token that is as it should be, but for what is changed. */
  sign(changes?: Changes): Promise<string>;
  /** A token whose signature is made with the public key as a shared secret. */
  signWithPublicKey(): Promise<string>;
  /** A token that says that it needs no signature. */
  unsigned(): string;
  /** How often the keys were fetched. */
  fetched(): number;
  /** What is answered in place of the keys. */
  answerWith(body: string | undefined): void;
  stop(): Promise<void>;
};

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts an issuer whose tokens are valid at the given second. */
export const startTokenIssuer = async (now: number): Promise<TestIssuer> => {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] });
  let fetched = 0;
  let instead: string | undefined;
  const server = createServer((_, response) => {
    fetched += 1;
    response.setHeader('content-type', 'application/json').end(instead ?? keys);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings: TokenIssuer = {
    issuer,
    audience: 'surveyor',
    keys_url: `${issuer}/.well-known/jwks.json`,
    tenant_claim: 'org',
    roles_claim: 'permissions',
  };
  const claims: JWTPayload = {
    iss: issuer,
    aud: 'surveyor',
    sub: 'ada@example.com',
    iat: now - 10,
    exp: now + 600,
    org: 'acme',
    permissions: ['reader', 'unknown'],
  };
  return {
    settings,
    sign: async ({ kid = 'one', key = privateKey, ...changes } = {}) =>
      new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg: 'ES256', kid }).sign(key),
    signWithPublicKey: async () =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .sign(Buffer.from(await exportSPKI(publicKey))),
    unsigned: () => `${base64url({ alg: 'none' })}.${base64url(claims)}.`,
    fetched: () => fetched,
    answerWith: (body) => {
      instead = body;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
