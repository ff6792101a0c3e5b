import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardMessages } from '../../../../runner-task/supervisor/engines/postgres/guard-messages.ts';

type Row = readonly (string | null)[];

const message = (letter: string, body: Buffer): Buffer => {
  const header = Buffer.alloc(5);
  header.write(letter);
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
};

const rowMessage = (values: Row): Buffer => {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  const parts = values.map((value) => {
    const bytes = Buffer.from(value ?? '', 'latin1');
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? -1 : bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return message('D', Buffer.concat([count, ...parts]));
};

/** What a reader behind a guard gets of bytes that come in pieces of these sizes. */
const readThrough = (
  sent: Buffer,
  sizes: readonly number[],
  set: (guard: ReturnType<typeof guardMessages>) => void = () => undefined,
): { readonly got: Buffer; readonly tooLarge: number | undefined; readonly ended: number } => {
  const stream = new PassThrough();
  const got: Buffer[] = [];
  let ended = 0;
  stream.on('data', (bytes: Buffer) => void got.push(Buffer.from(bytes)));
  const guard = guardMessages(stream, () => (ended += 1));
  set(guard);
  for (let at = 0, piece = 0; at < sent.length; piece += 1) {
    const size = sizes[piece % sizes.length] ?? 1;
    stream.emit('data', sent.subarray(at, at + size));
    at += size;
  }
  return { got: Buffer.concat(got), tooLarge: guard.tooLarge, ended };
};

const value = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll(/[^\0-\u00FF]/g, '?')),
);
const messages = fc.array(
  fc.oneof(
    fc.array(value, { maxLength: 4 }).map((row) => ({ row, bytes: rowMessage(row) })),
    fc.string({ maxLength: 20 }).map((text) => ({ row: undefined, bytes: message('N', Buffer.from(text)) })),
  ),
  { maxLength: 8 },
);
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

describe('a guard of messages', () => {
  it('passes them on as they are, in whatever pieces they come', () => {
    fc.assert(
      fc.property(messages, sizes, (sent, pieces) => {
        const all = Buffer.concat(sent.map(({ bytes }) => bytes));
        expect(readThrough(all, pieces)).toEqual({ got: all, tooLarge: undefined, ended: 0 });
      }),
    );
  });

  it('rewrites the values of rows and nothing else', () => {
    fc.assert(
      fc.property(messages, sizes, (sent, pieces) => {
        const double = (text: string | null): string | null => text && text + text;
        const expected = sent.map(({ row, bytes }) => (row === undefined ? bytes : rowMessage(row.map(double))));
        const { got } = readThrough(Buffer.concat(sent.map(({ bytes }) => bytes)), pieces, (guard) => {
          guard.rewriteValue = (bytes) => Buffer.concat([bytes, bytes]);
        });
        expect(got).toEqual(Buffer.concat(expected));
      }),
    );
  });

  it('ends with the first row that is too large, before any of it has come, and passes what was before it', () => {
    const before = [message('T', Buffer.from('columns')), rowMessage(['small', null])];
    const large = rowMessage(['x'.repeat(1_000)]);
    for (const size of [1, 4, 5, 7, 1_000]) {
      const sent = Buffer.concat([...before, large, rowMessage(['after'])]);
      const { got, tooLarge, ended } = readThrough(sent, [size], (guard) => (guard.maxRowBytes = 500));
      expect({ tooLarge, ended, got }).toEqual({ tooLarge: large.length, ended: 1, got: Buffer.concat(before) });
    }
  });

  it('ends with an error or a notice of megabytes too', () => {
    const notice = message('N', Buffer.alloc(5 * 1024 * 1024));
    expect(readThrough(notice, [65_536])).toMatchObject({ tooLarge: notice.length, ended: 1 });
  });
});
