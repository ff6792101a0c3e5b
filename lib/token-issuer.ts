import type { Node } from 'constructs';
import * as z from 'zod';
import { tokenIssuerOf, tokenIssuerVariables } from '../src/contracts/token-issuer.ts';
import { contextText } from './context.ts';

const keys = {
  jwtIssuer: 'SURVEYOR_JWT_ISSUER',
  jwtAudience: 'SURVEYOR_JWT_AUDIENCE',
  jwtKeys: 'SURVEYOR_JWT_KEYS',
  jwtTenantClaim: 'SURVEYOR_JWT_TENANT_CLAIM',
  jwtRolesClaim: 'SURVEYOR_JWT_ROLES_CLAIM',
} as const;

/**
 * Whose tokens (JWT) are taken beside API keys, as the functions read it: the context's `jwtIssuer`, `jwtAudience`, and where
 * they are not the usual ones `jwtKeys` (the URL of the JWKS), `jwtTenantClaim` (tenant) and `jwtRolesClaim` (roles). Checked
 * when the stack is made, so that no deployment refuses every token.
 */
export const tokenIssuer = (node: Node): Readonly<Record<string, string>> => {
  const set = Object.fromEntries(
    (Object.keys(keys) as readonly (keyof typeof keys)[]).flatMap((key) => {
      const value = contextText(node, key);
      return value === undefined ? [] : [[keys[key], value]];
    }),
  );
  tokenIssuerOf(z.object(tokenIssuerVariables).parse(set));
  return set;
};
