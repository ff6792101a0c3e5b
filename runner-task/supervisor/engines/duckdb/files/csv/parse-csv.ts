import { FileProblem } from '../file-loader.ts';
import type { CsvDialect } from './csv-dialect.ts';

/** One record of a CSV file: a line, or several where a quoted field goes on over their ends. */
export type CsvRecord = {
  readonly fields: readonly string[];
  /** The line that it begins on, from 1. */
  readonly line: number;
  /** A line that holds nothing, not even quotes or blanks. */
  readonly empty: boolean;
  /** Whether its first field stands in quotes. */
  readonly quoted: boolean;
};

/** What a parser found that no CSV should have. */
export type CsvFlaws = {
  literal_quotes: number;
  first_literal_quote: number;
  /** Lines that end in CR CR LF, as where a line end was written as text twice. */
  double_returns: number;
};

/** A field that is in quotes for longer than this is none: its first quote belongs to the text. */
const maxQuotedLength = 16 * 1024 * 1024;
/** A record that is longer than this is none. */
const maxRecordLength = 64 * 1024 * 1024;
/** A record that is not whole after so much of it is looked at again when there is twice as much. */
const minLongRecord = 256 * 1024;

const lineFeed = 10;
const carriageReturn = 13;
const space = 32;

type Quoted =
  | { readonly is: 'closed'; readonly value: string; readonly next: number }
  | { readonly is: 'literal' | 'incomplete' };

/**
 * Parses CSV text that comes in pieces. A quote opens a quoted field only at the field's beginning (after blanks) and
 * only where another one closes it right before a delimiter or the line's end; every other quote is a character like
 * any other, so that a lone one never swallows the lines after it.
 */
