import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableNote } from '../../../../../../src/contracts/schema.ts';
import { quoteName, quoteText } from '../../../../../../src/domain/sql-name.ts';
import { quotePath } from '../../quote-path.ts';
import type { FoundFile } from '../file-loader.ts';
import { countLines } from './count-lines.ts';
import { type CsvPlan, nameColumns } from './csv-plan.ts';
import { type ColumnForm, decideForms } from './decide-forms.ts';
import { repeatsNames } from './repeated-names.ts';
import { hasForm, strictValue } from './text-form.ts';
import { createTextTable, isNoNumber, textColumns } from './text-table.ts';
import { formNotes, typedColumns } from './type-columns.ts';
import { valueKind } from './value-kind.ts';

/** Rows of the beginning that types are first decided by. */
const sampledRows = 2_000;

/** DuckDB takes longer to prepare the statement of more columns than our own parser takes for most files. */
const maxDirectColumns = 200;

/** Whether a file is, as far as its beginning tells, one that DuckDB reads as our own parser does. */
export const isRegular = ({ dialect, layout, rows, literal_quotes }: CsvPlan): boolean =>
  dialect.delimiter !== '' &&
  dialect.delimiter !== ' ' &&
  dialect.quote === '"' &&
  dialect.escape === 'doubled' &&
  dialect.line_end === 'lf' &&
  literal_quotes === 0 &&
  layout.first_line === 1 &&
  layout.width > 1 &&
  layout.width <= maxDirectColumns &&
  (layout.names === undefined ||
    (layout.names.length === layout.width &&
      layout.names.every((name) => name.trim() !== '' && !name.includes('\n')))) &&
  rows.every(({ fields }) => fields.length === layout.width) &&
  rows.length > 0 &&
  !rows.some((record) => repeatsNames(record, layout.names)) &&
  // A delimiter at the end of each line is not the beginning of a column.
  (layout.names !== undefined || rows.some(({ fields }) => fields.at(-1) !== ''));

