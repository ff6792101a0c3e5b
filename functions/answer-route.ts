import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type * as z from 'zod';
import { type Caller, callerOf, type Credential } from '../src/contracts/caller.ts';
import { type RouteName, type Route, routes } from '../src/contracts/routes.ts';
import type { Log } from '../src/ports/log.ts';
import type { FreePort, PortsOf } from '../src/ports/port-access.ts';
import type { Ports } from '../src/ports/ports.ts';
import { corsHeaders } from './cors-headers.ts';
import { limitRuns } from './limit-runs.ts';
import { limitSchedules } from './limit-schedules.ts';
import { problemResult } from './problem-result.ts';
import { checkPart, readBody, readHeader, readRequestId } from './read-request.ts';

const anyone: Caller = { tenant: '', actor: { kind: 'service', id: 'anyone' }, rights: [] };

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;
type Of<N extends RouteName, K extends string> = (typeof routes)[N] extends { readonly [_ in K]: infer S }
  ? Parsed<S>
  : undefined;

/** A request as a use case's edge sees it: who asks, and the parts that the route's schemas have checked. */
export type HttpRequest<N extends RouteName> = {
  readonly tenant: string;
  /** Who asks; nobody in particular on a route that needs no key. */
  readonly caller: Caller;
  readonly params: Of<N, 'params'>;
  readonly query: Of<N, 'query'>;
  readonly body: Of<N, 'body'>;
  readonly headers: Of<N, 'headers'>;
  readonly accept: string;
  readonly ports: PortsOf<(typeof routes)[N]['function'], FreePort>;
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
export type Respond<N extends RouteName> = (
  request: HttpRequest<N>,
) => Promise<z.input<(typeof routes)[N]['output']> | HttpAnswer | HttpRedirect>;

/** Who asks, by the credential that the request carries; undefined where the route asks for none. */
type Identify = (ports: Ports, route: Route, event: APIGatewayProxyEvent) => Promise<Credential | undefined>;

/**
 * The edge of a function that answers a route: request id, who asks, the route's schemas, problem+json. The handler itself
 * gets checked values and returns the route's output.
 */
export const answerRoute = <N extends RouteName>(name: N, ports: Ports, identify: Identify, respond: Respond<N>) =>
  middy<APIGatewayProxyEvent, APIGatewayProxyResult>()
    .use({
      after: ({ event, response }) => {
        if (response !== null) Object.assign((response.headers ??= {}), corsOf(event, ports));
      },
      onError: (request) => {
        const id = readRequestId(request.event);
        const problem = problemResult(request.error, request.event.path, id, ports.log);
        request.response = { ...problem, headers: { ...problem.headers, ...corsOf(request.event, ports) } };
      },
    })
    .handler(async (event) => {
      const route: Route = routes[name];
      const id = readRequestId(event);
      const holder = await identify(ports, route, event);
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
        params: checkPart(route.params, event.pathParameters ?? {}, 'path') as Of<N, 'params'>,
        query: checkPart(route.query, event.queryStringParameters ?? {}, 'query') as Of<N, 'query'>,
        body: checkPart(route.body, route.body === undefined ? undefined : readBody(event), 'body') as Of<N, 'body'>,
        headers: checkPart(route.headers, lowerCased(event.headers), 'headers') as Of<N, 'headers'>,
        accept: readHeader(event, 'accept') ?? '',
        // All ports are more than any row opens, which the compiler cannot know of a row that it does not know.
        ports: own as HttpRequest<N>['ports'],
      });
      const status = isRedirect(answer) ? 307 : route.status;
      log.debug('request answered', { method: event.httpMethod, path: event.path, status });
      if (isRedirect(answer)) return result(status, 'text/plain', '', id, { location: answer.location });
      if (isAnswer(answer)) return result(route.status, answer.contentType, answer.text, id, answer.headers);
      return result(route.status, 'application/json', JSON.stringify(answer), id);
    });

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
