import fc from 'fast-check';

/** A table as it is before it is written: null where a row has no value. */
export type KnownTable = {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
};

/** How it is written. */
export type Writing = {
  readonly delimiter: string;
  readonly quotes: 'needed' | 'texts' | 'all';
  readonly line_end: '\n' | '\r\n' | '\r' | 'mixed' | 'all';
  readonly ends_with_line_end: boolean;
  readonly encoding: 'utf8' | 'utf8-bom' | 'utf16le' | 'utf16be' | 'latin1' | 'cp1252';
  readonly header: boolean;
  /** Whether the names stand again in the middle, as where files were put together. */
  readonly names_again: boolean;
  readonly above: readonly string[];
  readonly empty_line_below_above: boolean;
  readonly below: readonly string[];
  readonly empty_line_above_below: boolean;
  readonly delimiter_at_end: boolean;
  /** Whether fields without a value at the end of a row are left out. */
  readonly short_rows: boolean;
  /** The rows are written again until the file has about so many bytes. */
  readonly bytes: number;
};

export type GeneratedCsv = { readonly table: KnownTable; readonly writing: Writing };

const letters = fc.constantFrom(
  ...Array.from('abcdefghijklmnopqrstuvwxyzABCNOZ0123456789'),
  ...Array.from('äéßñøÅ -_.'),
);
const odd = fc.constantFrom('"', '""', ',', ';', '\t', '|', '\n', "'", '#', '\\', ' ', ', ', ': ', '%', '(x)', '\r\n');
const word = fc
  .string({ unit: letters, minLength: 1, maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => text !== '');

const text = fc.oneof(
  { weight: 6, arbitrary: word },
  { weight: 1, arbitrary: fc.tuple(word, odd, word).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(odd, word).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.tuple(word, odd).map((parts) => parts.join('')) },
);

const padded = (number: number, length: number): string => String(number).padStart(length, '0');
const day = fc.record({
  y: fc.integer({ min: 1950, max: 2035 }),
  m: fc.integer({ min: 1, max: 12 }),
  d: fc.integer({ min: 1, max: 28 }),
});

/** Values of a column, by what people keep in one. */
const kinds: readonly fc.Arbitrary<string>[] = [
  text,
  text,
  fc.integer().map(String),
  fc.integer({ min: 0, max: 9 }).map(String),
  fc.integer({ min: 0, max: 99_999 }).map((number) => padded(number, 5)),
  fc.bigInt({ min: 10n ** 19n, max: 10n ** 20n }).map(String),
  fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2)),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  fc.constantFrom('1.1', '1.10', '1.2', '2', '1E5', '1e5', '+5', '-0'),
  fc.constantFrom('T', 'F'),
  fc.constantFrom('true', 'false'),
  fc.constantFrom('TRUE', 'False', 'yes', 'no'),
  fc.constantFrom('NA', 'null', 'NaN', 'inf', '-', 'NO', 'SE'),
  day.map(({ y, m, d }) => `${y}-${padded(m, 2)}-${padded(d, 2)}`),
  day.map(({ y, m, d }) => `${padded(d, 2)}/${padded(m, 2)}/${y}`),
  day.map(({ y, m, d }) => `${padded(m, 2)}/${padded(d, 2)}/${y}`),
  day.map(({ y, m, d }) => `${d}.${m}.${y}`),
  day.map(({ y, m, d }) => `${y}-${padded(m, 2)}-${padded(d, 2)} ${padded(d % 24, 2)}:${padded(m, 2)}:00`),
  day.map(({ y, m, d }) => `${y}-${padded(m, 2)}-${padded(d, 2)}T${padded(d % 24, 2)}:${padded(m, 2)}:00Z`),
  fc.integer({ min: -99_999, max: 99_999 }).map((cents) => (cents / 100).toFixed(2).replace('.', ',')),
  fc.integer({ min: 1_000, max: 999_999 }).map((number) => number.toLocaleString('en')),
];

const name = fc
  .tuple(
    fc.constantFrom('id', 'name', 'City', 'total amount', 'größe', 'x1', 'when', 'Team', 'state', 'note'),
    fc.nat({ max: 99 }),
  )
  .map(([stem, number]) => `${stem} ${number}`);

const table: fc.Arbitrary<KnownTable> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 6, selector: (each) => each.toLowerCase() }),
    gaps: fc.boolean(),
  })
  .chain(({ names, gaps }) =>
    fc
      .tuple(...names.map(() => fc.constantFrom(...kinds)))
      .chain((columns) =>
        fc.array(fc.tuple(...columns.map((values) => fc.option(values, { freq: gaps ? 4 : 1_000_000 }))), {
          minLength: 1,
          maxLength: 40,
        }),
      )
      .map((rows) => ({ names, rows })),
  );

