import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { apiVersion, openapi } from '../../src/contracts/openapi.ts';
import { failureKinds, failures } from '../../src/contracts/failure.ts';
import { Problem } from '../../src/contracts/problem.ts';
import { routes } from '../../src/contracts/routes.ts';
import type { Route } from '../../src/contracts/route.ts';

// The parts of the OpenAPI 3.1 specification that the document uses, closed: a field out of place fails.
const JsonSchema = z.union([z.boolean(), z.looseObject({})]);
const Reference = z.strictObject({ $ref: z.string().startsWith('#/components/') });
const Content = z.record(
  z.string().regex(/^[a-z]+\/[a-z+]+$/),
  z.strictObject({
    schema: JsonSchema,
    example: z.unknown().optional(),
    examples: z.record(z.string(), Reference).optional(),
  }),
);
const Header = z.strictObject({ description: z.string().min(1), schema: JsonSchema, example: z.unknown() });
const Response = z.strictObject({
  description: z.string().min(1),
  /** None where all that there is to say is where else the answer is. */
  content: Content.default({}),
  headers: z.record(z.string().regex(/^[a-z-]+$/), Header).optional(),
});
const Operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(1),
  description: z.string().min(30),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z
      .strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean(),
        schema: JsonSchema,
        example: z.unknown().optional(),
      })
      .refine((parameter) => parameter.in !== 'path' || parameter.required, 'a path parameter is always required'),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.union([z.string().regex(/^[1-5]\d\d$/), z.literal('default')]), z.union([Reference, Response])),
});
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string(), description: z.string() })),
  tags: z.array(z.strictObject({ name: z.string(), description: z.string().min(1) })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'patch', 'delete']), Operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), JsonSchema),
    responses: z.record(z.string(), Response),
    examples: z.record(z.string(), z.strictObject({ summary: z.string().min(1), value: z.unknown() })),
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
    ),
  }),
});

const document = Document.parse(openapi());
const text = JSON.stringify(openapi());
const names = Object.entries<Route>(routes);

const operationOf = (route: Route) => {
  const found = document.paths[route.path]?.[route.method.toLowerCase() as 'get' | 'post' | 'patch' | 'delete'];
  if (found === undefined) throw new Error(`${route.method} ${route.path} is not in the document`);
  return found;
};

/** A response as it stands, whether the operation refers to it or not. */
const responseOf = (route: Route, status: string) => {
  const found = operationOf(route).responses[status];
  if (found === undefined) throw new Error(`${route.path} has no ${status}`);
  if (!('$ref' in found)) return found;
  const named = document.components.responses[found.$ref.replace('#/components/responses/', '')];
  if (named === undefined) throw new Error(`${found.$ref} is not in the document`);
  return named;
};

