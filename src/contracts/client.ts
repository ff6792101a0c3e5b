import * as z from 'zod';
import { Failure } from './failure.ts';
import type { Route } from './route.ts';
import { type RouteName, routes } from './routes.ts';
import { type ApiClientOptions, type Fields, readJson, refusalOf, sendRequest } from './send-request.ts';

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

const callRoute = async (options: ApiClientOptions, route: Route, fields: Fields): Promise<unknown> => {
  const { response, asked } = await sendRequest(options, route, fields, 'application/json');
  if (!response.ok) throw await refusalOf(response, asked);
  const output = route.output.safeParse(await readJson(response));
  if (output.success) return output.data;
  throw new Failure(
    'INTERNAL',
    `${asked} answered something that this version does not understand:\n${z.prettifyError(output.error)}\nRun the same version on both sides.`,
    { where: asked, cause: output.error },
  );
};

/** A report as the page that it was published as, where the client's `readReport` gives it as data. Fails as that does. */
export const readReportPage = async (options: ApiClientOptions, fields: RouteInput<'readReport'>): Promise<string> => {
  const { response, asked } = await sendRequest(options, routes.readReport, fields, 'text/html');
  if (!response.ok) throw await refusalOf(response, asked);
  return response.text();
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
