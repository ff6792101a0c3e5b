import * as z from 'zod';
import { Failure } from './failure.ts';

/** Who issues tokens (JWT) that are taken beside API keys, and what is read of them. */
export type TokenIssuer = {
  /** As the claim `iss` has it. */
  readonly issuer: string;
  /** One of the claim `aud`: tokens for other services are not for this one. */
  readonly audience: string;
  /** Where its public keys are (JWKS). */
  readonly keys_url: string;
  /** The claim that names the tenant. */
  readonly tenant_claim: string;
  /** The claim with the roles and rights, as a list or as words. */
  readonly roles_claim: string;
};

// Whoever can change the keys on their way can sign in as anybody.
const isSafeUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname));
};

const url = z.string().refine(isSafeUrl, { error: 'is not a URL that starts with https://' });
const claim = z.string().min(1).max(200);

/** The environment variables of a token issuer, the same on both platforms. */
export const tokenIssuerVariables = {
  SURVEYOR_JWT_ISSUER: url.optional(),
  SURVEYOR_JWT_AUDIENCE: z.string().min(1).optional(),
  SURVEYOR_JWT_KEYS: url.optional(),
  SURVEYOR_JWT_TENANT_CLAIM: claim.default('tenant'),
  SURVEYOR_JWT_ROLES_CLAIM: claim.default('roles'),
} as const;

type Variables = z.infer<z.ZodObject<typeof tokenIssuerVariables>>;

/** The token issuer that the variables name; undefined where they name none. Fails with SETTING_INVALID without an audience. */
export const tokenIssuerOf = (set: Variables): TokenIssuer | undefined => {
  const issuer = set.SURVEYOR_JWT_ISSUER;
  if (issuer === undefined) return undefined;
  if (set.SURVEYOR_JWT_AUDIENCE === undefined)
    throw new Failure(
      'SETTING_INVALID',
      'SURVEYOR_JWT_AUDIENCE is not set. Name the audience that the issuer writes into tokens for Surveyor: without it, tokens for any other service of that issuer would be taken.',
      { where: 'SURVEYOR_JWT_AUDIENCE' },
    );
  return {
    issuer,
    audience: set.SURVEYOR_JWT_AUDIENCE,
    keys_url: set.SURVEYOR_JWT_KEYS ?? `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    tenant_claim: set.SURVEYOR_JWT_TENANT_CLAIM,
    roles_claim: set.SURVEYOR_JWT_ROLES_CLAIM,
  };
};
