import type { CsvPlan } from './csv-plan.ts';
import { valueKind } from './value-kind.ts';
import { repeatsNames } from './repeated-names.ts';
import { createCsvParser, type CsvFlaws, type CsvRecord } from './parse-csv.ts';

/** Lines of one kind: how many, and the first of them. */
export type Lines = { count: number; first: number };

/** What all records of a file are like, before one is kept. */
export type RecordSurvey = {
  /** Records of the table by their number of fields, empty ones at the end left out beyond the names. */
  readonly widths: ReadonlyMap<number, Lines>;
  readonly records: number;
  readonly comments: Lines;
  /** Lines that look like comments and are read as rows: they have as many fields, or the file does not begin with comments. */
  readonly likely_comments: Lines;
  /** Lines that repeat the names of the columns. */
  readonly repeated: Lines;
  /** Empty lines among the records or after them. */
  readonly empty: Lines;
  /** Empty lines above the table. */
  readonly empty_above: number;
  /** In a file of one column, where no number of fields tells a row from a footer: a last line that looks like one. */
  readonly unlike_last: string | undefined;
  /** The line that what stands below the table begins on. */
  readonly below: { readonly first_line: number; readonly lines: readonly string[] } | undefined;
  readonly flaws: Readonly<CsvFlaws>;
};

/** More lines than this are no footer. */
const maxBelow = 50;
/** Less than this share of the records begin with `#` where that marks comments. */
const maxCommentShare = 0.5;

const note = (lines: Lines, line: number): void => {
  lines.count += 1;
  lines.first ||= line;
};

/** The fields of a record, without empty ones beyond a width. */
export const effectiveWidth = (fields: readonly string[], width: number): number => {
  let length = fields.length;
  while (length > width && fields[length - 1] === '') length -= 1;
  return length;
};

/** A line that holds blanks alone. */
export const isBlank = ({ fields, empty }: CsvRecord): boolean =>
  empty || (fields.length === 1 && fields[0]?.trim() === '' && fields[0] !== '');

/** The end that DOS files have. */
const isEndMark = ({ fields }: CsvRecord): boolean => fields.length === 1 && fields[0] === '\u001A';

/** Records at the end that are no rows: one-field lines, and what stands below the last empty line and does not fit. */
const findBelow = (tail: readonly CsvRecord[], width: number, narrow: number): readonly CsvRecord[] => {
  const filled = tail.filter((record) => !isBlank(record));
  if (width < 2) return filled.filter(isEndMark).slice(-1);
  let start = tail.length;
  for (let empty = tail.length - 1; empty > 0; empty -= 1) {
    const record = tail[empty];
    if (!record || !isBlank(record)) continue;
    const block = tail.slice(empty, start).filter((each) => !isBlank(each));
    if (block.length > 0 && !block.some(({ fields }) => effectiveWidth(fields, width) !== width)) break;
    if (block.length > 0) start = empty;
  }
  let at = start;
  const isNarrow = (index: number): boolean => {
    const record = tail[index];
    return record !== undefined && (isBlank(record) || record.fields.length === 1);
  };
  while (isNarrow(at - 1)) at -= 1;
  // Where rows of one field stand in the middle, too, those at the end are likely to be rows.
  const trailing = tail.slice(at, start).filter((record) => !isBlank(record)).length;
  if (
    trailing > 0 &&
    narrow <= trailing + tail.slice(start).filter(({ fields, empty }) => !empty && fields.length === 1).length
  )
    start = at;
  return tail.slice(start).filter((record) => !isBlank(record));
};

const findUnlikeLast = (tail: readonly CsvRecord[]): string | undefined => {
  const filled = tail.filter(({ empty }) => !empty);
  const quoted = filled.filter((record) => record.quoted).length;
  const end = filled.at(-1);
  // Where texts are in quotes, a text without them was written by another hand.
  if (end && !end.quoted && quoted * 2 >= filled.length && valueKind(end.fields[0] ?? '') === 'text')
    return end.fields[0];
  const values = tail.map(({ fields }) => fields[0] ?? '').filter((value) => value.trim() !== '');
  const [last, ...others] = values.toReversed();
  if (last === undefined || others.length === 0) return undefined;
  const marked = /^[#(]/.test(last) && !others.some((value) => value[0] === last[0]);
  return marked || (valueKind(last) === 'text' && !others.some((value) => valueKind(value) === 'text'))
    ? last
    : undefined;
};

/** Reads all records once, to know what they are before rows are made of them. */
export const surveyRecords = async (pieces: AsyncIterable<string>, plan: CsvPlan): Promise<RecordSurvey> => {
  const { layout, dialect } = plan;
  const width = Math.max(layout.names?.length ?? 0, layout.width);
  const widths = new Map<number, Lines>();
  const comments: Lines = { count: 0, first: 0 };
  const likely: Lines = { count: 0, first: 0 };
  const repeated: Lines = { count: 0, first: 0 };
  const empty: Lines = { count: 0, first: 0 };
  const waiting: number[] = [];
  let hashes = 0;
  let records = 0;
  let narrow = 0;
  let emptyAbove = 0;
  let tail: CsvRecord[] = [];
  const first = layout.names ? layout.first_line + 1 : layout.first_line;
  const parser = createCsvParser(dialect, (record) => {
    if (record.line < first) {
      if (record.empty) emptyAbove += 1;
      return;
    }
    tail.push(record);
    if (tail.length > maxBelow * 4) tail = tail.slice(-maxBelow);
    if (isBlank(record) && layout.width > 1) {
      waiting.push(record.line);
      return;
    }
    for (const line of waiting) note(empty, line);
    waiting.length = 0;
    records += 1;
    if (repeatsNames(record, layout.names)) {
      note(repeated, record.line);
      return;
    }
    if (record.empty) note(empty, record.line);
    const size = effectiveWidth(record.fields, width);
    if (layout.comments && record.fields[0]?.startsWith('#')) {
      hashes += 1;
      note(size === width ? likely : comments, record.line);
      if (size !== width) return;
    } else if (size < width && record.fields[0]?.startsWith('#')) note(likely, record.line);
    if (record.fields.length === 1) narrow += 1;
    const same = widths.get(size) ?? { count: 0, first: 0 };
    note(same, record.line);
    widths.set(size, same);
  });
  for await (const piece of pieces) parser.feed(piece);
  parser.end();
  for (const line of waiting) note(empty, line);
  if (hashes > records * maxCommentShare) {
    // So many are values, not comments.
    comments.count = 0;
    likely.count = 0;
  }
  const below = records > 1 ? findBelow(tail.slice(-maxBelow), width, narrow) : [];
  const [start] = below;
  for (const { fields } of below) {
    const same = widths.get(effectiveWidth(fields, width));
    if (same) same.count -= 1;
  }
  return {
    widths,
    records,
    comments,
    likely_comments: likely,
    repeated,
    empty,
    empty_above: emptyAbove,
    unlike_last: layout.width === 1 ? findUnlikeLast(tail) : undefined,
    below: start && { first_line: start.line, lines: below.map(({ fields }) => fields.join(dialect.delimiter)) },
    flaws: parser.flaws,
  };
};
