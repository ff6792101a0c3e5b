import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
} from '@duckdb/node-api';
import type { TableNote } from '../../../../../src/contracts/schema.ts';
import { dataFileStem } from '../../../../../src/domain/engines/duckdb/data-file.ts';
import { quoteName } from '../../../../../src/domain/sql-name.ts';
import { columnNames } from './column-names.ts';
import { readWorkbook, type Sheet, type Workbook } from './excel/workbook.ts';
import { findRegion, type SheetRegion } from './excel/sheet-region.ts';
import { mergedRanges } from './excel/merged-ranges.ts';
import { columnLetters, sheetRows, type Cell } from './excel/sheet-rows.ts';
import { openZip, type ZipArchive } from './excel/zip-archive.ts';
import { FileProblem, type FileLoader, type LoadedTable } from './file-loader.ts';
import { makeUnreadable } from './unreadable-table.ts';

type ColumnType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'DATE' | 'TIMESTAMP' | 'TIME';

const maxColumns = 2_000;

/** What the cells of a sheet may come to: a text that is there once may be that of a million cells. */
const maxCellBytes = 512 * 1024 * 1024;
/** What a cell takes beside its text, an empty one too. */
const cellBytes = 16;
/** So much is held before it is handed over. */
const heldBytes = 16 * 1024 * 1024;

/** The type that all cells of a column have; a text where they have several, so that each is as it is seen. */
const typeOf = (region: SheetRegion, index: number): ColumnType => {
  const kinds = [...(region.kinds[index]?.keys() ?? [])].filter((kind) => kind !== 'error' && kind !== 'uncomputed');
  const [kind] = kinds;
  if (kinds.length !== 1 || kind === undefined) return 'VARCHAR';
  const column = region.firstColumn + index;
  const types = {
    text: 'VARCHAR',
    number: region.fractions.has(column) ? 'DOUBLE' : 'BIGINT',
    boolean: 'BOOLEAN',
    moment: region.clocks.has(column) ? 'TIMESTAMP' : 'DATE',
    time: 'TIME',
    error: 'VARCHAR',
    uncomputed: 'VARCHAR',
  } as const;
  return types[kind];
};

const textOf = (cell: Cell): string | undefined => {
  switch (cell.kind) {
    case 'text':
      return cell.value;
    case 'number':
      return String(cell.value);
    case 'boolean':
      return cell.value ? 'TRUE' : 'FALSE';
    case 'moment': {
      const written = new Date(cell.value)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.?0*Z$/, '');
      return cell.value % 86_400_000 === 0 ? written.slice(0, 10) : written;
    }
    case 'time':
      return new Date(cell.value).toISOString().slice(11, 19);
    case 'error':
    case 'uncomputed':
      return undefined;
  }
};

const append = (appender: DuckDBAppender, type: ColumnType, cell: Cell | undefined): void => {
  if (cell === undefined || cell.kind === 'error' || cell.kind === 'uncomputed') return appender.appendNull();
  if (type === 'VARCHAR') return appender.appendVarchar(textOf(cell) ?? '');
  if (cell.kind === 'number')
    return type === 'BIGINT' ? appender.appendBigInt(BigInt(cell.value)) : appender.appendDouble(cell.value);
  if (cell.kind === 'boolean') return appender.appendBoolean(cell.value);
  if (cell.kind === 'time') return appender.appendTime(new DuckDBTimeValue(BigInt(cell.value) * 1000n));
  if (cell.kind === 'moment')
    return type === 'DATE'
      ? appender.appendDate(new DuckDBDateValue(Math.round(cell.value / 86_400_000)))
      : appender.appendTimestamp(new DuckDBTimestampValue(BigInt(cell.value) * 1000n));
  throw new FileProblem(`A cell is ${cell.kind} in a column of ${type}.`);
};

const listed = (rows: readonly number[]): string => `${rows.slice(0, 10).join(', ')}${rows.length > 10 ? ' …' : ''}`;

/** So many rows above or below a table are titles and remarks; more of them may be rows of another one. */
const maxAside = 10;

