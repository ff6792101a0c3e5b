import { isAscii, isUtf8 } from 'node:buffer';
import { FileProblem } from '../file-loader.ts';
import { hasMarks } from './count-lines.ts';
import type { Lines } from './survey-records.ts';

/** How the bytes of a text file are characters. `mixed`: UTF-8, but for lines that are not. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'mixed';

/** What a file's bytes tell of its text. */
export type FoundEncoding = {
  readonly encoding: TextEncoding;
  /** What it is called. */
  readonly title: string;
  /** Of files that are not in UTF-8: lines that are not, and the first of them. */
  readonly other_lines: number;
  readonly first_other_line: number;
  /** Lines that hold what no text has: zero bytes, or ^Z but for the end of a file. */
  readonly marked: Lines;
};

const lineFeed = 10;

/** Bytes that stand for nothing in Windows-1252. */
const undefinedBytes = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Less than this many bytes of letters beyond ASCII tell nothing of a file. */
const minForeign = 20;
/** Where more of them than this stand in threes and longer, it is no text of Western Europe, whose words have one or two. */
const maxForeignShare = 0.5;

/** How many bytes of a line are beyond ASCII, and how many of those stand in threes and longer. */
const countForeign = (line: Buffer): readonly [all: number, inRuns: number] => {
  let all = 0;
  let inRuns = 0;
  let run = 0;
  for (let at = 0; at <= line.length; at += 1) {
    if ((line[at] ?? 0) >= 0x80) {
      run += 1;
      continue;
    }
    all += run;
    if (run >= 3) inRuns += run;
    run = 0;
  }
  return [all, inRuns];
};

/** UTF-16 by its mark, or by the zero bytes that it has for most characters. */
const findUtf16 = (head: Buffer): 'utf-16le' | 'utf-16be' | undefined => {
  const start = head.subarray(0, 64 * 1024);
  if (start[0] === 0xff && start[1] === 0xfe) {
    if (start[2] === 0 && start[3] === 0)
      throw new FileProblem('It is in UTF-32. Convert it: iconv -f UTF-32 -t UTF-8.');
    return 'utf-16le';
  }
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(start.length / 2);
  if (pairs < 4) return undefined;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (start[at] === 0) even += 1;
    if (start[at + 1] === 0) odd += 1;
  }
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  return even > pairs * 0.4 && odd < pairs * 0.05 ? 'utf-16be' : undefined;
};

/** A file whose lines end in carriage returns alone is one line here. */
const maxLineBytes = 256 * 1024 * 1024;

/** Cuts bytes into lines, each with its end. */
export async function* byteLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    begun.push(chunk);
    length += chunk.length;
    if (length > maxLineBytes)
      throw new FileProblem(
        `It has more than ${maxLineBytes / 1024 ** 2} MiB without the end of a line. It is no CSV, or it is damaged: look at it, and copy it again.`,
      );
    if (!chunk.includes(lineFeed)) continue;
    const text = begun.length === 1 ? chunk : Buffer.concat(begun);
    let from = 0;
    for (let end = text.indexOf(lineFeed); end !== -1; end = text.indexOf(lineFeed, from)) {
      yield text.subarray(from, end + 1);
      from = end + 1;
    }
    begun = from === text.length ? [] : [text.subarray(from)];
    length = text.length - from;
  }
  if (length > 0) yield Buffer.concat(begun);
}

const isEndMark = (line: Buffer): boolean => line[0] === 0x1a && line.toString('latin1').trim() === '\u001A';

/** Reads a file's bytes to their end to tell what they are. Fails with a FileProblem where nothing fits. */
export const findEncoding = async (head: Buffer, chunks: AsyncIterable<Buffer>): Promise<FoundEncoding> => {
  const wide = findUtf16(head);
  if (wide) {
    const title = wide === 'utf-16le' ? 'UTF-16 (little-endian)' : 'UTF-16 (big-endian)';
    return { encoding: wide, title, other_lines: 0, first_other_line: 0, marked: { count: 0, first: 0 } };
  }
  let number = 0;
  let utf8Lines = 0;
  let otherLines = 0;
  let firstOther = 0;
  let hasControls = false;
  let foreign = 0;
  let foreignInRuns = 0;
  const marked: Lines = { count: 0, first: 0 };
  for await (const line of byteLines(chunks)) {
    number += 1;
    if (hasMarks(line) && !isEndMark(line)) {
      marked.count += 1;
      marked.first ||= number;
    }
    if (isAscii(line)) continue;
    if (isUtf8(line)) {
      utf8Lines += 1;
      continue;
    }
    otherLines += 1;
    firstOther ||= number;
    const [all, inRuns] = countForeign(line);
    foreign += all;
    foreignInRuns += inRuns;
    for (const byte of line) {
      if (undefinedBytes.has(byte)) {
        if (head.includes(0))
          throw new FileProblem(
            'It is a binary file, no text: it holds zero bytes, and bytes that stand for no character. Look at what wrote it, or remove it.',
          );
        throw new FileProblem(
          `It is neither in UTF-8 nor in Windows-1252: line ${number} holds the byte 0x${byte.toString(16)}. Convert it to UTF-8, as by iconv -f <its encoding> -t UTF-8.`,
        );
      }
      if (byte >= 0x80 && byte < 0xa0) hasControls = true;
    }
  }
  if (otherLines === 0) return { encoding: 'utf-8', title: 'UTF-8', other_lines: 0, first_other_line: 0, marked };
  if (foreign >= minForeign && foreignInRuns > foreign * maxForeignShare)
    throw new FileProblem(
      `It is neither in UTF-8 nor in an encoding of Western Europe, but perhaps in Windows-1251, Shift JIS, GBK or another one: line ${firstOther} is the first that shows it. Convert it to UTF-8, as by iconv -f <its encoding> -t UTF-8.`,
    );
  // A line of Latin-1 that happens to be UTF-8 is rarer than one in a hundred.
  const mixed = utf8Lines > otherLines / 100;
  return {
    encoding: mixed ? 'mixed' : 'windows-1252',
    title: hasControls ? 'Windows-1252' : 'Latin-1 (ISO 8859-1)',
    other_lines: otherLines,
    first_other_line: firstOther,
    marked,
  };
};
