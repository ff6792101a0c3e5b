import { randomUUID } from 'node:crypto';
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { problemResult } from '../../functions/problem-result.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { Log } from '../../src/ports/log.ts';

/** Why a request cannot be read as one, by the code of Node’s error. */
const failureOf = (code: string | undefined, cause: unknown): Failure => {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Failure('REQUEST_TOO_LARGE', 'Path and headers together may have at most 16 KiB.', { cause });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Failure('INVALID_REQUEST', 'The request did not arrive in time.', { cause });
  return new Failure('INVALID_REQUEST', 'This cannot be read as a request of HTTP/1.1.', { cause });
};

/** The answer to a request of which no path is known. */
export const unreadableResult = (thrown: unknown, log: Log): ReturnType<typeof problemResult> =>
  problemResult(thrown, { path: '', requestId: randomUUID(), log, now: new Date(), isStranger: true });

/** Has a server answer what it cannot read as it answers everything else: Node alone sends a bare status, or nothing. */
export const refuseUnreadable = (server: Server, log: Log): void => {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request, response) => answers.set(request.socket, response));

  const refuse = (socket: Duplex, failure: Failure): void => {
    const answer = answers.get(socket);
    // What was asked before it over the same connection keeps its answer.
    if (answer?.req.complete === true && !answer.writableEnded)
      return void answer.once('close', () => refuse(socket, failure));
    // Nobody is there any more, or half of an answer is on its way already.
    if (!socket.writable || (answer?.headersSent === true && !answer.writableEnded)) return void socket.destroy();
    const { statusCode, headers, body } = unreadableResult(failure, log);
    const all = { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
    socket.end([`HTTP/1.1 ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`, ...lines, '', body].join('\r\n'));
  };
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, failureOf(error.code, error)));
  server.on('connect', (_, socket) =>
    refuse(socket, new Failure('METHOD_NOT_ALLOWED', 'This service is no proxy: CONNECT does not work on it.')),
  );
  server.on('checkExpectation', ({ socket }) =>
    refuse(socket, new Failure('INVALID_REQUEST', 'Of the header Expect, 100-continue alone is understood.')),
  );
};