export const createCsvParser = (
  { delimiter, quote, escape, line_end }: CsvDialect,
  visit: (record: CsvRecord) => void,
): { readonly feed: (text: string) => void; readonly end: () => void; readonly flaws: Readonly<CsvFlaws> } => {
  const delimiterCode = delimiter === '' ? -1 : delimiter.charCodeAt(0);
  const quoteCode = quote.charCodeAt(0);
  const skipsBlanks = delimiter !== ' ';
  const flaws: CsvFlaws = { literal_quotes: 0, first_literal_quote: 0, double_returns: 0 };
  let rest = '';
  let nextLook = 0;
  let line = 1;

  const pastBlanks = (text: string, from: number): number => {
    let at = from;
    if (skipsBlanks) while (text.charCodeAt(at) === space) at += 1;
    return at;
  };

  /** The length of a line's end at a place: 0 where there is none, -1 where the next piece tells. */
  const endAt = (text: string, at: number, final: boolean): number => {
    const code = text.charCodeAt(at);
    if (code === lineFeed) return line_end === 'cr' ? 0 : 1;
    if (code !== carriageReturn) return 0;
    if (line_end === 'cr') return 1;
    const next = text.charCodeAt(at + 1);
    if (next === lineFeed) return 2;
    if (!final && (at + 1 >= text.length || (next === carriageReturn && at + 2 >= text.length))) return -1;
    if (next === carriageReturn && text.charCodeAt(at + 2) === lineFeed) return 3;
    return line_end === 'any' || at + 1 >= text.length ? 1 : 0;
  };

  const unescape = (text: string): string =>
    escape === 'doubled'
      ? text.replaceAll(quote + quote, quote)
      : text.replaceAll(/\\(.)/gs, (whole, next: string) => (next === quote || next === '\\' ? next : whole));

  const isEscaped = (text: string, open: number, at: number): boolean => {
    let backslashes = 0;
    while (at - 1 - backslashes > open && text[at - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  };

  const readQuoted = (text: string, open: number, final: boolean): Quoted => {
    for (let from = open + 1; ;) {
      const at = text.indexOf(quote, from);
      if (at === -1 || at - open > maxQuotedLength) {
        return { is: final || text.length - open > maxQuotedLength ? 'literal' : 'incomplete' };
      }
      if (escape === 'backslash' && isEscaped(text, open, at)) {
        from = at + 1;
        continue;
      }
      if (at + 1 >= text.length && !final) return { is: 'incomplete' };
      if (escape === 'doubled' && text.charCodeAt(at + 1) === quoteCode) {
        from = at + 2;
        continue;
      }
      const next = pastBlanks(text, at + 1);
      if (next >= text.length && !final) return { is: 'incomplete' };
      const closes = next >= text.length || text.charCodeAt(next) === delimiterCode ? 1 : endAt(text, next, final);
      if (closes === -1) return { is: 'incomplete' };
      return closes > 0 ? { is: 'closed', value: unescape(text.slice(open + 1, at)), next } : { is: 'literal' };
    }
  };

  const countLineEnds = (text: string, from: number, to: number): number => {
    if (line_end === 'any') return text.slice(from, to).match(/\r\n|\r|\n/g)?.length ?? 0;
    let count = 0;
    const end = line_end === 'lf' ? '\n' : '\r';
    for (let at = text.indexOf(end, from); at !== -1 && at < to; at = text.indexOf(end, at + 1)) count += 1;
    return count;
  };

  /** Parses all whole records and answers where the first that is not whole begins. */
  const parse = (text: string, final: boolean): number => {
    const { length } = text;
    let start = 0;
    while (start < length) {
      const fields: string[] = [];
      let at = start;
      let lines = 1;
      let isQuoted = false;
      for (;;) {
        const open = pastBlanks(text, at);
        if (text.charCodeAt(open) === quoteCode) {
          const quoted = readQuoted(text, open, final);
          if (quoted.is === 'incomplete') return start;
          if (quoted.is === 'closed') {
            isQuoted ||= fields.length === 0;
            fields.push(quoted.value);
            lines += countLineEnds(text, open, quoted.next);
            at = quoted.next;
            if (text.charCodeAt(at) === delimiterCode) {
              at += 1;
              continue;
            }
            break;
          }
          flaws.literal_quotes += 1;
          flaws.first_literal_quote ||= line;
        }
        let to = at;
        let code = text.charCodeAt(to);
        let stop = 0;
        while (to < length && code !== delimiterCode) {
          if (code === lineFeed || code === carriageReturn) {
            stop = endAt(text, to, final);
            if (stop === -1) return start;
            if (stop > 0) break;
          }
          to += 1;
          code = text.charCodeAt(to);
        }
        if (to >= length && !final) return start;
        fields.push(text.slice(at, to));
        at = to;
        if (to < length && stop === 0) {
          at += 1;
          continue;
        }
        break;
      }
      const ends = at >= length ? 0 : endAt(text, at, final);
      if (ends === -1) return start;
      if (ends === 3) flaws.double_returns += 1;
      visit({ fields, line, empty: at === start, quoted: isQuoted });
      line += lines;
      start = at + ends;
    }
    return length;
  };

  return {
    flaws,
    feed(text) {
      rest = rest === '' ? text : rest + text;
      if (rest.length < nextLook) return;
      rest = rest.slice(parse(rest, false));
      if (rest.length > maxRecordLength)
        throw new FileProblem(
          `Line ${line} has more than ${maxRecordLength / 1024 ** 2} Mi characters, which is not read. It is no CSV, or it is damaged: look at it, and copy it again.`,
        );
      nextLook = rest.length < minLongRecord ? 0 : rest.length * 2;
    },
    end() {
      parse(rest, true);
      rest = '';
    },
  };
};

/** The records of a text that is there whole, or of its beginning, whose last record may be cut off and is left out. */
export const parseCsvText = (
  text: string,
  dialect: CsvDialect,
  whole: boolean,
): { readonly records: readonly CsvRecord[]; readonly literal_quotes: number } => {
  const records: CsvRecord[] = [];
  const parser = createCsvParser(dialect, (record) => records.push(record));
  parser.feed(text);
  if (whole) parser.end();
  return { records, literal_quotes: parser.flaws.literal_quotes };
};
