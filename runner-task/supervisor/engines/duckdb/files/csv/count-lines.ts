import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FoundFile } from '../file-loader.ts';
import { openBytes } from './open-bytes.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** The ends of a file's lines. */
export type LineEnds = {
  readonly line_feeds: number;
  /** Carriage returns right before a line feed, and all others. */
  readonly returns: number;
  readonly bare_returns: number;
  /** Zero bytes, or ^Z: they belong in no text. */
  readonly has_marks: boolean;
  /** Line ends after which nothing follows, beyond the last line's own. */
  readonly empty_at_end: number;
  readonly ends_in_line: boolean;
};

/** Bytes that no text has, whatever its encoding of one byte a character. */
export const hasMarks = (bytes: Buffer): boolean => bytes.includes(0) || bytes.includes(0x1a);

const count = (chunk: Buffer, byte: number): number => {
  let found = 0;
  for (let at = chunk.indexOf(byte); at !== -1; at = chunk.indexOf(byte, at + 1)) found += 1;
  return found;
};

/** A plain file's bytes in one buffer that is filled again and again, which takes half the time of a stream. */
async function* reusedBytes(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.allocUnsafe(512 * 1024);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Counts the line ends of a file, without regard to quotes: what a reader made of it is held against that. */
export const countLines = async (file: Pick<FoundFile, 'path' | 'packing' | 'signal'>): Promise<LineEnds> => {
  let feeds = 0;
  let returns = 0;
  let bare = 0;
  let marks = false;
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of file.packing === undefined ? reusedBytes(file.path, file.signal) : openBytes(file)) {
    feeds += count(chunk, lineFeed);
    if (chunk[0] === lineFeed && tail.at(-1) === carriageReturn) {
      returns += 1;
      bare -= 1;
    }
    for (let at = chunk.indexOf(carriageReturn); at !== -1; at = chunk.indexOf(carriageReturn, at + 1))
      if (chunk[at + 1] === lineFeed) returns += 1;
      else bare += 1;
    marks ||= hasMarks(chunk);
    tail = Buffer.concat([tail, chunk.subarray(-1024)]).subarray(-1024);
  }
  const [end = ''] = /[\r\n]*$/.exec(tail.toString('latin1')) ?? [];
  const ends = end.split('\n').length - 1;
  return {
    line_feeds: feeds,
    returns,
    bare_returns: bare,
    has_marks: marks,
    empty_at_end: Math.max(0, ends - 1),
    ends_in_line: ends === 0,
  };
};
