import { failureFrom } from './failure-report.ts';
import { Failure, isFailureKind } from './failure.ts';
import { errorsInMessage, Problem } from './problem.ts';
import type { Route } from './route.ts';

/** Where the service is and who asks. */
export type ApiClientOptions = {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch?: typeof globalThis.fetch;
};

/** What a route is called with, by name. */
export type Fields = Readonly<Record<string, unknown>>;

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

/** Sends a request; what nobody answers fails with SERVICE_UNREACHABLE. */
const reach = async (
  options: ApiClientOptions,
  url: string,
  request: RequestInit,
  unreachable: (cause: unknown) => Failure,
): Promise<Response> => {
  try {
    return await (options.fetch ?? fetch)(url, request);
  } catch (cause) {
    throw unreachable(cause);
  }
};

const hostOf = (location: string): string => URL.parse(location)?.host ?? location;

/**
 * The answer to the request of a route, whatever its status. Of a large report the API answers with a link to where it lies:
 * that is followed without the key, which is nothing to the store.
 */
export const sendRequest = async (
  options: ApiClientOptions,
  route: Route,
  fields: Fields,
  accept: string,
): Promise<{ readonly response: Response; readonly asked: string }> => {
  const { path, headers, body } = buildRequest(route, fields);
  const asked = `${route.method} ${options.baseUrl}${path}`;
  const request: RequestInit = {
    method: route.method,
    headers: {
      ...headers,
      accept,
      ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
    ...(route.redirects === true && { redirect: 'manual' as const }),
  };
  const response = await reach(
    options,
    `${options.baseUrl}${path}`,
    request,
    (cause) =>
      new Failure('SERVICE_UNREACHABLE', `No Surveyor service answers at ${options.baseUrl}.`, {
        where: options.baseUrl,
        advice: { kind: 'start_service' },
        cause,
      }),
  );
  const location = response.headers.get('location');
  if (route.redirects !== true || response.status !== 307 || location === null) return { response, asked };

  const store = hostOf(location);
  const stored = await reach(
    options,
    location,
    { headers: { accept } },
    (cause) =>
      new Failure(
        'SERVICE_UNREACHABLE',
        `The API answers, and sends on to a report of more than 5 MB at ${store}, which this machine has to reach and does not.`,
        { where: store, cause },
      ),
  );
  if (stored.ok) return { response: stored, asked };
  throw new Failure(
    'STORAGE_FAILED',
    `The API answers with a link to the report, and ${store} refused it with ${stored.status}. The link lasts two minutes: ask again.`,
    { where: store },
  );
};

/** The body of an answer; undefined where it is no JSON. */
export const readJson = async (response: Response): Promise<unknown> => {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
};

/** A problem+json answer as the Failure it tells of; anything else that is no answer of this API as INTERNAL. */
export const failureOf = (status: number, body: unknown, asked: string, retryAfter?: number): Failure => {
  const problem = Problem.safeParse(body);
  if (!problem.success || !isFailureKind(problem.data.kind)) {
    return new Failure(
      'INTERNAL',
      `${asked} answered ${status} with something that is no answer of this API. Check that Surveyor, in this version, listens there.`,
      { where: asked },
    );
  }
  const { errors = [], ...report } = problem.data;
  // The message has the first of several, or the only one, in its own words.
  const more = errors.slice(errorsInMessage).map((error) => `\n- ${error.where}: ${error.message}`);
  return failureFrom({ ...report, message: [report.message, ...more].join('') }, { retryAfter });
};

/** What an answer that is not well tells. */
export const refusalOf = async (response: Response, asked: string): Promise<Failure> => {
  const seconds = response.headers.get('retry-after');
  const retryAfter = seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : undefined;
  return failureOf(response.status, await readJson(response), asked, retryAfter);
};
