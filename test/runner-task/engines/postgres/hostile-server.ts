import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What stands where a database should be, and speaks PostgreSQL's protocol as far as a login. */
export type HostileServer = { readonly port: number; readonly close: () => Promise<void> };

const message = (letter: string, body: Buffer = Buffer.alloc(0)): Buffer => {
  const header = Buffer.alloc(5);
  header.write(letter);
  header.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};
const text = (...parts: readonly string[]): Buffer => Buffer.from(`${parts.join('\0')}\0`);
/** Of type text: no table, no number of a column, -1 for its length and its modifier, as text. */
const oneColumn = message(
  'T',
  Buffer.concat([
    Buffer.from([0, 1]),
    text('a'),
    Buffer.from('000000000000' + '00000019' + 'ffff' + 'ffffffff' + '0000', 'hex'),
  ]),
);
const row = (value: string): Buffer => {
  const head = Buffer.alloc(6);
  head.writeInt16BE(1);
  head.writeInt32BE(value.length, 2);
  return message('D', Buffer.concat([head, Buffer.from(value)]));
};
const ready = message('Z', Buffer.from('I'));
const welcome = Buffer.concat([
  message('R', Buffer.alloc(4)),
  message('S', text('server_version', '15.0')),
  message('S', text('client_encoding', 'UTF8')),
  message('K', Buffer.alloc(8, 1)),
  ready,
]);
const hugeRow = Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xf0]);

/** Writes for as long as the other side takes it. */
const flood = (socket: Socket, chunk: Buffer): void => {
  const on = (): void => {
    while (!socket.destroyed && socket.write(chunk));
    socket.once('drain', on);
  };
  on();
};

/** How it answers the first question after the login. */
export const hostileAnswers = {
  silence: () => undefined,
  'endless rows': (socket: Socket) => {
    socket.write(oneColumn);
    flood(socket, Buffer.concat(Array.from({ length: 500 }, () => row('x'.repeat(1_000)))));
  },
  'one row of 2 GiB': (socket: Socket) => {
    socket.write(Buffer.concat([oneColumn, hugeRow]));
    flood(socket, Buffer.alloc(64 * 1024, 'x'));
  },
  'endless notices': (socket: Socket) => {
    flood(socket, message('N', text('SWARNING', 'VWARNING', 'C01000', `M${'y'.repeat(60_000)}`, '')));
  },
  'other columns': (socket: Socket) => {
    socket.write(Buffer.concat([oneColumn, row('garbage'), message('C', text('SELECT 1')), ready]));
  },
  'an error with a password': (socket: Socket) => {
    const said = 'Mcannot reach postgresql://u:hunter2@h/db with password=hunter2';
    socket.write(Buffer.concat([message('E', text('SERROR', 'VERROR', 'C42501', said, '')), ready]));
  },
} as const satisfies Readonly<Record<string, (socket: Socket) => void>>;
export type HostileAnswer = keyof typeof hostileAnswers;

/** Starts one that answers each question alike. */
export const startHostileServer = async (answer: HostileAnswer): Promise<HostileServer> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isIn = false;
    socket
      .on('error', () => undefined)
      .on('data', (asked: Buffer) => {
        // Of the bytes before a login only the request for TLS has eight.
        if (!isIn && asked.length === 8) return void socket.write('N');
        if (isIn) return hostileAnswers[answer](socket);
        isIn = true;
        socket.write(welcome);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};
