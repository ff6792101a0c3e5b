import type { TableNote } from '../../../../../../src/contracts/schema.ts';
import { FileProblem } from '../file-loader.ts';
import { columnNames } from '../column-names.ts';
import { chooseDialect, declaredDelimiter } from './choose-dialect.ts';
import { checkCollapsed } from './check-collapsed.ts';
import { type CsvDialect, plainDelimiters } from './csv-dialect.ts';
import { type CsvLayout, findLayout } from './find-layout.ts';
import { type CsvRecord, parseCsvText } from './parse-csv.ts';

/** How a file is read, as its beginning tells. */
export type CsvPlan = {
  readonly dialect: CsvDialect;
  readonly layout: CsvLayout;
  /** The records of the beginning that are rows. */
  readonly rows: readonly CsvRecord[];
  readonly literal_quotes: number;
};

const maxColumns = 2_000;

/** Characters as messages show them. */
export const shownCharacter = (character: string): string =>
  ({ '\t': 'a tab', ' ': 'a blank', '\u001F': 'the unit separator' })[character] ?? `“${character}”`;

/** Text of a file as notes and messages quote it: not too much of it. */
export const shownText = (text: string): string => {
  const line = text
    .replaceAll(/\s+/g, ' ')
    .trim()
    // As ^Z is.
    .replaceAll(/\p{Cc}/gu, (control) => `^${String.fromCharCode((control.charCodeAt(0) + 64) % 128)}`);
  return `“${line.length > 60 ? `${line.slice(0, 60)}…` : line}”`;
};

/** Decides by the beginning of a file. Fails with a FileProblem where its columns cannot be told. */
export const planCsv = (text: string, whole: boolean, preferred?: string): CsvPlan => {
  const dialect = chooseDialect(text, whole, preferred);
  const { records, literal_quotes } = parseCsvText(text, dialect, whole);
  const layout = findLayout(records, text, dialect.delimiter);
  if (layout.width > maxColumns)
    throw new FileProblem(
      `Its lines have ${layout.width} fields, of ${maxColumns} that a table may have. Write them as rows, or divide the file.`,
    );
  const rows = records.filter(
    ({ line, empty }) => !empty && (layout.names ? line > layout.first_line : line >= layout.first_line),
  );
  const first = records.find(({ line }) => line === layout.first_line);
  if (dialect.delimiter === '' && first) {
    const [name = ''] = first.fields;
    const held = plainDelimiters.find((delimiter) => name.includes(delimiter));
    const quoted =
      text
        .split(/[\r\n]/)
        [first.line - 1]?.trimStart()
        .startsWith(dialect.quote) ?? false;
    if (held !== undefined && !quoted && declaredDelimiter(text) === undefined) {
      throw new FileProblem(
        `Its columns cannot be told: line ${first.line}, ${shownText(name)}, has ${name.split(held).length} fields by ${shownCharacter(held)}, but most lines have other numbers of them. Write it with each field in quotes, or with another delimiter.`,
      );
    }
    checkCollapsed(
      name,
      rows.map(({ fields: [value = ''] }) => value),
    );
  }
  return { dialect, layout, rows, literal_quotes };
};

/** Where every line is one number by the commas between its thousands, or two fields: nothing tells. */
export const thousandsNotes = ({ dialect, layout, rows }: CsvPlan): readonly TableNote[] =>
  dialect.delimiter === ',' &&
  layout.names === undefined &&
  rows.length > 0 &&
  rows.every(
    ({ fields: [first = '', ...others] }) =>
      /^-?\d{1,3}$/.test(first) && others.length > 0 && others.every((field) => /^\d{3}$/.test(field)),
  )
    ? [
        {
          kind: 'assumed',
          detail: `Each line may be one number with commas between its thousands; it was read as ${layout.width} fields.`,
        },
      ]
    : [];

/** The names of the columns, and what has to be known of them. `width` may be more than the names. */
export const nameColumns = (
  { names, sure, first_line }: CsvLayout,
  width: number,
): { readonly columns: readonly string[]; readonly notes: readonly TableNote[] } => {
  const found = Array.from({ length: Math.max(width, names?.length ?? 0) }, (_, index) => names?.[index]?.trim() ?? '');
  const columns = columnNames(found);
  if (!names) {
    const detail = `No line names the columns: line ${first_line} was read as a row${sure ? '' : ', though it might be one of names'}. They are called ${columns[0] ?? ''}${columns.length > 1 ? ` to ${columns.at(-1) ?? ''}` : ''}.`;
    return { columns, notes: [{ kind: sure ? 'renamed' : 'assumed', detail }] };
  }
  const notes: TableNote[] = [];
  if (!sure) {
    const detail = `Line ${first_line} was taken for the names of the columns (${shownText(names.join(', '))}): nothing in it tells it from a row for certain.`;
    notes.push({ kind: 'assumed', detail });
  }
  const nameless = columns.filter((_, index) => found[index] === '');
  if (nameless.length > 0) {
    const detail = `Line ${first_line} has no name for ${nameless.length === 1 ? 'a column' : `${nameless.length} columns`}, called ${nameless.slice(0, 5).join(', ')}${nameless.length > 5 ? '…' : ''}. If it is another column that has no name, the names stand one off.`;
    notes.push({ kind: 'assumed', columns: nameless, detail });
  }
  const others = columns.flatMap((column, index) => {
    const name = names[index] ?? '';
    return name.trim() !== '' && name !== column ? [{ column, name }] : [];
  });
  if (others.length > 0) {
    const shown = others.slice(0, 5).map(({ column, name }) => `“${name}” is ${column}`);
    notes.push({
      kind: 'renamed',
      columns: others.map(({ column }) => column),
      detail: `Names that are there before or have blanks around them were changed: ${shown.join(', ')}${others.length > 5 ? '…' : ''}.`,
    });
  }
  return { columns, notes };
};
