import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { reportOf } from '../src/contracts/failure-report.ts';
import { Failure, failures, toFailure } from '../src/contracts/failure.ts';
import { errorsInMessage, type Problem } from '../src/contracts/problem.ts';
import type { Route } from '../src/contracts/route.ts';
import { describeIssues } from '../src/use-cases/describe-issues.ts';
import type { Log } from '../src/ports/log.ts';
import { callerText } from './caller-advice.ts';

/** More complaints than these about one request help nobody. */
const maxErrors = 20;

/**
 * A thrown thing as a problem+json answer. What went wrong inside is logged, not told: the caller gets the request id. The
 * route, where there is one, tells which fields it takes instead of one that it does not.
 */
export const problemResult = (
  thrown: unknown,
  path: string,
  requestId: string,
  log: Log,
  route?: Route,
): APIGatewayProxyResult => {
  const problem =
    thrown instanceof z.ZodError ? invalid(thrown, path, requestId, route) : failed(thrown, path, requestId);
  const line = log.with({ request_id: requestId });
  if (problem.status >= 500) line.error('request failed', { path, failure: problem.kind, error: thrown });
  else line.info('request refused', { path, failure: problem.kind, detail: problem.detail });
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
