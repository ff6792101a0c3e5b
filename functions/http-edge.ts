import { createHash } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import type { ApiKey } from '../src/contracts/api-key.ts';
import { Failure } from '../src/contracts/failure.ts';
import { type RouteName, type Route, routes } from '../src/contracts/routes.ts';
import type { Log } from '../src/ports/log.ts';
import type { Ports } from '../src/ports/ports.ts';
import { problemResult } from './problem-result.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Of<N extends RouteName, K extends string> = (typeof routes)[N] extends { readonly [_ in K]: infer S }
  ? Parsed<S>
  : undefined;

/** A request as a use case's edge sees it: who asks, and the parts that the route's schemas have checked. */
export type HttpRequest<N extends RouteName> = {
  readonly tenant: string;
  readonly params: Of<N, 'params'>;
  readonly query: Of<N, 'query'>;
  readonly body: Of<N, 'body'>;
  readonly accept: string;
  readonly ports: Ports;
};

/** What a handler answers where it is not plain JSON of the route's output. */
export type HttpAnswer = {
  readonly contentType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Bodies over this size are refused before they are read as JSON; a catalog of a thousand long table names is 200 KB. */
const maxBodyBytes = 1024 * 1024;

/** The longest request id taken over from a caller. */
const requestIdPattern = /^[A-Za-z0-9._-]{8,128}$/;

/**
 * The edge of a function that answers a route: request id, API key, the route's schemas, problem+json. The handler
 * itself gets checked values and returns the route's output.
 */
export const httpHandler = <N extends RouteName>(
  name: N,
  ports: Ports,
  respond: (request: HttpRequest<N>) => Promise<z.input<(typeof routes)[N]['output']> | HttpAnswer>,
) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use({
      onError: (request) => {
        const id = requestId(request.event);
        request.response = problemResult(request.error, request.event.path, id, ports.log);
      },
    })
    .handler(async (event) => {
      const route: Route = routes[name];
      const id = requestId(event);
      const key = await authorize(ports, route, event);
      const log: Log = ports.log.with({ request_id: id, ...(key === undefined ? {} : { tenant: key.tenant }) });
      const answer = await respond({
        tenant: key?.tenant ?? '',
        params: check(route.params, event.pathParameters ?? {}, 'path') as Of<N, 'params'>,
        query: check(route.query, event.queryStringParameters ?? {}, 'query') as Of<N, 'query'>,
        body: check(route.body, route.body === undefined ? undefined : readBody(event), 'body') as Of<N, 'body'>,
        accept: header(event, 'accept') ?? '',
        ports: { ...ports, log },
      });
      log.debug('request answered', { method: event.httpMethod, path: event.path, status: route.status });
      if (isAnswer(answer)) return result(route.status, answer.contentType, answer.text, id, answer.headers);
      return result(route.status, 'application/json', JSON.stringify(answer), id);
    });

const result = (
  statusCode: number,
  contentType: string,
  body: string,
  id: string,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult => ({
  statusCode,
  headers: {
    'content-type': `${contentType}; charset=utf-8`,
    'x-request-id': id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    ...headers,
  },
  body,
});

const isAnswer = (answer: unknown): answer is HttpAnswer =>
  typeof answer === 'object' && answer !== null && 'contentType' in answer && 'text' in answer;

/** The caller's own request id where it is a decent one, else the gateway's. */
const requestId = (event: APIGatewayProxyEvent): string => {
  const given = header(event, 'x-request-id');
  return given !== undefined && requestIdPattern.test(given) ? given : event.requestContext.requestId;
};

const header = (event: APIGatewayProxyEvent, name: string): string | undefined =>
  Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** The key that the request carries, or undefined on a route that needs none. Keys are stored by their hash alone. */
const authorize = async (
  ports: Pick<Ports, 'runs'>,
  route: Route,
  event: APIGatewayProxyEvent,
): Promise<ApiKey | undefined> => {
  if (route.roles === 'anyone') return undefined;
  const token = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(header(event, 'authorization') ?? '')?.[1];
  const key =
    token === undefined ? undefined : await ports.runs.findApiKey(createHash('sha256').update(token).digest('hex'));
  if (key === undefined) {
    throw new Failure('UNAUTHENTICATED', 'Send a valid API key in the header "Authorization: Bearer <key>".', {
      where: 'header.authorization',
    });
  }
  if (!route.roles.includes(key.role)) {
    throw new Failure(
      'FORBIDDEN',
      `The key "${key.label}" has the role ${key.role}; this needs ${route.roles.join(' or ')}.`,
      { where: 'header.authorization' },
    );
  }
  return key;
};

const readBody = (event: APIGatewayProxyEvent): unknown => {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > maxBodyBytes) {
    throw new Failure(
      'REQUEST_TOO_LARGE',
      `The body has ${Buffer.byteLength(text)} bytes; at most ${maxBodyBytes} are taken.`,
      { where: 'body' },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure(
      'INVALID_REQUEST',
      'The body is not JSON. Send a JSON object and the header "Content-Type: application/json".',
      { where: 'body', cause },
    );
  }
};

/** Parses one part of the request; zod's complaints keep their place as `body.tables.1`. */
const check = (schema: z.ZodType | undefined, value: unknown, part: string): unknown => {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new z.ZodError(parsed.error.issues.map((issue) => ({ ...issue, path: [part, ...issue.path] })));
};
