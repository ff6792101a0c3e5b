import { commonWidth, declaredDelimiter, withoutMargins } from './choose-dialect.ts';
import type { CsvRecord } from './parse-csv.ts';
import { repeatsNames } from './repeated-names.ts';
import { type ValueKind, valueKind } from './value-kind.ts';

/** Where the table of a CSV file begins, and whether a line names its columns. */
export type CsvLayout = {
  /** The line of the names, or of the first row where there are none. */
  readonly first_line: number;
  /** Lines above it that hold something, with what they hold. */
  readonly above: readonly string[];
  readonly names: readonly string[] | undefined;
  /** Whether the file itself shows that the first line holds names, or none; otherwise it is an assumption. */
  readonly sure: boolean;
  /** The fields of most lines. */
  readonly width: number;
  /** Where the first lines begin with `#` and do not belong to the table: what begins so below is a comment, too. */
  readonly comments: boolean;
};

/** Rows that are held against the line that might name their columns. */
const comparedRows = 500;
/** More lines of one width than this are no preamble. */
const maxPreamble = 100;

const minCommonShare = 0.9;

/** More lines that are like the first, where all columns hold texts, and they are rows. */
const maxRepeatedShare = 0.1;

const isYear = (value: string): boolean => /^(1[89]|20)\d\d$/.test(value.trim());

/** Names such as 2019, 2020, 2021: years that rise by one step. */
const areYears = (values: readonly string[]): boolean =>
  values.length > 1 &&
  values.every(isYear) &&
  values.every(
    (year, index) => index < 2 || Number(year) - Number(values[index - 1]) === Number(values[1]) - Number(values[0]),
  ) &&
  Number(values[1]) > Number(values[0]);

/** What nearly all values of a column look like: a footer may stand among them. */
const commonKind = (values: readonly string[]): ValueKind | undefined => {
  const kinds = Map.groupBy(values, valueKind);
  const [kind, same] = [...kinds].toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
  return same && same.length >= values.length * minCommonShare ? kind : undefined;
};

type Evidence = { readonly names: number; readonly row: number };

/** What speaks for a record that names the columns of the rows, and what for one that is a row. */
const weigh = (first: readonly string[], rows: readonly CsvRecord[]): Evidence => {
  let names = 0;
  let row = 0;
  for (const [column, name] of first.entries()) {
    const values = rows.map(({ fields }) => fields[column]?.trim() ?? '').filter((value) => value !== '');
    if (values.length === 0) continue;
    const kind = commonKind(values);
    if (kind !== 'text' && kind !== undefined) {
      const own = valueKind(name);
      // Days above numbers are names, too: a row would have a number there.
      if (own === 'text' || (own === 'time' && kind === 'number')) names += 1;
      else if (own === kind) row += 1;
    } else if (kind === 'text') {
      const distinct = new Set(values);
      if (name.trim() !== '' && distinct.has(name.trim())) row += 1;
      else if (name.trim() !== '' && values.length >= 10 && distinct.size * 3 <= values.length) names += 1;
    }
  }
  return { names, row };
};

const withoutEmptyEnd = (fields: readonly string[]): readonly string[] =>
  fields.slice(0, fields.findLastIndex((field) => field.trim() !== '') + 1);

const areDistinct = (names: readonly string[]): boolean =>
  names.length > 0 && names.every((name) => name.trim() !== '') && new Set(names).size === names.length;

/** Whether a record could name columns by what it holds alone. */
const couldBeNames = (fields: readonly string[]): boolean => {
  const names = withoutEmptyEnd(fields);
  return areDistinct(names) && names.every((name) => valueKind(name) === 'text');
};

/** Whether some column holds something else than texts, which names are. */
const holdsKinds = (rows: readonly CsvRecord[]): boolean =>
  (rows[0]?.fields ?? []).some((_, column) => {
    const values = rows.map(({ fields }) => fields[column]?.trim() ?? '').filter((value) => value !== '');
    const kind = commonKind(values);
    return kind !== undefined && kind !== 'text';
  });

const judgeFirst = (
  first: CsvRecord,
  all: readonly CsvRecord[],
): { readonly named: boolean; readonly sure: boolean } => {
  // The names stand there again where files were put one behind another; where only texts are, a few of them may.
  const others = couldBeNames(first.fields) ? all.filter((record) => !repeatsNames(record, first.fields)) : all;
  const isRepeated = others.length < all.length;
  const rows =
    isRepeated &&
    (all.length - others.length <= all.length * maxRepeatedShare || holdsKinds(others.slice(0, comparedRows)))
      ? others
      : all;
  const names = withoutEmptyEnd(first.fields);
  const years = names.filter((name) => valueKind(name) === 'number');
  const evidence = weigh(first.fields, rows.slice(0, comparedRows));
  if (areYears(years) && areDistinct(names) && !rows.every(({ fields }) => areYears(fields.filter(isYear)))) {
    return { named: true, sure: evidence.names > 0 && evidence.row === years.length };
  }
  if (evidence.names > 0) {
    // A second line that could name the columns as well: the first may be a title, or half of the names.
    const [second, ...below] = rows.slice(0, comparedRows);
    const next = second && couldBeNames(second.fields) ? weigh(second.fields, below) : { names: 0, row: 0 };
    return { named: true, sure: evidence.row === 0 && next.names === 0 };
  }
  if (evidence.row > 0) return { named: false, sure: true };
  return { named: couldBeNames(first.fields), sure: false };
};

