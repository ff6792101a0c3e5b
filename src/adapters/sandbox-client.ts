import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { failureFrom } from '../contracts/failure-report.ts';
import { Failure } from '../contracts/failure.ts';
import { sandboxServerName } from '../contracts/sandbox-certificate.ts';
import {
  SandboxFailure,
  sandboxOperations,
  type Lease,
  type SandboxInput,
  type SandboxOperation,
  type SandboxOutput,
} from '../contracts/sandbox.ts';
import { wholeMilliseconds } from '../contracts/whole-milliseconds.ts';

/** A supervisor ends a cell at its limit and answers; one that is silent for so long afterwards hangs itself. */
const graceSeconds = 60;
/** A statement may wait behind others of its database. The states that ask have 900 s: the sandbox is blamed before that. */
const longestSeconds = 840;

const secondsFor = (operation: SandboxOperation, input: object): number =>
  operation === 'execute_python' && 'seconds' in input
    ? Math.min(longestSeconds, Number(input.seconds) + graceSeconds)
    : longestSeconds;

type Endpoint = { readonly open: typeof httpRequest | typeof httpsRequest; readonly to: RequestOptions };

/** How a supervisor is reached: at a socket of this machine, or by TLS with one of these certificates. */
const endpoint = (address: string, operation: string, certificates: readonly string[]): Endpoint => {
  if (address.startsWith('/')) return { open: httpRequest, to: { socketPath: address, path: `/${operation}` } };
  const { protocol, hostname, port } = new URL(address);
  // The token is told to nobody who has not shown the certificate, so not to whoever listens on a wire.
  if (protocol !== 'https:') throw new Error('its address is not one of TLS');
  if (certificates.length === 0) throw new Error('no certificate of a sandbox is known');
  const tls: RequestOptions = { ca: [...certificates], servername: sandboxServerName, minVersion: 'TLSv1.3' };
  return { open: httpsRequest, to: { host: hostname, port, path: `/${operation}`, ...tls } };
};

const send = async (
  { address, token }: Pick<Lease, 'address' | 'token'>,
  certificates: readonly string[],
  operation: string,
  body: string,
  seconds: number,
): Promise<{ status: number; text: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const options = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    },
    // A connection for each call: a kept one that the supervisor has just closed would look like a lost sandbox.
    agent: false,
    signal: AbortSignal.timeout(wholeMilliseconds(seconds * 1000)),
  } as const;
  const { open, to } = endpoint(address, operation, certificates);
  const request = open({ ...options, ...to });
  request.on('error', reject).on('response', (response) => {
    const chunks: Buffer[] = [];
    response
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('error', reject)
      .on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
  });
  request.end(body);
  return promise;
};

/**
 * Asks a supervisor. Fails with what it answers, or with SANDBOX_LOST where it does not. One that is not a socket of this
 * machine has to show one of the `certificates`: no other authority is trusted, and no other name.
 */
export const callSupervisor = async <O extends SandboxOperation>(
  lease: Pick<Lease, 'address' | 'token' | 'holder'>,
  operation: O,
  input: SandboxInput<O>,
  certificates: readonly string[] = [],
): Promise<SandboxOutput<O>> => {
  const seconds = secondsFor(operation, input);
  const { status, text } = await send(lease, certificates, operation, JSON.stringify(input), seconds).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Failure(
        'SANDBOX_LOST',
        `The sandbox of ${lease.holder.kind} ${lease.holder.id} did not answer ${operation} (${reason}).`,
        {
          cause: error,
          ...(lease.holder.kind === 'run' ? { advice: { kind: 'resume_run', run_id: lease.holder.id } } : {}),
        },
      );
    },
  );
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new Failure('SANDBOX_LOST', `The sandbox answered ${operation} with something that is not JSON.`, {
      cause: error,
    });
  }
  // The operation picks the schema, which TypeScript cannot follow through a union.
  if (status === 200) return sandboxOperations[operation].output.parse(answer) as SandboxOutput<O>;
  throw failureFrom(SandboxFailure.parse(answer).failure);
};
