/** What a column holds, as far as the figures of its values go. */
export type MeasuredKind = 'number' | 'text' | 'time';

/** The types that the columns of the measured table are declared with. */
export type TypeName = 'whole' | 'small' | 'big' | 'decimal' | 'double' | 'word' | 'text' | 'long' | 'day' | 'moment';

/** A value of the table, whatever the engine: a time as its text. */
export type Value = number | bigint | string | null;

/** A column of the same values in every engine. */
export type MeasuredColumn = {
  readonly name: string;
  readonly type: TypeName;
  readonly kind: MeasuredKind;
  readonly value: (row: number) => Value;
};

/** A number that looks drawn, and is the same in every run. */
const drawn = (row: number, salt: number, below: number): number =>
  Math.floor(((((row + 1) * 7_919 * (salt + 13)) % 104_729) / 104_729) * below);
const unless = <T>(row: number, every: number, value: T): T | null => (row % every === 0 ? null : value);
const momentText = (seconds: number): string => new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ');

/** Texts, and what each looks like. */
export const words: Readonly<Record<string, readonly string[]>> = {
  new: [],
  New: [],
  'new ': ['padded'],
  ' padded': ['padded'],
  größe: [],
  表: [],
  '': ['blank'],
  ' ': ['blank'],
  'ann@example.com': ['email'],
  '+49 30 1234567': ['phone'],
  '12.5': ['number'],
  '4111 1111 1111 1111': ['card'],
  '192.168.0.1': ['ip_address'],
  'fe80::1:2': ['ip_address'],
  '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd': ['uuid'],
  'https://example.com/a?b': ['url'],
  '2024-01-31': ['time'],
  '31.1.2024': ['time'],
  '12:30:00': [],
  "it's": [],
  [String.raw`back\slash`]: [],
};
const wordList = Object.keys(words);

/** The columns that every engine measures alike. */
export const measuredColumns: readonly MeasuredColumn[] = [
  { name: 'id', type: 'whole', kind: 'number', value: (row) => row },
  { name: 'small', type: 'small', kind: 'number', value: (row) => unless(row, 7, drawn(row, 1, 9) - 4) },
  { name: 'big', type: 'big', kind: 'number', value: (row) => BigInt(drawn(row, 2, 90_000)) * 1_000_000_007n },
  { name: 'price', type: 'decimal', kind: 'number', value: (row) => drawn(row, 3, 100_000) / 1_000 },
  {
    name: 'ratio',
    type: 'double',
    kind: 'number',
    value: (row) => unless(row, 11, row % 97 === 0 ? 1e6 : drawn(row, 4, 1_000) / 7),
  },
  { name: 'word', type: 'word', kind: 'text', value: (row) => wordList[drawn(row, 5, wordList.length)] ?? '' },
  { name: 'text', type: 'text', kind: 'text', value: (row) => unless(row, 5, `user${drawn(row, 6, 400)}@example.com`) },
  { name: 'long', type: 'long', kind: 'text', value: (row) => (row % 3) + 'a'.repeat(2_500) },
  { name: 'day', type: 'day', kind: 'time', value: (row) => momentText(drawn(row, 7, 30_000) * 86_400).slice(0, 10) },
  {
    name: 'at',
    type: 'moment',
    kind: 'time',
    value: (row) => unless(row, 4, momentText(1_700_000_000 + drawn(row, 8, 90_000_000))),
  },
  { name: 'nothing', type: 'whole', kind: 'number', value: () => null },
  { name: 'no text', type: 'text', kind: 'text', value: () => null },
  { name: 'no time', type: 'moment', kind: 'time', value: () => null },
  { name: 'constant', type: 'whole', kind: 'number', value: () => 5 },
];

/** How many rows each table of these columns has. */
export const measuredTables = { measured: 2_000, one: 1, no_rows: 0 } as const;

/** The values of a column, row by row. */
export const valuesOf = ({ value }: MeasuredColumn, rows: number): readonly Value[] =>
  Array.from({ length: rows }, (_, row) => value(row));
