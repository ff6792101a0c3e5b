import { once } from 'node:events';
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { connectSeconds } from '../server/connect-failure.ts';
import { openSocket } from '../server/open-socket.ts';
import { wholeMilliseconds } from '../../../../src/contracts/whole-milliseconds.ts';

/** What names a session in the protocol's CancelRequest; the server gives it at login. */
export type SessionKey = { readonly processId: number; readonly secret: number };

const message = (...numbers: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * (numbers.length + 1));
  [bytes.length, ...numbers].forEach((number, index) => bytes.writeInt32BE(number | 0, index * 4));
  return bytes;
};
const sslRequest = message(80_877_103);
const cancelCode = 80_877_102;

/**
 * Asks the server to end what a session runs, on a connection of its own as the protocol wants it. It needs no login, so
 * it works where no connection is left; encrypted where the session is. Done when the server has passed it on.
 */
export const cancelRequest = async (
  { host, port }: { readonly host: string; readonly port: number },
  tls: ConnectionOptions | undefined,
  { processId, secret }: SessionKey,
): Promise<void> => {
  const signal = AbortSignal.timeout(wholeMilliseconds(connectSeconds * 1000));
  const socket = openSocket({ host, port });
  // For its whole life: without a listener an error would end the process. Those that count are thrown by `once`.
  socket.on('error', () => undefined);
  try {
    await once(socket, 'connect', { signal });
    let stream: Socket = socket;
    if (tls !== undefined) {
      socket.write(sslRequest);
      const [answer] = (await once(socket, 'data', { signal })) as [Buffer];
      if (answer.toString() !== 'S') throw new Error('the server offers no TLS for a cancel request');
      const secured = connectTls({ ...tls, socket, ...(isIP(host) === 0 ? { servername: host } : {}) });
      secured.on('error', () => undefined);
      await once(secured, 'secureConnect', { signal });
      stream = secured;
    }
    const closed = once(stream, 'close', { signal });
    stream.resume();
    stream.write(message(cancelCode, processId, secret));
    await closed;
  } finally {
    socket.destroy();
  }
};
