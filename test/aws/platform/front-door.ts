import { createServer, type IncomingHttpHeaders, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type AwsCall, readAwsCall } from './aws-call.ts';

/** A call that a function made, and how it was answered. */
export type RecordedCall = AwsCall & { readonly status: number; readonly answerLost: boolean };

/** Where all calls of AWS by functions arrive: each is recorded, and passed to who serves its service. */
export type FrontDoor = {
  readonly url: string;
  readonly calls: readonly RecordedCall[];
  /** The answers of the next calls that the condition holds for do not arrive, although the calls do. */
  loseAnswers(condition: (call: AwsCall) => boolean, times?: number): void;
  /** Answers arrive again. */
  calm(): void;
  close(): Promise<void>;
};

/** Is told of every call of a function, and how it was answered. */
export type OnAnswer = (call: RecordedCall, answer: Buffer) => void;

/** Opens the door. `services` says who serves what, by the name that signatures have for it; the emulator serves the rest. */
export const openFrontDoor = async (
  services: Readonly<Record<string, string>>,
  emulator: () => string,
  onAnswer?: OnAnswer,
): Promise<FrontDoor> => {
  const calls: RecordedCall[] = [];
  const losses: { condition: (call: AwsCall) => boolean; times: number }[] = [];
  const server = createServer((request, response) => {
    const serve = async (): Promise<void> => {
      const sent = await buffer(request);
      const call = readAwsCall(request, sent);
      const body = onAnswer === undefined ? sent : askForCapacity(call, sent);
      // An asynchronous call is Lambda's to make, and to make again: the emulator's, which asks the function host.
      const isAsynchronous = request.headers['x-amz-invocation-type'] === 'Event';
      const place = (isAsynchronous ? undefined : services[call.service]) ?? emulator();
      const answer = await pass(new URL(request.url ?? '/', place), request.method ?? '', request.headers, body);
      const loss = losses.find(({ condition, times }) => times > 0 && condition(call));
      if (loss !== undefined) loss.times -= 1;
      const recorded = { ...call, status: answer.status, answerLost: loss !== undefined };
      calls.push(recorded);
      onAnswer?.(recorded, answer.body);
      if (loss !== undefined) response.destroy();
      else send(response, answer);
    };
    serve().catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    loseAnswers: (condition, times = 1) => void losses.push({ condition, times }),
    calm: () => void losses.splice(0),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** Has DynamoDB say what a call takes; no function asks for that. */
const askForCapacity = ({ service, input }: AwsCall, body: Buffer): Buffer =>
  service === 'dynamodb' ? Buffer.from(JSON.stringify({ ...input, ReturnConsumedCapacity: 'TOTAL' })) : body;

type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

const pass = (url: URL, method: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { expect: _, ...sent } = headers;
    const outgoing = ask(url, { method, headers: { ...sent, 'content-length': body.length } }, (incoming) => {
      buffer(incoming).then(
        (read) => resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: read }),
        reject,
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const send = (response: ServerResponse, { status, headers, body }: Answer): void => {
  // A body that was read whole is no longer in chunks.
  const { 'transfer-encoding': _, connection: __, ...own } = headers;
  response.writeHead(status, own);
  response.end(body);
};