describe('the OpenAPI document', () => {
  it.each(names)('describes %s with its status, its path parameters and who may call it', (name, route) => {
    const operation = operationOf(route);
    expect(operation.operationId).toBe(name);
    expect(Object.keys(operation.responses)).toContain(String(route.status));
    expect(operation.parameters.filter((p) => p.in === 'path').map((p) => `{${p.name}}`)).toEqual(
      route.path.match(/\{\w+\}/g) ?? [],
    );
    expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    expect(operation.security).toEqual(route.roles === 'anyone' ? [] : [{ api_key: [] }]);
  });

  it.each(names)('says of %s whether and how it redirects', (_, route) => {
    const redirect = operationOf(route).responses['307'] as z.infer<typeof Response> | undefined;
    const said = redirect && { content: redirect.content, headers: Object.keys(redirect.headers ?? {}) };
    expect(said).toEqual(route.redirects === true ? { content: {}, headers: ['location'] } : undefined);
  });

  it('describes nothing that is not in the route table', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((m) => `${m} ${path}`),
    );
    expect(described.toSorted()).toEqual(names.map(([, r]) => `${r.method.toLowerCase()} ${r.path}`).toSorted());
  });

  it('resolves every reference, and keeps nothing that nothing refers to', () => {
    const refs = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => String(match[1])));
    const { schemas, responses, examples } = document.components;
    const there = Object.entries({ schemas, responses, examples }).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect([...refs].toSorted()).toEqual(there.toSorted());
  });

  it('tells of every failure as application/problem+json', () => {
    for (const [, route] of names) {
      for (const status of Object.keys(operationOf(route).responses)) {
        if (status === '307') continue;
        const isProblem = Object.keys(responseOf(route, status).content).includes('application/problem+json');
        expect(isProblem).toBe(status !== String(route.status));
      }
    }
  });

  it('does not mark a part of a request as read-only', () => {
    expect(text).not.toContain('"readOnly"');
  });

  it('says that a query parameter with a default may be left out, and that a catalog names one source', () => {
    expect(operationOf(routes.listRuns).parameters).toMatchObject([
      {
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
      },
      { name: 'cursor', in: 'query', required: false },
    ]);
    expect(document.components.schemas['CatalogRequest']).toMatchObject({
      required: ['s3_prefix'],
      oneOf: ['connection', 'db_conn_string', 'dataset', 'sources'].map((name) => ({ required: [name] })),
      additionalProperties: false,
    });
  });

  it('offers a report as a page too', () => {
    expect(Object.keys(responseOf(routes.readReport, '200').content)).toEqual(['application/json', 'text/html']);
  });

  it('puts each route into one group, and names no group without one', () => {
    const used = new Set(names.map(([, route]) => String(operationOf(route).tags[0])));
    expect([...used].toSorted()).toEqual(document.tags.map(({ name }) => name).toSorted());
  });

  it.each(names)('shows of %s a request and an answer that their own schemas take', (name, route) => {
    const { parameters, requestBody } = operationOf(route);
    for (const [place, schema] of Object.entries({ path: route.params, query: route.query })) {
      const shown = parameters.filter((one) => one.in === place && one.example !== undefined);
      const example = Object.fromEntries(shown.map((one) => [one.name, one.example]));
      expect(shown.length > 0, `${name} ${place}`).toBe(schema !== undefined);
      schema?.parse(example);
    }
    const body = requestBody?.content['application/json']?.example;
    if (route.body !== undefined) route.body.parse(body);
    expect(body === undefined).toBe(route.body === undefined);
    const answer = responseOf(route, String(route.status)).content['application/json']?.example;
    expect(JSON.parse(JSON.stringify(route.output.parse(answer)))).toEqual(answer);
  });

  it('shows every failure of the table as its schema takes it, and where a route can have it', () => {
    const { examples } = document.components;
    expect(Object.keys(examples)).toEqual(failureKinds);
    for (const kind of failureKinds) {
      const problem = Problem.parse(examples[kind]?.value);
      expect(problem).toMatchObject({ kind, status: failures[kind].status, title: failures[kind].title });
    }
    const any = document.components.responses['Problem']?.content['application/problem+json']?.examples ?? {};
    expect(Object.keys(any)).toEqual(failureKinds);
    const { Problem: _any, ...own } = document.components.responses;
    for (const [kind, response] of Object.entries(own))
      expect(response.content['application/problem+json']?.examples).toEqual({
        [kind]: { $ref: `#/components/examples/${kind}` },
      });
  });

  it('says when a key that has sent too much may come again', () => {
    const limited = names.filter(([, { roles }]) => roles !== 'anyone').map(([, route]) => responseOf(route, '429'));
    expect(limited.length).toBeGreaterThan(10);
    for (const { headers } of limited) {
      const retry = headers?.['retry-after'];
      expect(z.fromJSONSchema(retry?.schema as Parameters<typeof z.fromJSONSchema>[0]).parse(retry?.example)).toBe(12);
    }
  });

  it('has no error that Redocly’s recommended rules find', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const found = await lintFromString({ source: text, absoluteRef: '/openapi.json', config });
    const errors = found.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual([]);
    // It has looked: two routes that anybody may call have no failure of a caller's.
    expect(found.map(({ ruleId }) => ruleId)).toContain('operation-4xx-response');
  });

  it('carries the version of the package', () => {
    const { version } = z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(apiVersion).toBe(version);
  });
});
