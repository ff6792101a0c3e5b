import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { FunctionHost } from './function-host.ts';

/**
 * Serves the functions to their two callers: the emulator's Lambda, which hands its calls on and names the function in a
 * header, and a function that calls another one with the SDK, which waits for the answer.
 */
export const serveFunctions = async (
  functions: FunctionHost,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const [, invoked] = /\/functions\/([^/]+)\/invocations/.exec(request.url ?? '') ?? [];
      const named =
        invoked === undefined ? request.headers['x-amzn-lambda-function-name'] : decodeURIComponent(invoked);
      const name = String(named).replace(/^arn:.*:function:/, '');
      const answered = await functions.invoke(name, await json(request));
      if (!('error' in answered)) {
        response.writeHead(200, { 'content-type': 'application/json' }).end(answered.result);
        return;
      }
      // To the SDK an error of the function is an answer; the emulator tells by the status.
      const headers = { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' };
      response.writeHead(invoked === undefined ? 500 : 200, headers).end(JSON.stringify(answered.error));
    };
    answer().catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};
