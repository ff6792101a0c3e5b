import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Credential } from '../src/contracts/caller.ts';
import { Failure } from '../src/contracts/failure.ts';
import type { Route } from '../src/contracts/route.ts';
import { apiKeyHash } from '../src/use-cases/api-key-hash.ts';
import type { Using } from '../src/ports/port-access.ts';
import { readHeader } from './read-request.ts';
import { isToken, verifyToken } from './verify-token.ts';

type AuthorizePorts = Using<{ apiKeys: 'read' }, 'api' | 'clock'>;

/** The most characters of a token; API keys have 55. */
const maxCredential = 8_192;

/**
 * Who holds the API key, or the token of the configured issuer, that the request carries. Every credential that is not
 * taken is refused in the same words: what was wrong with it is in the log.
 */
export const authorize = async (
  ports: AuthorizePorts,
  route: Route,
  event: APIGatewayProxyEvent,
): Promise<Credential> => {
  const text = /^Bearer ([\x21-\x7e]+)$/i.exec(readHeader(event, 'authorization') ?? '')?.[1];
  const holder = text === undefined || text.length > maxCredential ? undefined : await holderOf(ports, text);
  if (holder === undefined || holder.kind === 'refused')
    throw new Failure('UNAUTHENTICATED', 'Send a valid API key in the header "Authorization: Bearer <key>".', {
      where: 'header.authorization',
      ...(holder === undefined ? {} : { cause: new Error(holder.reason) }),
    });
  const { roles } = route;
  if (!holder.roles.some((role) => roles.includes(role)))
    throw forbidden(
      `${nameOf(holder)} has ${the(holder.roles)}; this needs ${[roles].flat().join(' or ')}. Use a key that has it.`,
    );
  if (route.tenant_wide && holder.prefixes !== undefined)
    throw forbidden(
      `${nameOf(holder)} is limited to runs under ${holder.prefixes.join(' and ')}; this is about all of the tenant. Use a key that is not limited.`,
    );
  return holder;
};

const holderOf = async (ports: AuthorizePorts, text: string) => {
  const { issuer } = ports.api;
  if (issuer !== undefined && isToken(text)) return verifyToken(ports, issuer, text);
  // Keys are stored by their hash alone.
  const key = await ports.apiKeys.find(apiKeyHash(text));
  return key === undefined || key.revoked_at !== undefined ? undefined : { kind: 'key' as const, ...key };
};

const nameOf = ({ kind, label }: Credential): string => `The ${kind} ${kind === 'key' ? '' : 'of '}"${label}"`;

const the = (roles: readonly string[]): string =>
  roles.length === 0 ? 'no role' : roles.length === 1 ? `the role ${roles.join('')}` : `the roles ${roles.join(', ')}`;

const forbidden = (message: string): Failure => new Failure('FORBIDDEN', message, { where: 'header.authorization' });
