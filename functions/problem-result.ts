import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { reportOf } from '../src/contracts/failure-report.ts';
import { Failure, failures, toFailure } from '../src/contracts/failure.ts';
import { errorsInMessage, type Problem } from '../src/contracts/problem.ts';
import type { Route } from '../src/contracts/route.ts';
import { describeIssues } from '../src/use-cases/describe-issues.ts';
import type { Log } from '../src/ports/log.ts';
import { callerText } from './caller-advice.ts';
import { tellsRefusal } from './tells-refusal.ts';

/** More complaints than these about one request help nobody. */
const maxErrors = 20;

/** The most characters of a path and of a refusal that a line of the log repeats: both may say again what was sent. */
const maxPath = 200;
const maxDetail = 1_000;

/** What was asked, and by whom. */
export type RefusedRequest = {
  readonly path: string;
  readonly requestId: string;
  /** That of the process, which counts what strangers are refused. */
  readonly log: Log;
  readonly now: Date;
  /** Whether nobody with a valid credential is behind it: what a stranger is refused takes little room in the log. */
  readonly isStranger: boolean;
  /** Where there is one, it tells which fields it takes instead of one that it does not. */
  readonly route?: Route | undefined;
};

/** A thrown thing as a problem+json answer. What went wrong inside is logged, not told: the caller gets the request id. */
export const problemResult = (thrown: unknown, request: RefusedRequest): APIGatewayProxyResult => {
  const { path, requestId, route } = request;
  const problem =
    thrown instanceof z.ZodError ? invalid(thrown, path, requestId, route) : failed(thrown, path, requestId);
  note(thrown, problem, request);
  return {
    statusCode: problem.status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': requestId,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...(thrown instanceof Failure && thrown.retryAfter !== undefined
        ? { 'retry-after': String(thrown.retryAfter) }
        : {}),
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(problem),
  };
};

const note = (thrown: unknown, { kind, status, detail }: Problem, request: RefusedRequest): void => {
  const { log, now, requestId: request_id, isStranger } = request;
  if (isStranger && !tellsRefusal(log, now, kind)) return;
  const line = { request_id, path: request.path.slice(0, maxPath), failure: kind };
  if (status >= 500) log.error('request failed', { ...line, error: thrown });
  else if (isStranger) log.info('request refused', { ...line, reason: reasonOf(thrown) });
  else log.info('request refused', { ...line, detail: detail.slice(0, maxDetail) });
};

/** Why a credential was not taken: the caller is not told. */
const reasonOf = (thrown: unknown): string | undefined =>
  thrown instanceof Failure && thrown.kind === 'UNAUTHENTICATED' && thrown.cause instanceof Error
    ? thrown.cause.message
    : undefined;

const problemOf = (failure: Failure, path: string, requestId: string): Problem => ({
  type: 'about:blank',
  title: failures[failure.kind].title,
  status: failures[failure.kind].status,
  detail: callerText(failure),
  instance: path,
  request_id: requestId,
  ...reportOf(failure),
});

const invalid = (error: z.ZodError, path: string, requestId: string, route: Route | undefined): Problem => {
  const described = describeIssues(error.issues, (place) => fieldsAt(route, place));
  const errors = described.slice(0, maxErrors);
  const told = errors.slice(0, errorsInMessage).map(({ where, message }) => `${where}: ${message}`);
  const more = described.length > told.length ? ` (and ${described.length - told.length} more)` : '';
  const message = told.length === 0 ? 'The request does not fit its schema.' : `${told.join('; ')}${more}.`;
  const failure = new Failure('INVALID_REQUEST', message, { where: errors[0]?.where, advice: { kind: 'see_schema' } });
  return { ...problemOf(failure, path, requestId), errors };
};

/** What JSON Schema calls the fields of an object and the items of an array. */
const Shape = z.object({
  properties: z.record(z.string(), z.unknown()).default({}),
  items: z.unknown().optional(),
});

/** The fields that a route takes at a place such as `body.sources.0`. */
const fieldsAt = (route: Route | undefined, [part, ...place]: readonly PropertyKey[]): readonly string[] => {
  const schema = part === 'body' ? route?.body : part === 'query' ? route?.query : undefined;
  if (schema === undefined) return [];
  const whole: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const inner = place.reduce<unknown>((outer, key) => {
    const { properties, items } = shapeOf(outer);
    return typeof key === 'number' ? items : properties[String(key)];
  }, whole);
  return Object.keys(shapeOf(inner).properties);
};

const shapeOf = (schema: unknown): z.infer<typeof Shape> => Shape.safeParse(schema).data ?? { properties: {} };

const failed = (thrown: unknown, path: string, requestId: string): Problem => {
  const failure = toFailure(thrown);
  if (failure.kind === 'INTERNAL') {
    const message = `Something in Surveyor went wrong; the log has it under the request id ${requestId}.`;
    return problemOf(new Failure('INTERNAL', message), path, requestId);
  }
  const { where, message } = failure;
  return { ...problemOf(failure, path, requestId), ...(where === undefined ? {} : { errors: [{ where, message }] }) };
};
