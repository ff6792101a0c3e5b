import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import type { Credential } from '../src/contracts/caller.ts';
import { Tenant } from '../src/contracts/common.ts';
import { Failure, toFailure } from '../src/contracts/failure.ts';
import { Right, Role } from '../src/contracts/role.ts';
import type { TokenIssuer } from '../src/contracts/token-issuer.ts';
import { apiKeyHash } from '../src/use-cases/api-key-hash.ts';
import type { Using } from '../src/ports/port-access.ts';

/** Signatures with a private key alone. With a shared secret, whoever knows the public key could sign; `none` signs nothing. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** An issuer with more keys than fit here is none. */
const maxKeysBytes = 256 * 1024;
const times = { timeoutDuration: 3_000, cacheMaxAge: 600_000, cooldownDuration: 30_000 };
const clockToleranceSeconds = 5;

/** Fetched keys stay with the issuer that they are of, for as long as the process lives. */
const keySets = new WeakMap<TokenIssuer, JWTVerifyGetKey>();

const keysOf = (issuer: TokenIssuer): JWTVerifyGetKey => {
  const known = keySets.get(issuer);
  if (known !== undefined) return known;
  const made = createRemoteJWKSet(new URL(issuer.keys_url), { ...times, [customFetch]: fetchKeys });
  keySets.set(issuer, made);
  return made;
};

/** As jose fetches, but no more than an issuer's keys can have, and from nowhere else than was said. */
const fetchKeys = async (url: string, options: RequestInit): Promise<Response> => {
  const response = await fetch(url, { ...options, redirect: 'error' });
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxKeysBytes) throw new Error(`${url} has more than ${maxKeysBytes} bytes`);
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status: response.status, headers: response.headers });
};

/** Whether a text has the form of a signed token: three parts in base64url. */
export const isToken = (text: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text);

/**
 * The holder of a token, or why it is not to be taken: not signed by the issuer, not for us, expired, not valid yet, or
 * without a tenant. Fails with STORAGE_FAILED where the issuer's keys cannot be had.
 */
export const verifyToken = async (
  { clock }: Using<Record<never, never>, 'clock'>,
  issuer: TokenIssuer,
  token: string,
): Promise<Credential | { readonly kind: 'refused'; readonly reason: string }> => {
  try {
    const { payload } = await jwtVerify(token, keysOf(issuer), {
      algorithms,
      issuer: issuer.issuer,
      audience: issuer.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: clockToleranceSeconds,
      currentDate: clock.now(),
    });
    const holder = holderOf(issuer, payload);
    return holder ?? { kind: 'refused', reason: `no subject, or no tenant in the claim ${issuer.tenant_claim}` };
  } catch (thrown) {
    if (isRefusal(thrown)) return { kind: 'refused', reason: thrown.code };
    throw new Failure(
      'STORAGE_FAILED',
      `The keys of ${issuer.issuer} cannot be had: ${toFailure(thrown).message}. Try again; if it stays so, check the issuer and SURVEYOR_JWT_KEYS.`,
      { where: issuer.keys_url, cause: thrown },
    );
  }
};

/** What is wrong with the token, not with the way to the issuer's keys. */
const isRefusal = (thrown: unknown): thrown is errors.JOSEError =>
  thrown instanceof errors.JOSEError &&
  !(thrown instanceof errors.JWKSTimeout || thrown instanceof errors.JWKSInvalid || thrown.code === 'ERR_JOSE_GENERIC');

const holderOf = (issuer: TokenIssuer, payload: JWTPayload): Credential | undefined => {
  const tenant = Tenant.safeParse(payload[issuer.tenant_claim]);
  const { sub } = payload;
  if (!tenant.success || typeof sub !== 'string' || sub.trim() === '') return undefined;
  const words = wordsOf(payload[issuer.roles_claim]);
  return {
    kind: 'token',
    // Requests of one holder are counted together, whichever token they come with.
    hash: apiKeyHash(`${issuer.issuer} ${sub}`),
    tenant: tenant.data,
    roles: Role.options.filter((role) => words.includes(role)),
    rights: Right.options.filter((right) => words.includes(right)),
    label: sub.slice(0, 200),
  };
};

const wordsOf = (claim: unknown): readonly unknown[] =>
  Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(/[\s,]+/) : [];
