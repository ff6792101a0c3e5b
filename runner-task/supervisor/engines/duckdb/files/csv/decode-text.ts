import { isUtf8 } from 'node:buffer';
import { FileProblem } from '../file-loader.ts';
import { byteLines, type TextEncoding } from './find-encoding.ts';

/** The characters of Windows-1252 from 0x80 on that are not those of Latin-1. */
const special = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

const windows1252 = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replaceAll(/[\u0080-\u009F]/g, (control) => special[control.charCodeAt(0) - 0x80] ?? control);

/** The text of bytes that come in pieces. A byte order mark at the beginning is no part of it. */
export async function* decodeText(chunks: AsyncIterable<Buffer>, encoding: TextEncoding): AsyncGenerator<string> {
  if (encoding === 'windows-1252') {
    for await (const chunk of chunks) yield windows1252(chunk);
    return;
  }
  if (encoding === 'mixed') {
    let first = true;
    for await (const line of byteLines(chunks)) {
      const text = isUtf8(line) ? line.toString('utf8') : windows1252(line);
      yield first ? text.replace(/^\uFEFF/, '') : text;
      first = false;
    }
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new FileProblem(
      `It begins as ${encoding.toUpperCase()} and does not go on so. It is damaged, or put together of files in several encodings: convert them to UTF-8.`,
      { cause: error },
    );
  }
}

/** The text of a file's first bytes. A character that is cut off at their end is left out. */
export const decodeHead = async (head: Buffer, whole: boolean, encoding: TextEncoding): Promise<string> => {
  let text = '';
  const once = async function* (): AsyncGenerator<Buffer> {
    yield head;
  };
  if (whole) {
    for await (const piece of decodeText(once(), encoding)) text += piece;
    return text;
  }
  if (encoding === 'windows-1252' || encoding === 'mixed') {
    for await (const piece of decodeText(once(), encoding)) text += piece;
    return text;
  }
  return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true });
};
