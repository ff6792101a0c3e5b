import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, type RouteName } from '../../../src/contracts/routes.ts';
import type { Route } from '../../../src/contracts/route.ts';
import { type LocalService, startLocalService } from '../../support/local-service.ts';

/** Names that every object has already. */
const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

describe('names that every object has', () => {
  let local: LocalService;
  beforeAll(async () => {
    local = await startLocalService();
  });
  afterAll(() => local.close());

  it.each(Object.keys(routes) as RouteName[])('break nothing in query, headers, path and body of %s', async (route) => {
    const { method, path, body }: Route = routes[route];
    const { url, apiKey } = local.service;
    const statuses = await Promise.all(
      names.flatMap((name) => {
        const address = `${url}${path.replace(/\{\w+\}/g, name)}`;
        const ask = async (to: string, headers: [string, string][] = [], fields?: string): Promise<number> => {
          const all: [string, string][] = [['authorization', `Bearer ${apiKey}`], ...headers];
          const request = { method, headers: all, ...(body === undefined ? {} : { body: fields ?? '{}' }) };
          // A connection that was kept open may be closed just when it is used again; a service that is gone refuses the next too.
          return (await fetch(to, request).catch(() => fetch(to, request))).status;
        };
        return [
          ask(`${address}?${name}=1`),
          ask(`${address}?${name}=1&${name}=2`),
          ask(address, [[name, '1']]),
          ask(
            address,
            [],
            `{"${name}": {"${name}": 1}, "name": "${name}", "dataset": "${name}", "tables": ["${name}"]}`,
          ),
          ask(address, [], `{"catalog": {"${name}": 1}, "budget": {"${name}": 1}, "s3_prefix": "${name}"}`),
        ];
      }),
    );
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
  });
});
