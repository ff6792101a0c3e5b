import { connect } from 'node:net';

/** An answer as it came. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
};

/** Sends bytes to a port of this machine; what comes back until the connection is closed, or for five seconds. */
export const sendBytes = (port: number, bytes: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const [head = '', text = ''] = Buffer.concat(chunks)
        .toString('utf8')
        .split(/\r\n\r\n([^]*)/);
      const [first = '', ...lines] = head.split('\r\n');
      const headers = Object.fromEntries(
        lines.map((line) => [line.split(':')[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      );
      if (first === '') reject(new Error('the connection was closed without an answer'));
      else resolve({ status: Number(first.split(' ')[1]), headers, text });
    });
  });
