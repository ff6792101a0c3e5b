import * as z from 'zod';
import { failureFrom } from './failure-report.ts';
import { Failure, isFailureKind } from './failure.ts';
import { errorsInMessage, Problem } from './problem.ts';
import { routes } from './routes.ts';
import type { Route, RouteName } from './routes.ts';

type Routes = typeof routes;
type Nothing = Record<never, never>;
type Params<R> = R extends { params: infer P extends z.ZodType } ? z.input<P> : Nothing;
// Output and not input: in a URL everything is text, so the table coerces, and a coercion takes anything.
type Query<R> = R extends { query: infer Q extends z.ZodType } ? Partial<z.output<Q>> : Nothing;
type Headers<R> = R extends { headers: infer H extends z.ZodType } ? z.input<H> : Nothing;
type Body<R> = R extends { body: infer B extends z.ZodType } ? z.input<B> : Nothing;

/** What a route is called with: path and query parameters, headers and the fields of the body, in one object. */
export type RouteInput<N extends RouteName> = Params<Routes[N]> &
  Query<Routes[N]> &
  Headers<Routes[N]> &
  Body<Routes[N]>;
/** What a route answers, parsed. */
export type RouteOutput<N extends RouteName> = z.output<Routes[N]['output']>;

type Arguments<Input> = Nothing extends Input ? [input?: Input] : [input: Input];

/** The API as functions: one method per route of the table, typed by the table's schemas. */
export type ApiClient = {
  readonly [N in RouteName]: (...args: Arguments<RouteInput<N>>) => Promise<RouteOutput<N>>;
};

/** Where the service is and who asks. */
export type ApiClientOptions = {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch?: typeof globalThis.fetch;
};

type Fields = Readonly<Record<string, unknown>>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The request of a route: fields that name a path or query parameter or a header go there, the rest is the body. */
export const buildRequest = (
  route: Route,
  fields: Fields,
): {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
} => {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || (route.params && name in route.params.shape)) continue;
    if (route.query && name in route.query.shape) query.set(name, asText(value));
    else if (route.headers && name in route.headers.shape) headers[name] = asText(value);
    else body[name] = value;
  }
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(asText(fields[name])));
  return {
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    headers,
    body: route.body ? JSON.stringify(body) : undefined,
  };
};

const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
};

/** A problem+json answer as the Failure it tells of; anything else that is no answer of this API as INTERNAL. */
export const failureOf = (status: number, body: unknown, asked: string): Failure => {
  const problem = Problem.safeParse(body);
  if (!problem.success || !isFailureKind(problem.data.kind)) {
    return new Failure(
      'INTERNAL',
      `${asked} answered ${status} with something that is no answer of this API. Check that Surveyor, in this version, listens there.`,
    );
  }
  const { errors = [], ...report } = problem.data;
  // The message has the first of several, or the only one, in its own words.
  const more = errors.slice(errorsInMessage).map((error) => `\n- ${error.where}: ${error.message}`);
  return failureFrom({ ...report, message: [report.message, ...more].join('') });
};

const callRoute = async (options: ApiClientOptions, route: Route, fields: Fields): Promise<unknown> => {
  const { path, headers, body } = buildRequest(route, fields);
  const asked = `${route.method} ${options.baseUrl}${path}`;
  const request: RequestInit = {
    method: route.method,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  };
  let response: Response;
  try {
    response = await (options.fetch ?? fetch)(`${options.baseUrl}${path}`, request);
  } catch (error) {
    throw new Failure('SERVICE_UNREACHABLE', `No Surveyor service answers at ${options.baseUrl}.`, {
      where: options.baseUrl,
      advice: { kind: 'start_service' },
      cause: error,
    });
  }
  const answer = await readJson(response);
  if (!response.ok) throw failureOf(response.status, answer, asked);
  const output = route.output.safeParse(answer);
  if (output.success) return output.data;
  throw new Failure(
    'INTERNAL',
    `${asked} answered something that this version does not understand:\n${z.prettifyError(output.error)}\nRun the same version on both sides.`,
    { cause: output.error },
  );
};

/** A client of the API. Every method fails with the Failure that the service told of, or SERVICE_UNREACHABLE. */
export const apiClient = (options: ApiClientOptions): ApiClient => {
  const methods = Object.entries<Route>(routes).map(([name, route]) => [
    name,
    (fields: Fields = {}) => callRoute(options, route, fields),
  ]);
  // The compiler cannot follow a table through Object.entries; the parse by the route's own schema is what makes it true.
  return Object.fromEntries(methods) as ApiClient;
};
