import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import * as z from 'zod';
import { reportOf } from '../../src/contracts/failure-report.ts';
import { Failure, failures, toFailure } from '../../src/contracts/failure.ts';
import { sandboxOperations, type SandboxFailure, type SandboxOperation } from '../../src/contracts/sandbox.ts';
import type { SandboxCertificate } from '../../src/contracts/sandbox-certificate.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { StatementFailure, type Operations } from './operations.ts';

/** A whole report in base64 is below 10 MB; nothing else that is sent comes near it. */
const mostBodyBytes = 24 * 1024 * 1024;

const bearer = /^Bearer (\S+)$/;

/** By the digests, so that the comparison takes one time for texts of all lengths. */
const isToken = (authorization: string | undefined, token_sha256: string): boolean => {
  const token = bearer.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(createHash('sha256').update(token).digest(), Buffer.from(token_sha256, 'hex'));
};

const isOperation = (name: string): name is SandboxOperation => Object.hasOwn(sandboxOperations, name);

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) {
      throw new Failure('REQUEST_TOO_LARGE', `The body is larger than ${mostBodyBytes} bytes. Send less at once.`);
    }
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch (error) {
    throw new Failure('INVALID_REQUEST', 'The body is not JSON. Send one JSON document.', { cause: error });
  }
};

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
};

/**
 * The supervisor's HTTP interface: `POST /{operation}` with the lease's bearer token, of which it knows the digest. With a
 * certificate it speaks TLS alone.
 */
export const createSupervisorServer = (
  {
    token_sha256,
    certificate,
  }: { readonly token_sha256: string; readonly certificate?: SandboxCertificate | undefined },
  { handlers }: Operations,
  lease: LeaseWatch,
): Server | TlsServer => {
  const perform = async (request: IncomingMessage): Promise<unknown> => {
    // The address is never trusted: the kernel of this very task could reach the socket.
    if (!isToken(request.headers.authorization, token_sha256)) {
      throw new Failure('UNAUTHENTICATED', 'This is not the lease token of this sandbox. Send it as a bearer token.');
    }
    return lease.during(() => performOperation(request));
  };
  const performOperation = async (request: IncomingMessage): Promise<unknown> => {
    const name = (request.url ?? '').slice(1);
    if (!isOperation(name)) throw new Failure('NOT_FOUND', `There is no operation ${JSON.stringify(name)} here.`);
    if (request.method !== 'POST') throw new Failure('METHOD_NOT_ALLOWED', `Send ${name} as a POST request.`);
    const input = sandboxOperations[name].input.safeParse(await readBody(request));
    if (!input.success) {
      throw new Failure('INVALID_REQUEST', `The input of ${name} is not valid: ${z.prettifyError(input.error)}`);
    }
    // The name picks both the schema and the handler, which TypeScript cannot follow through a union.
    return (handlers[name] as (input: unknown) => Promise<unknown>)(input.data);
  };

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    perform(request).then(
      (output) => answer(response, 200, output),
      (error: unknown) => {
        const body: SandboxFailure = {
          failure: reportOf(error),
          ...(error instanceof StatementFailure ? { evidence_id: error.evidence_id } : {}),
        };
        // What is left of a refused body is not read.
        if (!request.complete) response.setHeader('connection', 'close');
        answer(response, failures[toFailure(error).kind].status, body);
      },
    );
  };
  if (certificate === undefined) return createServer(listener);
  // Whoever speaks plain HTTP to it, or fails at the handshake, is hung up on before a byte of HTTP is read.
  return createTlsServer({ key: certificate.key, cert: certificate.certificate, minVersion: 'TLSv1.3' }, listener);
};
