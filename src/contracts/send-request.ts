import { failureFrom } from './failure-report.ts';
import { Failure, isFailureKind } from './failure.ts';
import { errorsInMessage, Problem } from './problem.ts';
import { type AnswerLimits, answerLimits, readAnswer } from './read-answer.ts';
import type { Route } from './route.ts';
import { wholeMilliseconds } from './whole-milliseconds.ts';

/** Where the service is and who asks. */
export type ApiClientOptions = {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** Ends what is under way, with its reason. */
  readonly signal?: AbortSignal;
  /** Those of every answer, in the place of `answerLimits`. */
  readonly limits?: AnswerLimits;
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

/**
 * Sends a request, and reads the answer whole; what nobody answers, or not to its end, fails as `unreachable` says. No redirect is
 * followed: a body goes to who was asked alone.
 */
const reach = async (
  options: ApiClientOptions,
  url: string,
  request: RequestInit,
  limits: AnswerLimits,
  unreachable: (cause: unknown) => Failure,
): Promise<Response> => {
  const { bytes, milliseconds } = options.limits ?? limits;
  const end = AbortSignal.timeout(wholeMilliseconds(milliseconds));
  const signal = options.signal === undefined ? end : AbortSignal.any([options.signal, end]);
  try {
    const response = await (options.fetch ?? fetch)(url, { ...request, redirect: 'manual', signal });
    return await readAnswer(response, bytes, `${request.method ?? 'GET'} ${withoutQuery(url)}`);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    if (thrown instanceof Failure) throw thrown;
    throw unreachable(end.aborted ? tooLate(milliseconds, thrown) : thrown);
  }
};

/** As the network tells of one that does not answer. */
const tooLate = (milliseconds: number, cause: unknown): Error =>
  Object.assign(new Error(`no answer within ${milliseconds / 1_000} s`, { cause }), { code: 'ETIMEDOUT' });

/** What a link is signed with is nobody's to read. */
const withoutQuery = (url: string): string => url.split('?')[0] ?? url;

const originOf = (location: string, base: string): string => URL.parse(location, base)?.origin ?? 'elsewhere';

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** Where a report is fetched from: over TLS, or on this very machine. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));

/**
 * The answer to the request of a route, whatever its status. Of a large report the API answers with a link to where it lies:
 * that is followed without the key, which is nothing to the store. Any other redirect fails with SETTING_INVALID.
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
  };
  const limits = route.redirects === true ? answerLimits.report : answerLimits.json;
  const response = await reach(
    options,
    `${options.baseUrl}${path}`,
    request,
    limits,
    (cause) =>
      new Failure('SERVICE_UNREACHABLE', `No Surveyor service answers at ${options.baseUrl}.`, {
        where: options.baseUrl,
        advice: { kind: 'start_service' },
        cause,
      }),
  );
  const location = response.headers.get('location');
  if (!isRedirect(response.status)) return { response, asked };
  if (route.redirects !== true || response.status !== 307 || location === null)
    throw new Failure(
      'SETTING_INVALID',
      `${options.baseUrl} sends on to ${originOf(location ?? '', options.baseUrl)}, which is not followed: what is sent may hold a key and a password of a database. Give the address that answers by itself.`,
      { where: asked },
    );
  return { response: await followLink(options, location, accept), asked };
};

/** A report from where the API says that it lies. */
const followLink = async (options: ApiClientOptions, location: string, accept: string): Promise<Response> => {
  const link = URL.parse(location);
  const store = link?.host ?? 'a link that is no address';
  if (link === null || !isSafe(link))
    throw new Failure(
      'STORAGE_FAILED',
      `The API answers with a link to ${store} that is not https, and a report does not go over an open line.`,
      { where: store },
    );
  const stored = await reach(
    options,
    location,
    { headers: { accept } },
    answerLimits.report,
    (cause) =>
      new Failure(
        'SERVICE_UNREACHABLE',
        `The API answers, and sends on to a report of more than 5 MB at ${store}, which this machine has to reach and does not.`,
        { where: store, cause },
      ),
  );
  if (stored.ok) return stored;
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
