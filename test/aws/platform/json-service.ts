import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An error that a service names; the SDK throws it by that name. */
export class ServiceError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A served API. */
export type JsonService = { readonly url: string; close(): Promise<void> };

type Operations = Readonly<Record<string, (input: never) => unknown>>;

/** Serves operations over AWS's JSON protocol 1.0: the operation stands in a header, errors have their name as `__type`. */
export const serveJson = async (operations: Operations): Promise<JsonService> => {
  const server = createServer((request, response) => {
    const answer = async (): Promise<{ readonly status: number; readonly body: unknown }> => {
      const target = String(request.headers['x-amz-target']);
      const operation = operations[target.slice(target.lastIndexOf('.') + 1)];
      try {
        if (operation === undefined) throw new ServiceError('UnknownOperationException', `${target} is not served.`);
        return { status: 200, body: (await operation(JSON.parse(await text(request)) as never)) ?? {} };
      } catch (thrown) {
        const { name, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
        return { status: thrown instanceof ServiceError ? 400 : 500, body: { __type: name, message } };
      }
    };
    void answer().then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
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
