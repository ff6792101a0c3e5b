import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiVersion, openapi } from '../../src/contracts/openapi.ts';
import { routes } from '../../src/contracts/routes.ts';
import type { Route } from '../../src/contracts/routes.ts';

// The parts of the OpenAPI 3.1 specification that the document uses, closed: a field out of place fails.
const JsonSchema = z.union([z.boolean(), z.looseObject({})]);
const Content = z.record(z.string().regex(/^[a-z]+\/[a-z+]+$/), z.strictObject({ schema: JsonSchema }));
const Operation = z.strictObject({
  operationId: z.string(),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(
    z
      .strictObject({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean(),
        schema: JsonSchema,
      })
      .refine((parameter) => parameter.in !== 'path' || parameter.required, 'a path parameter is always required'),
  ),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(
    z.union([z.string().regex(/^[1-5]\d\d$/), z.literal('default')]),
    z.strictObject({ description: z.string().min(1), content: Content }),
  ),
});
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), Operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[a-zA-Z0-9._-]+$/), JsonSchema),
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
  const found = document.paths[route.path]?.[route.method.toLowerCase() as 'get' | 'post' | 'delete'];
  if (found === undefined) throw new Error(`${route.method} ${route.path} is not in the document`);
  return found;
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

  it('describes nothing that is not in the route table', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((m) => `${m} ${path}`),
    );
    expect(described.toSorted()).toEqual(names.map(([, r]) => `${r.method.toLowerCase()} ${r.path}`).toSorted());
  });

  it('resolves every reference, and keeps no schema that nothing refers to', () => {
    const refs = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => String(match[1])));
    const schemas = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...refs].toSorted()).toEqual(schemas.toSorted());
  });

  it('tells of every failure as application/problem+json', () => {
    for (const [, route] of names) {
      for (const [status, response] of Object.entries(operationOf(route).responses)) {
        const isProblem = Object.keys(response.content).includes('application/problem+json');
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
    expect(Object.keys(operationOf(routes.readReport).responses['200']?.content ?? {})).toEqual([
      'application/json',
      'text/html',
    ]);
  });

  it('carries the version of the package', () => {
    const { version } = z.looseObject({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(apiVersion).toBe(version);
  });
});
