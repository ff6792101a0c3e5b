import type { APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { Failure, failures, toFailure } from '../src/contracts/failure.ts';
import type { Problem } from '../src/contracts/problem.ts';
import type { Log } from '../src/ports/log.ts';

/** More complaints than these about one request help nobody. */
const maxErrors = 20;

/** A thrown thing as a problem+json answer. What went wrong inside is logged, not told: the caller gets the request id. */
export const problemResult = (thrown: unknown, path: string, requestId: string, log: Log): APIGatewayProxyResult => {
  const problem = thrown instanceof z.ZodError ? invalid(thrown, path, requestId) : failed(thrown, path, requestId);
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

const invalid = (error: z.ZodError, path: string, requestId: string): Problem => {
  const errors = error.issues
    .slice(0, maxErrors)
    .map((issue) => ({ where: issue.path.join('.'), message: issue.message }));
  const [first] = errors;
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : '';
  return {
    type: 'about:blank',
    title: failures.INVALID_REQUEST.title,
    status: failures.INVALID_REQUEST.status,
    detail:
      first === undefined
        ? 'The request does not fit its schema.'
        : `${first.where}: ${first.message}${more}. See /openapi.json for what is taken.`,
    instance: path,
    kind: 'INVALID_REQUEST',
    request_id: requestId,
    errors,
  };
};

const failed = (thrown: unknown, path: string, requestId: string): Problem => {
  const failure = toFailure(thrown);
  const row = failures[failure.kind];
  const hidden = failure.kind === 'INTERNAL';
  return {
    type: 'about:blank',
    title: row.title,
    status: row.status,
    detail: hidden
      ? `Something in Surveyor went wrong; the log has it under the request id ${requestId}.`
      : failure.message,
    instance: path,
    kind: failure.kind,
    request_id: requestId,
    ...(failure.where === undefined ? {} : { errors: [{ where: failure.where, message: failure.message }] }),
  };
};
