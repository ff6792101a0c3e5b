import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod';
import { Failure } from '../src/contracts/failure.ts';
import { plainWords } from '../src/use-cases/describe-issues.ts';

/** Bodies over this size are refused before they are read as JSON; a catalog of a thousand long table names is 200 KB. */
const maxBodyBytes = 1024 * 1024;

/** The longest request id taken over from a caller. */
const requestIdPattern = /^[A-Za-z0-9._-]{8,128}$/;

/** A header by its name in lower case. */
export const readHeader = (event: APIGatewayProxyEvent, name: string): string | undefined =>
  Object.entries(event.headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];

/** The caller's own request id where it is a decent one, else the gateway's. */
export const readRequestId = (event: APIGatewayProxyEvent): string => {
  const given = readHeader(event, 'x-request-id');
  return given !== undefined && requestIdPattern.test(given) ? given : event.requestContext.requestId;
};

/** The body as JSON. Fails with REQUEST_TOO_LARGE, INVALID_REQUEST. */
export const readBody = (event: APIGatewayProxyEvent): unknown => {
  const text = event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? '');
  if (Buffer.byteLength(text) > maxBodyBytes) {
    throw new Failure(
      'REQUEST_TOO_LARGE',
      `The body has ${Buffer.byteLength(text)} bytes; at most ${maxBodyBytes} are taken.`,
      { where: 'body' },
    );
  }
  // Nothing sent is an object without fields: what is missing in it is then told by name.
  if (text === '') return {};
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
export const checkPart = (schema: z.ZodType | undefined, value: unknown, part: string): unknown => {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value, { error: plainWords });
  if (parsed.success) return parsed.data;
  throw new z.ZodError(parsed.error.issues.map((issue) => ({ ...issue, path: [part, ...issue.path] })));
};
