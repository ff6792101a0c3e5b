import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FileProblem, type FoundFile } from './file-loader.ts';

/** DuckDB's reader of nested JSON ends its process beyond some ten thousand levels. */
const maxDepth = 500;

/** A double keeps so many digits of any number. */
const keptDigits = 17;

/** What a look at all bytes of a JSON file finds. */
export type JsonScan = {
  readonly hasLongDecimals: boolean;
  /** Whether it begins with a list. */
  readonly isList: boolean;
};

const quote = 0x22;
const backslash = 0x5c;

/**
 * Looks at each byte once. Fails with a FileProblem where a file is nested deeper than can be read, or is not in UTF-8,
 * which is all that JSON is written in.
 */
export const scanJson = async ({
  path,
  packing,
  signal,
}: Pick<FoundFile, 'path' | 'packing' | 'signal'>): Promise<JsonScan> => {
  const source = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  const stream =
    packing === undefined ? source : source.pipe(packing === 'gzip' ? createGunzip() : createZstdDecompress());
  source.on('error', (error) => stream.destroy(error));
  let depth = 0;
  let line = 1;
  let inText = false;
  let escaped = false;
  let digits = 0;
  let hasPoint = false;
  let hasLongDecimals = false;
  let isList: boolean | undefined;
  let isFirst = true;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (
      isFirst &&
      (chunk.includes(0) || (chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff))
    )
      throw new FileProblem('It is not in UTF-8, which JSON is written in: it looks like UTF-16. Write it in UTF-8.');
    isFirst = false;
    for (const byte of chunk) {
      if (byte === 0x0a) line += 1;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quote) inText = false;
        continue;
      }
      if (byte >= 0x30 && byte <= 0x39) {
        digits += 1;
        continue;
      }
      if (byte === 0x2e) {
        hasPoint = true;
        continue;
      }
      if (hasPoint && digits > keptDigits) hasLongDecimals = true;
      digits = 0;
      hasPoint = false;
      if (isList === undefined && byte > 0x20 && byte < 0x80) isList = byte === 0x5b;
      if (byte === quote) inText = true;
      else if (byte === 0x5b || byte === 0x7b) depth += 1;
      else if (byte === 0x5d || byte === 0x7d) depth -= 1;
      if (depth > maxDepth)
        throw new FileProblem(
          `It is nested more than ${maxDepth} levels deep, in line ${line}: that is not read. Write it flatter.`,
        );
    }
  }
  return { hasLongDecimals, isList: isList === true };
};
