import { lookUp } from '../../../../src/contracts/look-up.ts';
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What Node calls the encodings of servers, where the names differ by more than case and signs. */
const labels: Readonly<Record<string, string>> = {
  EUC_CN: 'gbk',
  KOI8R: 'koi8-r',
  KOI8U: 'koi8-u',
  WIN866: 'ibm866',
  WIN874: 'windows-874',
};

const labelOf = (encoding: string): string => {
  const named = lookUp(labels, encoding);
  if (named !== undefined) return named;
  const [, latin] = /^LATIN(\d+)$/.exec(encoding) ?? [];
  // The parts of ISO 8859 that are called Latin-5 and so on have other numbers.
  const parts: Readonly<Record<string, number>> = { 5: 9, 6: 10, 7: 13, 8: 14, 9: 15, 10: 16 };
  if (latin !== undefined) return `iso-8859-${parts[latin] ?? latin}`;
  return encoding
    .toLowerCase()
    .replace(/^win(?=\d)/, 'windows-')
    .replaceAll('_', '-');
};

const decoderOf = (encoding: string): TextDecoder => {
  try {
    return new TextDecoder(labelOf(encoding));
  } catch {
    // Of one that is not known here, what is not ASCII is shown as signs that stand for what cannot be shown.
    return new TextDecoder('utf-8');
  }
};

/**
 * Reads values that a server sends as its database holds them, without making UTF-8 of them: it would send nothing of a row in
 * which one character has none. What is UTF-8 already, as all of ASCII is, stays.
 */
export const readEncoding = (encoding: string): ((value: Buffer) => Buffer) => {
  const decoder = decoderOf(encoding === 'SQL_ASCII' ? 'WIN1252' : encoding);
  // Two bytes of another encoding may look like UTF-8; SQL_ASCII says nothing of its own.
  const isReadable = encoding === 'SQL_ASCII' || encoding === 'UTF8' ? isUtf8 : isAscii;
  return (value) => (isReadable(value) ? value : Buffer.from(decoder.decode(value)));
};