const notesOf = (sheet: Sheet, region: SheetRegion, names: readonly string[], merged: number): readonly TableNote[] => {
  const { firstColumn, lastColumn, headerRow, lastRow, before, after, gaps, kinds } = region;
  const first = headerRow === 0 ? (before.at(-1) ?? 0) + 1 : headerRow;
  const count = (kind: Cell['kind']): number => kinds.reduce((sum, own) => sum + (own.get(kind) ?? 0), 0);
  const allTexts = kinds.every((own) => [...own.keys()].every((kind) => kind === 'text'));
  const mixed = names.filter(
    (_, index) =>
      [...(kinds[index]?.keys() ?? [])].filter((kind) => kind !== 'error' && kind !== 'uncomputed').length > 1,
  );
  const unused = names.filter(
    (name, index) => region.kinds[index]?.size === 0 && name === columnLetters(firstColumn + index),
  );
  const lettered = names.filter((_, index) => region.nameless[index] === true && (region.kinds[index]?.size ?? 0) > 0);
  const renamed = names.filter((name, index) => name !== region.names[index]);
  const note = (
    is: boolean,
    kind: TableNote['kind'],
    detail: string,
    columns?: readonly string[],
  ): readonly TableNote[] => (is ? [{ kind, detail, ...(columns === undefined ? {} : { columns }) }] : []);
  return [
    {
      kind: 'read_as',
      detail: `The cells ${columnLetters(firstColumn)}${first} to ${columnLetters(lastColumn)}${lastRow} of the ${sheet.hidden ? 'hidden ' : ''}sheet ${JSON.stringify(sheet.name)}; ${headerRow === 0 ? 'no row was found to hold names, so the columns have their letters' : `row ${headerRow} holds the names`}.`,
    },
    ...note(
      headerRow === 0 || allTexts,
      'assumed',
      headerRow === 0
        ? 'That no row holds names is an assumption.'
        : `All cells are texts, so that row ${headerRow} might be data as well.`,
    ),
    ...note(
      before.length > 0,
      before.length > maxAside ? 'left_out' : 'aside',
      `${before.length === 1 ? '1 row above the table is' : `${before.length} rows above the table are`} not of it: ${listed(before)}.`,
    ),
    ...note(
      after.length > 0,
      after.length > maxAside ? 'left_out' : 'aside',
      `${after.length} rows with one cell each, below an empty row at the end, are taken for remarks: ${listed(after)}.`,
    ),
    ...note(
      region.repeated.length > 0,
      'aside',
      `${region.repeated.length === 1 ? '1 row repeats the names and is' : `${region.repeated.length} rows repeat the names and are`} left out: ${listed(region.repeated)}.`,
    ),
    ...note(
      region.nextTable !== undefined,
      'left_out',
      `From row ${region.nextTable ?? 0} on another table begins, by its names; it is not read. Move it to a sheet of its own.`,
    ),
    ...note(
      lettered.length > 0,
      'renamed',
      `Row ${headerRow} has no name for them, so that they have the letters of their columns in the sheet.`,
      lettered,
    ),
    ...note(
      unused.length > 0,
      'assumed',
      `No cell of them is filled, nor named: what is on both sides of them may be two tables beside each other.`,
      unused,
    ),
    ...note(
      merged > 0,
      'assumed',
      `${merged} ranges of merged cells go over several rows: the value stands in the first row alone, the others have none.`,
    ),
    ...note(gaps > 0, 'read_as', `${gaps} empty rows within are not counted.`),
    ...note(count('error') > 0, 'read_as', `${count('error')} cells hold an error, as #N/A is: they have no value.`),
    ...note(
      count('uncomputed') > 0,
      'left_out',
      `${count('uncomputed')} cells hold a formula without its value, since what wrote the file does not compute: they are empty here. Open and save it in Excel.`,
    ),
    ...note(mixed.length > 0, 'read_as', 'Cells of several kinds, as numbers among texts, are read as texts.', mixed),
    ...note(renamed.length > 0, 'renamed', 'Their names are there more than once, but for case.', renamed),
  ];
};

