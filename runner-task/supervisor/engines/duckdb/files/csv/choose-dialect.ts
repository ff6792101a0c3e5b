import { type CsvDialect, delimiters, plainDelimiters } from './csv-dialect.ts';
import { type CsvRecord, parseCsvText } from './parse-csv.ts';
import { valueKind } from './value-kind.ts';

/** Lines with one field that may stand above or below a table and say nothing about its delimiter. */
const maxMargin = 100;
/** Less than this share of the lines, and a delimiter does not explain the file. */
const minExplained = 0.5;

/** The number of fields that most records have; of two equally frequent ones the greater. */
export const commonWidth = (records: readonly CsvRecord[]): number => {
  const counts = new Map<number, number>();
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  return [...counts].toSorted(([a, n], [b, m]) => m - n || b - a)[0]?.[0] ?? 0;
};

/** The records without those of one field at the ends, where what is left is worth being a table. */
export const withoutMargins = (records: readonly CsvRecord[]): readonly CsvRecord[] => {
  const lines = records.filter(({ empty }) => !empty);
  const first = records.findIndex(({ fields }) => fields.length > 1);
  const last = records.findLastIndex(({ fields }) => fields.length > 1);
  const middle = first === -1 ? [] : records.slice(first, last + 1).filter(({ empty }) => !empty);
  const margin = lines.length - middle.length;
  const apart = records[first - 1]?.empty ?? false;
  return margin <= maxMargin && middle.length > 1 && (apart || middle.length * 4 >= lines.length) ? middle : lines;
};

/** The share of records that have one width, or no more fields than the first one, which names them. */
const explainedShare = (records: readonly CsvRecord[]): number => {
  const common = commonWidth(records);
  if (common < 2) return 0;
  const width = records[0]?.fields.length ?? 0;
  const share = (holds: (width: number) => boolean): number =>
    records.filter(({ fields }) => holds(fields.length)).length / records.length;
  const named = width > 1 && share((n) => n === width) >= 0.2 ? share((n) => n > 1 && n <= width) : 0;
  return Math.max(
    named,
    share((n) => n === common),
  );
};

/** The share of fields that hold no other likely delimiter: a decimal comma is none. */
const cleanShare = (records: readonly CsvRecord[], delimiter: string): number => {
  const others = plainDelimiters.filter((other) => other !== delimiter);
  const fields = records.slice(0, 500).flatMap((record) => record.fields);
  const clean = fields.filter(
    (field) => !others.some((other) => field.includes(other)) || /^-?[\d.]+,\d+$/.test(field.trim()),
  );
  return fields.length === 0 ? 1 : clean.length / fields.length;
};

/** A colon and a blank divide only where every line agrees and columns of numbers show that they do. */
export const isWeak = (delimiter: string): boolean => delimiter === ':' || delimiter === ' ';
const minWeakWidth = 3;
const showsColumns = (records: readonly CsvRecord[]): boolean => {
  const [first, ...rows] = records;
  const names = first?.fields ?? [];
  const numbers = names.filter(
    (name, column) =>
      valueKind(name) === 'text' && rows.every(({ fields }) => valueKind(fields[column] ?? '') === 'number'),
  );
  return (
    rows.length > 1 &&
    names.length >= minWeakWidth &&
    numbers.length > 1 &&
    records.every(({ fields }) => fields.length === names.length && !fields.includes(''))
  );
};

type Quoting = Pick<CsvDialect, 'quote' | 'escape'>;

const quotings = (text: string, delimiter: string): readonly Quoting[] => [
  { quote: '"', escape: 'doubled' },
  ...(text.includes('\\"') ? ([{ quote: '"', escape: 'backslash' }] as const) : []),
  ...(!text.includes('"') && new RegExp(`(^|[\\n\\r${delimiter === '' ? '' : `\\${delimiter}`}])'`).test(text)
    ? ([{ quote: "'", escape: 'doubled' }] as const)
    : []),
];

type Trial = { readonly dialect: CsvDialect; readonly score: number; readonly width: number };

const tryDialect = (text: string, whole: boolean, dialect: CsvDialect): Trial | undefined => {
  const { records, literal_quotes } = parseCsvText(text, dialect, whole);
  // Single quotes are apostrophes wherever one of them does not fit.
  if (dialect.quote === "'" && literal_quotes > 0) return undefined;
  const lines = withoutMargins(records);
  const flawed = 0.2 * Math.min(1, literal_quotes / Math.max(1, records.length));
  const quoted = dialect.quote === "'" ? 0.05 : 0;
  if (dialect.delimiter === '') return { dialect, score: 0 - flawed + quoted, width: 1 };
  if (isWeak(dialect.delimiter) && !showsColumns(records.filter(({ empty }) => !empty))) return undefined;
  const explained = explainedShare(lines);
  if (explained < minExplained) return undefined;
  const score = explained - flawed + quoted + 0.3 * cleanShare(lines, dialect.delimiter);
  return { dialect, score: isWeak(dialect.delimiter) ? score - 1 : score, width: commonWidth(lines) };
};

/** A first line such as `sep=;`, by which spreadsheets are told the delimiter. */
export const declaredDelimiter = (text: string): string | undefined =>
  /^(?:sep|delimiter)=([^\r\n])\r?(?:\n|$)/i.exec(text)?.[1];

/** Old texts have no line feed but within quotes; a few bare returns belong to the values, or end lines like those of other programs. */
const lineEnds = (text: string): readonly CsvDialect['line_end'][] => {
  const bare = text.match(/\r(?!\r?\n)/g)?.length ?? 0;
  if (bare > 3 * (text.match(/\n/g)?.length ?? 0)) return text.includes('\r\n') ? ['any'] : ['cr'];
  return bare > 0 ? ['lf', 'any'] : ['lf'];
};

/**
 * The dialect that explains the beginning of a file best: the one by which most lines have as many fields as the others,
 * or as there are names. One field a line, where none explains half of them.
 */
export const chooseDialect = (text: string, whole: boolean, preferred?: string): CsvDialect => {
  const ends = lineEnds(text);
  const declared = declaredDelimiter(text);
  const present = declared === undefined ? delimiters.filter((delimiter) => text.includes(delimiter)) : [declared];
  const trials = [...present, '']
    .flatMap((delimiter) =>
      quotings(text, delimiter).flatMap((quoting) =>
        ends.map((line_end) => tryDialect(text, whole, { delimiter, ...quoting, line_end })),
      ),
    )
    .filter((trial) => trial !== undefined);
  const bonus = ({ dialect }: Trial): number => (dialect.delimiter === preferred ? 0.1 : 0);
  const [best] = trials.toSorted((a, b) => b.score + bonus(b) - a.score - bonus(a) || b.width - a.width);
  const chosen = best?.dialect ?? { delimiter: '', quote: '"', escape: 'doubled', line_end: ends[0] ?? 'lf' };
  return declared !== undefined ? { ...chosen, delimiter: declared } : chosen;
};