/** Whether a record above fits the rows: the same kinds of values, one of them no text. */
const fitsRows = (record: CsvRecord, rows: readonly CsvRecord[]): boolean => {
  const matches = record.fields.map((value, column) => {
    const kind = valueKind(value);
    const others = new Set(rows.slice(0, comparedRows).map(({ fields }) => valueKind(fields[column] ?? '')));
    return kind === 'empty' ? 'unknown' : others.has(kind) ? (kind === 'text' ? 'unknown' : 'yes') : 'no';
  });
  return matches.includes('yes') && !matches.includes('no');
};

/** Most lines above a file of one column, where no number of fields tells them from its rows. */
const maxAboveColumn = 10;

/** In a file of one column: below lines that begin with #, or below empty lines if there are no others. */
const startOfColumn = (records: readonly CsvRecord[]): number => {
  const first = Math.max(
    0,
    records.findIndex(({ empty }) => !empty),
  );
  const lastEmpty = records.findLastIndex(({ empty }, index) => empty && records[index + 1]?.empty === false);
  const start = lastEmpty > 0 && lastEmpty < maxAboveColumn && records.length - lastEmpty > 2 ? lastEmpty + 1 : first;
  const isMarked = (record: CsvRecord | undefined): boolean => record?.fields[0]?.startsWith('#') ?? false;
  if (start > first || !isMarked(records[start])) return start;
  const unmarked = records.findIndex((record, index) => index >= start && !isMarked(record));
  return unmarked === -1 || unmarked > maxAboveColumn || records.slice(unmarked).some(isMarked) ? start : unmarked;
};

const findStart = (records: readonly CsvRecord[], width: number): number => {
  const first = records.findIndex(({ empty }) => !empty);
  const full = records.findIndex(({ fields, empty }) => !empty && fields.length === width);
  if (width < 2) return startOfColumn(records);
  if (full <= first) return Math.max(first, 0);
  let start = full;
  const follows = (index: number): readonly CsvRecord[] => records.slice(index).filter(({ empty }) => !empty);
  const above = (index: number): CsvRecord | undefined => {
    const record = records[index - 1];
    return record && !record.empty && record.fields.length > 1 ? record : undefined;
  };
  // Rows that are shorter or longer than most stand above the first of the common width.
  for (let record = above(start); record && fitsRows(record, follows(full)); record = above(start)) start -= 1;
  const before = above(start);
  const isNamed = (index: number): boolean => {
    const [candidate, ...rows] = follows(index);
    if (!candidate || !couldBeNames(candidate.fields)) return false;
    const evidence = weigh(candidate.fields, rows);
    return evidence.names > 0 && evidence.row === 0;
  };
  if (before && couldBeNames(before.fields) && (start < full || !isNamed(full))) return start - 1;
  // Texts alone tell nothing of kinds: so many lines of one width are rows that were written before the table grew.
  const head = records.slice(first, full);
  const even = head.every(({ fields, empty }) => !empty && fields.length === head[0]?.fields.length);
  if (start === full && even && (head[0]?.fields.length ?? 0) > 1 && head.length > 20) return first;
  return start;
};

/** More lines above a table than this are no titles. */
const maxPadded = 20;

const filled = ({ fields }: CsvRecord): number => fields.filter((field) => field.trim() !== '').length;

/** Whether a line may be a title that a spreadsheet has filled up with delimiters: in half of its fields, if any, there is something. */
const isPadded = (record: CsvRecord): boolean =>
  record.empty ||
  filled(record) === 0 ||
  (filled(record) * 2 <= record.fields.length && (record.fields.length > 2 || record.fields[0]?.trim() !== ''));

/** Below titles that were filled up with delimiters, where a line that names all columns follows. */
const belowPadded = (records: readonly CsvRecord[], start: number): number => {
  const head = records.slice(start, start + maxPadded + 1);
  const next = head.findIndex((record) => !isPadded(record));
  const names = head[next];
  if (next < 1 || names === undefined || names.fields.length < 2) return start;
  if (!couldBeNames(names.fields) || filled(names) < names.fields.length) return start;
  const rows = records.slice(start + next + 1).filter(({ empty }) => !empty);
  const evidence = weigh(names.fields, rows);
  const isTitle = head.slice(0, next).every((record) => filled(record) < 2);
  const isNamed = evidence.row === 0 && (evidence.names > 0 || isTitle);
  return rows.length > 0 && isNamed ? start + next : start;
};

/** Where the table begins among the records of a file's beginning. */
export const findLayout = (records: readonly CsvRecord[], text: string, delimiter: string): CsvLayout => {
  const width = delimiter === '' ? 1 : commonWidth(withoutMargins(records));
  const declared = declaredDelimiter(text) === undefined ? 0 : 1;
  const below = records.slice(declared);
  const start = Math.min(belowPadded(below, findStart(below, width)) + declared, maxPreamble * 10);
  const [first, ...rows] = records.slice(start).filter(({ empty }) => !empty);
  const above = records.slice(0, start).filter(({ empty }) => !empty);
  if (!first) return { first_line: 1, above: [], names: undefined, sure: false, width: 1, comments: false };
  const judged = judgeFirst(first, rows);
  return {
    first_line: first.line,
    above: above.map(({ fields }) =>
      fields.slice(0, fields.findLastIndex((field) => field.trim() !== '') + 1).join(delimiter),
    ),
    names: judged.named ? first.fields : undefined,
    sure: judged.sure,
    width,
    comments: above.some(({ fields }) => fields[0]?.startsWith('#')),
  };
};