const loadSheet = async (
  connection: DuckDBConnection,
  { archive, workbook, sheet }: { readonly archive: ZipArchive; readonly workbook: Workbook; readonly sheet: Sheet },
  region: SheetRegion,
  table: string,
): Promise<readonly TableNote[]> => {
  const names = columnNames(region.names);
  if (names.length > maxColumns)
    throw new FileProblem(
      `Its sheet ${JSON.stringify(sheet.name)} has ${names.length} columns, of ${maxColumns} that a table may have.`,
    );
  const types = names.map((_, index) => typeOf(region, index));
  await connection.run(
    `CREATE TABLE ${quoteName(table)} (${names.map((name, index) => `${quoteName(name)} ${types[index] ?? 'VARCHAR'}`).join(', ')})`,
  );
  const appender = await connection.createAppender(table);
  const after = new Set([...region.after, ...region.repeated]);
  const first = Math.max(region.headerRow, region.before.at(-1) ?? 0);
  let [bytes, held] = [0, 0];
  for await (const { row, cells } of sheetRows(archive, workbook, sheet)) {
    if (row <= first || after.has(row)) continue;
    if (row >= (region.nextTable ?? Number.POSITIVE_INFINITY)) break;
    const rowBytes = [...cells.values()].reduce(
      (sum, cell) => sum + (cell.kind === 'text' ? cell.value.length : 0),
      cellBytes * types.length,
    );
    bytes += rowBytes;
    held += rowBytes;
    if (bytes > maxCellBytes) {
      appender.closeSync();
      throw new FileProblem(
        `Up to row ${row} its cells come to more than ${maxCellBytes / 1024 ** 2} MiB, of ${Math.round(archive.bytes / 1024)} KiB that the file has. Save the sheet as CSV if it is meant to be so large.`,
      );
    }
    for (const [index, type] of types.entries()) append(appender, type, cells.get(region.firstColumn + index));
    appender.endRow();
    if (held < heldBytes) continue;
    appender.flushSync();
    held = 0;
  }
  appender.closeSync();
  return notesOf(sheet, region, names, await mergedRanges(archive, sheet, region));
};

type Found = { readonly sheet: Sheet; readonly region?: SheetRegion; readonly problem?: string };

/** The table in a sheet, or why it cannot be read: the other sheets are read all the same. */
const findTable = async (archive: ZipArchive, workbook: Workbook, sheet: Sheet): Promise<Found> => {
  try {
    const region = await findRegion(sheetRows(archive, workbook, sheet));
    return region === undefined ? { sheet } : { sheet, region };
  } catch (error) {
    return { sheet, problem: error instanceof Error ? error.message : String(error) };
  }
};

/** Excel workbooks: each sheet with cells is a table. */
export const excelLoader: FileLoader = {
  title: 'an Excel workbook',
  async load(connection, file, { isWanted, takeName, leaveOut }) {
    const archive = await openZip(file.path, file.signal);
    const workbook = await readWorkbook(archive);
    const all: Found[] = [];
    for (const sheet of workbook.sheets) all.push(await findTable(archive, workbook, sheet));
    const found = all.filter(({ region, problem }) => region !== undefined || problem !== undefined);
    const empty = all.filter((one) => !found.includes(one)).map(({ sheet }) => sheet.name);
    if (found.length === 0) throw new FileProblem('None of its sheets has a cell.');
    for (const name of empty) leaveOut({ name: `${file.name}: ${name}`, detail: 'It is a sheet without cells.' });
    for (const name of workbook.others)
      leaveOut({ name: `${file.name}: ${name}`, detail: 'It is a sheet without cells of its own, as a chart is.' });
    const tables: LoadedTable[] = [];
    for (const { sheet, region, problem = '' } of found) {
      const table = found.length === 1 ? file.table : takeName(`${dataFileStem(file.name)}_${sheet.name}`);
      if (!isWanted(table)) continue;
      const made = { table, bytes: Math.round(file.bytes / found.length), reads: [] };
      try {
        if (region === undefined) throw new FileProblem(problem);
        const notes = await loadSheet(connection, { archive, workbook, sheet }, region, table);
        tables.push({ ...made, notes: [...file.notes, ...notes] });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        await makeUnreadable(
          connection,
          table,
          `The sheet ${JSON.stringify(sheet.name)} of the file ${file.name} cannot be read. ${reason}`,
        );
        tables.push({ ...made, notes: file.notes });
      }
    }
    return tables;
  },
};
