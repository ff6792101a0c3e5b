import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { type Caller, callerOf, type Credential } from '../src/contracts/caller.ts';
import type { Route } from '../src/contracts/route.ts';
import type { RouteFunction } from '../src/contracts/routes.ts';
import type { Log } from '../src/ports/log.ts';
import type { FreePort, PortsOf } from '../src/ports/port-access.ts';
import type { Ports } from '../src/ports/ports.ts';
import { corsHeaders } from './cors-headers.ts';
import { limitRuns } from './limit-runs.ts';
import { limitSchedules } from './limit-schedules.ts';
import { problemResult } from './problem-result.ts';
import { checkPart, readBody, readHeader, readRequestId } from './read-request.ts';

const anyone: Caller = { tenant: '', actor: { kind: 'service', id: 'anyone' }, rights: [] };

/** A row of the table of routes: its function is one of ours. */
export type RouteRow = Route & { readonly function: RouteFunction };

type Of<R extends Route, K extends 'params' | 'query' | 'body' | 'headers'> = R extends {
  readonly [_ in K]: infer S extends z.ZodType;
}
  ? z.output<S>
  : undefined;

/** A request as a use case's edge sees it: who asks, and the parts that the route's schemas have checked. */
export type HttpRequest<R extends RouteRow> = {
  readonly tenant: string;
  /** Who asks; nobody in particular on a route that needs no key. */
  readonly caller: Caller;
  readonly params: Of<R, 'params'>;
  readonly query: Of<R, 'query'>;
  readonly body: Of<R, 'body'>;
  readonly headers: Of<R, 'headers'>;
  readonly accept: string;
  readonly ports: PortsOf<R['function'], FreePort>;
};

/** What a handler answers where it is not plain JSON of the route's output. */
export type HttpAnswer = {
  readonly contentType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Where else what was asked for can be read, by a link that says by itself who may. */
export type HttpRedirect = { readonly location: string };

/** What becomes of a request. */
export type Respond<R extends RouteRow> = (
  request: HttpRequest<R>,
) => Promise<z.input<R['output']> | HttpAnswer | HttpRedirect>;

/** Who asks, by the credential that the request carries; undefined where the route asks for none. */
type Identify = (ports: Ports, event: APIGatewayProxyEvent) => Promise<Credential | undefined>;

/**
 * The edge of a function that answers a route: request id, who asks, the route's schemas, problem+json. The handler itself
 * gets checked values and returns the route's output.
 */
export const answerRoute = <R extends RouteRow>(route: R, ports: Ports, identify: Identify, respond: Respond<R>) => {
  /** The requests behind which somebody was found. */
  const known = new WeakSet<APIGatewayProxyEvent>();
  return middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use({
      after: ({ event, response }) => {
        if (response !== null) Object.assign((response.headers ??= {}), corsOf(event, ports));
      },
      onError: (request) => {
        const problem = problemResult(request.error, {
          path: request.event.path,
          requestId: readRequestId(request.event),
          log: ports.log,
          now: ports.clock.now(),
          isStranger: !known.has(request.event),
          route,
        });
        request.response = { ...problem, headers: { ...problem.headers, ...corsOf(request.event, ports) } };
      },
    })
    .handler(async (event) => {
      const id = readRequestId(event);
      const holder = await identify(ports, event);
      if (holder !== undefined) known.add(event);
      const caller = holder === undefined ? anyone : callerOf(holder);
      const log: Log = ports.log.with({
        request_id: id,
        ...(holder === undefined ? {} : { tenant: holder.tenant, actor: caller.actor.id }),
      });
      const own: Ports = {
        ...ports,
        log,
        runs: limitRuns(ports.runs, caller.prefixes),
        schedules: limitSchedules(ports.schedules, caller.prefixes),
      };
      const answer = await respond({
        tenant: caller.tenant,
        caller,
        params: checkPart(route.params, event.pathParameters ?? {}, 'path') as Of<R, 'params'>,
        query: checkPart(route.query, event.queryStringParameters ?? {}, 'query') as Of<R, 'query'>,
        body: checkPart(route.body, route.body === undefined ? undefined : readBody(event), 'body') as Of<R, 'body'>,
        headers: checkPart(route.headers, lowerCased(event.headers), 'headers') as Of<R, 'headers'>,
        accept: readHeader(event, 'accept') ?? '',
        // All ports are more than any row opens, which the compiler cannot know of a row that it does not know.
        ports: own as HttpRequest<R>['ports'],
      });
      const status = isRedirect(answer) ? 307 : route.status;
      log.debug('request answered', { method: event.httpMethod, path: event.path.slice(0, 200), status });
      if (isRedirect(answer)) return result(status, 'text/plain', '', id, { location: answer.location });
      if (isAnswer(answer)) return result(route.status, answer.contentType, answer.text, id, answer.headers);
      return result(route.status, 'application/json', JSON.stringify(answer), id);
    });
};

const corsOf = (event: APIGatewayProxyEvent, { api }: Ports): Readonly<Record<string, string>> =>
  corsHeaders(api.origins, readHeader(event, 'origin'));

const lowerCased = (headers: APIGatewayProxyEvent['headers'] | null): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));

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

const isRedirect = (answer: unknown): answer is HttpRedirect =>
  typeof answer === 'object' && answer !== null && 'location' in answer;

const isAnswer = (answer: unknown): answer is HttpAnswer =>
  typeof answer === 'object' && answer !== null && 'contentType' in answer && 'text' in answer;
