import type { Readable } from 'node:stream';

/** What stands between a server's bytes and the driver, which would hold all of a message before anybody sees it. */
export type MessageGuard = {
  /** Rows beyond this are not taken: their session ends. */
  maxRowBytes: number;
  /** How many bytes the row has, or whatever it was, that ended the session. */
  tooLarge: number | undefined;
  /** Changes the values of each row before the driver reads them. */
  rewriteValue: ((value: Buffer) => Buffer) | undefined;
};

/** A letter and a length, which counts itself. */
const headerBytes = 5;
const dataRow = 'D'.charCodeAt(0);

/** Errors and notices, whose texts a function of the database can make as long as it likes. */
const maxOtherBytes = 4 * 1024 * 1024;

/** A row with other values: the number of its columns, then of each its length (-1 for NULL) and its bytes. */
const rewriteRow = (message: Buffer, rewriteValue: (value: Buffer) => Buffer): Buffer => {
  const parts: Buffer[] = [];
  let at = headerBytes + 2;
  while (at < message.length) {
    const bytes = message.readInt32BE(at);
    at += 4;
    const value = bytes < 0 ? undefined : rewriteValue(message.subarray(at, at + bytes));
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === undefined ? -1 : value.length);
    parts.push(length, ...(value === undefined ? [] : [value]));
    at += Math.max(bytes, 0);
  }
  const row = Buffer.concat([message.subarray(0, headerBytes + 2), ...parts]);
  row.writeInt32BE(row.length - 1, 1);
  return row;
};

/**
 * Puts a guard before whoever reads a session's stream now. A row that is larger than the statement may answer is known by
 * its first five bytes: `repeat('x', 800000000)` would be 1.7 GiB here before it could be told that it is too much.
 */
export const guardMessages = (stream: Readable, tooMuch: () => void): MessageGuard => {
  const guard: MessageGuard = { maxRowBytes: Infinity, tooLarge: undefined, rewriteValue: undefined };
  const readers = stream.listeners('data');
  stream.removeAllListeners('data');
  const pass = (bytes: Buffer): void => readers.forEach((read) => read.call(stream, bytes));
  /** What has come of a header, or of a row that is to be rewritten, and is not whole. */
  let held: Buffer = Buffer.alloc(0);
  /** Bytes of a message that are still to come and are passed on as they are. */
  let passing = 0;

  stream.on('data', (chunk: Buffer) => {
    if (guard.tooLarge !== undefined) return;
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    held = Buffer.alloc(0);
    /** From here on nothing has been passed yet. */
    let from = 0;
    let at = Math.min(passing, bytes.length);
    passing -= at;
    while (bytes.length - at >= headerBytes) {
      const isRow = bytes[at] === dataRow;
      const length = bytes.readUInt32BE(at + 1) + 1;
      if (length > (isRow ? guard.maxRowBytes : maxOtherBytes)) {
        if (at > from) pass(bytes.subarray(from, at));
        guard.tooLarge = length;
        return tooMuch();
      }
      const isWhole = bytes.length - at >= length;
      if (isRow && guard.rewriteValue !== undefined) {
        if (!isWhole) break;
        if (at > from) pass(bytes.subarray(from, at));
        pass(rewriteRow(bytes.subarray(at, at + length), guard.rewriteValue));
        from = at + length;
      } else if (!isWhole) {
        passing = length - (bytes.length - at);
        at = bytes.length;
        break;
      }
      at += length;
    }
    if (at > from) pass(bytes.subarray(from, at));
    if (at < bytes.length) held = Buffer.from(bytes.subarray(at));
  });
  return guard;
};
