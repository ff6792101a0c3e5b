import type { Socket } from 'node:net';
import { openSocket } from '../server/open-socket.ts';
import { wholeMilliseconds } from '../../../../src/contracts/whole-milliseconds.ts';

/** The first bytes of a client of PostgreSQL that would like TLS: a length of 8, and the number that asks for it. */
const wishForTls = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

const answerMilliseconds = 3_000;

/**
 * Whether PostgreSQL listens at an address: asked for TLS, it alone answers with the one letter S or N. A server of MySQL
 * speaks first, so nothing but its silence tells that it is none, and a slow one (it may look up names before it greets) is
 * silent too: hence this question, over a connection of its own.
 */
export const speaksPostgres = async (address: { readonly host: string; readonly port: number }): Promise<boolean> => {
  let socket: Socket | undefined;
  try {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      socket = openSocket(address).once('connect', () => socket?.write(wishForTls));
      socket.setTimeout(wholeMilliseconds(answerMilliseconds), () => reject(new Error('no answer')));
      socket.on('data', resolve).on('error', reject).on('close', reject);
    });
    return ['S', 'N'].includes(answer.toString('latin1'));
  } catch {
    return false;
  } finally {
    socket?.destroy();
  }
};