const rarely = (chance: number): fc.Arbitrary<boolean> =>
  fc.oneof({ weight: chance, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const mostly = <T>(value: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 3, arbitrary: fc.constantFrom(...others) });
const none: readonly string[] = [];

const kilobyte = 1024;
/** Around what decides: 256 KiB a beginning, 1 MiB which of two readers, 2 MiB what was a limit before. */
const thresholds = [256 * kilobyte, 1024 * kilobyte, 2048 * kilobyte].flatMap((bytes) => [bytes - 200, bytes + 200]);

const writing: fc.Arbitrary<Writing> = fc.record({
  delimiter: mostly(',', ';', '\t', '|'),
  quotes: mostly('needed' as const, 'texts', 'all'),
  line_end: mostly<Writing['line_end']>('\n', '\r\n', '\r', 'mixed', 'all'),
  ends_with_line_end: rarely(4).map((without) => !without),
  encoding: mostly<Writing['encoding']>('utf8', 'utf8-bom', 'utf16le', 'utf16be', 'latin1', 'cp1252'),
  header: rarely(4).map((without) => !without),
  names_again: rarely(9),
  above: mostly(
    none,
    ['Report of the month'],
    ['# made by a tool', '# on a Monday'],
    ['Source: Office of Things', '', 'Updated 2024'],
  ),
  empty_line_below_above: fc.boolean(),
  below: mostly(none, ['(end)'], ['Total rows: 40', 'Printed by the office'], ['# end of file']),
  empty_line_above_below: fc.boolean(),
  delimiter_at_end: rarely(9),
  short_rows: rarely(6),
  bytes: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(...thresholds) }),
});

/** Tables and ways of writing them. */
export const generatedCsv: fc.Arbitrary<GeneratedCsv> = fc
  .record({ table, writing })
  .map(({ table: known, writing: way }) => {
    if (way.bytes === 0) return { table: known, writing: way };
    const size = known.rows.reduce(
      (sum, row) => sum + row.reduce((all, value) => all + (value?.length ?? 0) + 1, 1),
      0,
    );
    const times = Math.ceil(way.bytes / size);
    return { table: { ...known, rows: Array.from({ length: times }, () => known.rows).flat() }, writing: way };
  });

const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);

const field = (value: string | null, { delimiter, quotes }: Writing): string => {
  if (value === null) return '';
  const needed = /["\r\n]/.test(value) || value.includes(delimiter) || /^\s|\s$|^'/.test(value);
  return needed || quotes === 'all' || (quotes === 'texts' && !isNumber(value))
    ? `"${value.replaceAll('"', '""')}"`
    : value;
};

const bytesOf = (content: string, encoding: Writing['encoding']): Buffer => {
  switch (encoding) {
    case 'utf8':
      return Buffer.from(content, 'utf8');
    case 'utf8-bom':
      return Buffer.from(`\uFEFF${content}`, 'utf8');
    case 'utf16le':
      return Buffer.from(`\uFEFF${content}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`\uFEFF${content}`, 'utf16le').swap16();
    case 'latin1':
      return Buffer.from(content, 'latin1');
    case 'cp1252':
      return Buffer.from(content.replaceAll('ß', '\u0080'), 'latin1');
  }
};

/** Whether the names stand in a file again. In one column they are a value like any other. */
export const repeatsNames = ({ table: known, writing: way }: GeneratedCsv): boolean =>
  way.names_again && way.header && known.names.length > 1;

/** The file, and what its readers have to find in it: Windows-1252 has a euro sign where the table had another letter. */
export const writeCsv = ({
  table: known,
  writing: way,
}: GeneratedCsv): { readonly bytes: Buffer; readonly expected: KnownTable } => {
  const line = (values: readonly (string | null)[]): string => {
    let last = values.length;
    if (way.short_rows) while (last > 1 && values[last - 1] === null) last -= 1;
    return (
      values
        .slice(0, last)
        .map((value) => field(value, way))
        .join(way.delimiter) + (way.delimiter_at_end ? way.delimiter : '')
    );
  };
  const middle = known.rows.length >> 1;
  const lines = [
    ...way.above,
    ...(way.above.length > 0 && way.empty_line_below_above ? [''] : []),
    ...(way.header ? [line(known.names)] : []),
    ...known.rows.slice(0, middle).map(line),
    ...(repeatsNames({ table: known, writing: way }) ? [line(known.names)] : []),
    ...known.rows.slice(middle).map(line),
    ...(way.below.length > 0 && way.empty_line_above_below ? [''] : []),
    ...way.below,
  ];
  const ends = (index: number): string => {
    if (way.line_end === 'mixed') return index % 3 === 0 ? '\r\n' : '\n';
    return way.line_end === 'all' ? (['\r\n', '\n', '\r'][index % 3] ?? '\n') : way.line_end;
  };
  const content = lines
    .map((each, index) => each + (index < lines.length - 1 || way.ends_with_line_end ? ends(index) : ''))
    .join('');
  // An empty last line without an end is none.
  const isUnseen = !way.ends_with_line_end && lines.length > 1 && lines.at(-1) === '';
  const written = isUnseen ? known.rows.slice(0, -1) : known.rows;
  const asRead = (value: string): string => (way.encoding === 'cp1252' ? value.replaceAll('ß', '€') : value);
  return {
    bytes: bytesOf(content, way.encoding),
    expected: {
      names: known.names.map(asRead),
      rows: written.map((row) => row.map((value) => (value === null || value === '' ? null : asRead(value)))),
    },
  };
};
