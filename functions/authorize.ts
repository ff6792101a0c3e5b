import { createHash } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ApiKey } from '../src/contracts/api-key.ts';
import { Failure } from '../src/contracts/failure.ts';
import type { Route } from '../src/contracts/routes.ts';
import type { Using } from '../src/ports/port-access.ts';
import { readHeader } from './read-request.ts';

/** The key that the request carries, or undefined on a route that needs none. Keys are stored by their hash alone. */
export const authorize = async (
  ports: Using<{ apiKeys: 'read' }>,
  route: Route,
  event: APIGatewayProxyEvent,
): Promise<ApiKey | undefined> => {
  if (route.roles === 'anyone') return undefined;
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(readHeader(event, 'authorization') ?? '')?.[1];
  const key =
    token === undefined ? undefined : await ports.apiKeys.find(createHash('sha256').update(token).digest('hex'));
  // A key that was revoked is told like one that never was.
  if (key === undefined || key.revoked_at !== undefined) {
    throw new Failure('UNAUTHENTICATED', 'Send a valid API key in the header "Authorization: Bearer <key>".', {
      where: 'header.authorization',
    });
  }
  const { roles } = route;
  if (!key.roles.some((role) => roles.includes(role)))
    throw forbidden(`The key "${key.label}" has ${the(key.roles)}; this needs ${roles.join(' or ')}.`);
  if (route.tenant_wide && key.prefixes !== undefined)
    throw forbidden(
      `The key "${key.label}" is limited to runs under ${key.prefixes.join(' and ')}; this is about all of the tenant. Use a key that is not limited.`,
    );
  return key;
};

const the = (roles: readonly string[]): string =>
  roles.length === 1 ? `the role ${roles.join('')}` : `the roles ${roles.join(', ')}`;

const forbidden = (message: string): Failure => new Failure('FORBIDDEN', message, { where: 'header.authorization' });