const readerSql = ({ path, packing }: FoundFile, { dialect, layout }: CsvPlan): string => {
  const columns = textColumns(layout.width).map((column) => `${column}: 'VARCHAR'`);
  const options = [
    'auto_detect = false',
    'strict_mode = true',
    `compression = ${quoteText(packing ?? 'none')}`,
    `delim = ${quoteText(dialect.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `header = false`,
    `skip = ${layout.names ? 1 : 0}`,
    `columns = {${columns.join(', ')}}`,
  ];
  return `read_csv(${quotePath(path)}, ${options.join(', ')})`;
};

const sampleForms = async (
  connection: DuckDBConnection,
  { rows, layout }: CsvPlan,
): Promise<{ readonly forms: readonly ColumnForm[]; readonly unseen: readonly boolean[] }> => {
  const texts = await createTextTable(connection, layout.width);
  try {
    for (const { fields } of rows.slice(0, sampledRows)) texts.add(fields);
    texts.end();
    return {
      forms: await decideForms(connection, texts.name, texts.columns, texts.firstValues),
      unseen: texts.firstValues.map((value) => value === undefined || isNoNumber(value)),
    };
  } finally {
    await texts.drop();
  }
};

const one = async (connection: DuckDBConnection, sql: string): Promise<readonly unknown[]> =>
  (await connection.runAndReadAll(sql)).getRowsJS()[0] ?? [];

/** Columns of which the beginning held no value, or none that decides: all of it has to hold none. */
const doubtSql = (columns: readonly string[], forms: readonly ColumnForm[], unseen: readonly boolean[]): string => {
  const doubts = columns.flatMap((column, index) => {
    if (unseen[index]) return [`count(${column}) > 0`];
    const undecided = forms[index]?.undecided?.filter((form) => form !== undefined) ?? [];
    return undecided.map(
      (form) => `NOT coalesce(bool_and(${column} IS NULL OR coalesce(${hasForm(column, form)}, false)), true)`,
    );
  });
  return doubts.length === 0 ? 'false' : doubts.join(' OR ');
};

/** Whether a row repeats the names. In a column that has a type it would have failed the reading. */
const repeatedSql = (
  columns: readonly string[],
  { names }: CsvPlan['layout'],
  forms: readonly ColumnForm[],
): readonly string[] =>
  names === undefined || forms.some(({ form }, index) => form !== undefined && valueKind(names[index] ?? '') === 'text')
    ? []
    : [
        `coalesce(bool_or(${columns.map((column, index) => `CAST(${column} AS VARCHAR) = ${quoteText(names[index] ?? '')}`).join(' AND ')}), false)`,
      ];

const countLineEndsSql = (columns: readonly string[]): string =>
  columns.length === 0
    ? '0'
    : columns
        .map((column) => `coalesce(sum(length(${column}) - length(replace(${column}, chr(10), ''))), 0)`)
        .join(' + ');

/**
 * Lets DuckDB read a regular file by the plan, and holds what it read against the file: each line is a row, the line of
 * names or part of a quoted value, and each value writes back to its text. Undefined, and no table,
 * where anything does not agree: then our own parser tells.
 */
export const loadDirectly = async (
  connection: DuckDBConnection,
  file: FoundFile,
  plan: CsvPlan,
  copied: boolean,
): Promise<{ readonly notes: readonly TableNote[] } | undefined> => {
  const { layout } = plan;
  const counting = countLines(file);
  // It is awaited below, or not at all.
  counting.catch(() => undefined);
  const { forms, unseen } = await sampleForms(connection, plan);
  const texts = textColumns(layout.width);
  const { columns, notes } = nameColumns(layout, layout.width);
  const table = quoteName(file.table);
  const names = columns.map(quoteName);
  const plain = names.filter((_, index) => forms[index]?.form === undefined);
  const strict = texts.map((text, index) => {
    const form = forms[index]?.form;
    return `${form ? strictValue(text, form) : text} AS ${names[index] ?? text}`;
  });
  const source = readerSql(file, plan);
  let kind: 'TABLE' | 'VIEW' = 'TABLE';
  try {
    const checked = copied ? table : `(SELECT ${strict.join(', ')} FROM ${source})`;
    if (copied) await connection.run(`CREATE TABLE ${table} AS SELECT ${strict.join(', ')} FROM ${source}`);
    const typed = copied
      ? []
      : names.filter((_, index) => forms[index]?.form !== undefined).map((name) => `count(${name})`);
    const doubts = [doubtSql(names, forms, unseen), ...repeatedSql(names, layout, forms)];
    const [rows, doubtful] = await one(
      connection,
      `SELECT ${[`count(*)::DOUBLE`, doubts.map((doubt) => `(${doubt})`).join(' OR '), ...typed].join(', ')} FROM ${checked}`,
    );
    const lines = await counting;
    const held = lines.line_feeds - lines.empty_at_end + (lines.ends_in_line ? 1 : 0) - (layout.names ? 1 : 0);
    const even = lines.bare_returns === 0 && (lines.returns === 0 || lines.returns === lines.line_feeds);
    let missing = held - Number(rows);
    if (missing > 0 && plain.length > 0 && even && doubtful === false) {
      const [within] = await one(connection, `SELECT (${countLineEndsSql(plain)})::DOUBLE FROM ${checked}`);
      missing -= Number(within);
    }
    if (missing === 0 && even && !lines.has_marks && doubtful === false && lines.empty_at_end === 0) {
      if (!copied) {
        kind = 'VIEW';
        await connection.run(
          `CREATE VIEW ${table} AS SELECT ${typedColumns(texts, columns, forms).join(', ')} FROM ${source}`,
        );
      }
      return { notes: [...notes, ...formNotes(columns, forms)] };
    }
  } catch {
    // What is wrong with the file, our own parser says.
  }
  await connection.run(`DROP ${kind} IF EXISTS ${table}`);
  return undefined;
};
