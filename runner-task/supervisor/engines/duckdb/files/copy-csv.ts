import type { DuckDBConnection } from '@duckdb/node-api';
import * as z from 'zod';
import { quoteName, quoteText } from '../../../../../src/domain/sql-name.ts';
import { quotePath } from '../quote-path.ts';

/** Rows that a guess looks at: as many as DuckDB does unasked. */
const guessedRows = 20_480;
/** Below this size, looking at all rows first takes no time worth saving. */
const smallBytes = 2 * 1024 * 1024;

const Dialect = z.object({
  Delimiter: z.string(),
  Quote: z.string(),
  Escape: z.string(),
  Comment: z.string(),
  SkipRows: z.number(),
  HasHeader: z.boolean(),
  DateFormat: z.string().nullable(),
  TimestampFormat: z.string().nullable(),
  // In JSON: DuckDB's own list of structs has another form in JavaScript.
  Columns: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.array(z.object({ name: z.string(), type: z.string() }))),
});
type Dialect = z.infer<typeof Dialect>;

const dialectSql = (path: string): string =>
  `SELECT * REPLACE (CAST(SkipRows AS INTEGER) AS SkipRows, CAST(to_json(Columns) AS VARCHAR) AS Columns)
   FROM sniff_csv(${quotePath(path)}, sample_size = ${guessedRows})`;

/** What DuckDB writes for a character that a file does not have. */
const isNone = (character: string): boolean => character === '' || character === '(empty)';

/**
 * How a value is written that only this type has, where DuckDB reads others too, and not as they are: of a late 1.5 in a
 * column of whole numbers it makes 2, of +49 it makes 49, and of a moment in a column of days a day.
 */
const strictForms: Readonly<Record<string, string>> = {
  BIGINT: String.raw`\s*-?\d+\s*`,
  DATE: String.raw`\s*\d{4}-\d\d?-\d\d?\s*`,
};

const strictForm = ({ DateFormat }: Dialect, type: string): string | undefined =>
  // A format of its own is kept to the letter by DuckDB itself.
  type === 'DATE' && !['', '%Y-%m-%d', null].includes(DateFormat) ? undefined : strictForms[type];

const copySql = (dialect: Dialect, path: string): string => {
  const { Delimiter, Quote, Escape, Comment, SkipRows, HasHeader, DateFormat, TimestampFormat, Columns } = dialect;
  const strict = Columns.flatMap(({ name, type }) => {
    const form = strictForm(dialect, type);
    return form === undefined ? [] : [{ column: quoteName(name), type, form: quoteText(form) }];
  });
  const casts = strict.map(
    ({ column, type, form }) =>
      `CASE WHEN regexp_full_match(${column}, ${form}) THEN CAST(${column} AS ${type}) WHEN ${column} IS NOT NULL THEN error('no ${type}') END AS ${column}`,
  );
  const types = Columns.map(
    ({ name, type }) => `${quoteText(name)}: ${quoteText(strictForm(dialect, type) === undefined ? type : 'VARCHAR')}`,
  );
  const options = [
    'auto_detect = false',
    `delim = ${quoteText(Delimiter)}`,
    // The first quote may stand far below.
    `quote = ${quoteText(isNone(Quote) ? '"' : Quote)}`,
    `escape = ${quoteText(isNone(Escape) ? '"' : Escape)}`,
    ...(isNone(Comment) ? [] : [`comment = ${quoteText(Comment)}`]),
    `skip = ${SkipRows}`,
    `header = ${HasHeader}`,
    ...(DateFormat ? [`dateformat = ${quoteText(DateFormat)}`] : []),
    ...(TimestampFormat ? [`timestampformat = ${quoteText(TimestampFormat)}`] : []),
    `columns = {${types.join(', ')}}`,
  ];
  return `SELECT *${casts.length === 0 ? '' : ` REPLACE (${casts.join(', ')})`} FROM read_csv(${quotePath(path)}, ${options.join(', ')})`;
};

/** Texts that may be none: the guess saw no value of the column, or quotes of another kind come later. */
const doubtSql = (table: string, { Quote, Columns }: Dialect): string => {
  const texts = Columns.filter(({ type }) => type === 'VARCHAR').map(({ name }) => quoteName(name));
  const doubts = texts.flatMap((text) => [
    `(count(${text}) > 0 AND (SELECT count(${text}) FROM (FROM ${table} LIMIT ${guessedRows})) = 0)`,
    ...(isNone(Quote) ? [`count_if(starts_with(${text}, '''')) > 0`] : []),
  ]);
  return `SELECT ${['false', ...doubts].join(' OR ')} AS doubtful FROM ${table}`;
};

/**
 * Copies a large CSV file by what its first rows look like, without the look at all rows that DuckDB takes on one
 * thread: 0.9 s in the place of 3.1 s for a million rows of ten columns. False, and no table, where a
 * later row casts doubt on the guess: then only a look at all rows tells.
 */
export const copyCsv = async (
  connection: DuckDBConnection,
  { table, path, bytes }: { readonly table: string; readonly path: string; readonly bytes: number },
): Promise<boolean> => {
  if (bytes < smallBytes) return false;
  const name = quoteName(table);
  try {
    const [row] = (await connection.runAndReadAll(dialectSql(path))).getRowObjectsJS();
    const dialect = Dialect.parse(row);
    if (!isNone(dialect.Quote) && dialect.Quote !== '"') return false;
    await connection.run(`CREATE TABLE ${name} AS ${copySql(dialect, path)}`);
    const [doubt] = (await connection.runAndReadAll(doubtSql(name, dialect))).getRowsJS();
    if (doubt?.[0] === false) return true;
  } catch {
    // What is wrong with the file, the look at all rows says.
  }
  await connection.run(`DROP TABLE IF EXISTS ${name}`);
  return false;
};
