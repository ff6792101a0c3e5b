import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableNote } from '../../../../../../src/contracts/schema.ts';
import { quoteName } from '../../../../../../src/domain/sql-name.ts';
import { FileProblem, type FoundFile } from '../file-loader.ts';
import { type CsvPlan, nameColumns, shownText } from './csv-plan.ts';
import { decideForms } from './decide-forms.ts';
import { decodeText } from './decode-text.ts';
import type { FoundEncoding } from './find-encoding.ts';
import { openBytes } from './open-bytes.ts';
import { createCsvParser } from './parse-csv.ts';
import { effectiveWidth, isBlank, type Lines, type RecordSurvey, surveyRecords } from './survey-records.ts';
import { repeatsNames } from './repeated-names.ts';
import { createTextTable, type TextTable } from './text-table.ts';
import { formNotes, typedColumns } from './type-columns.ts';

/** So few lines of a file may be left out because they have too many fields; more of them widen the table. */
const maxLeftOutShare = 0.001;
/** A table of names is not made this much wider. */
const mostFields = (width: number): number => width * 2 + 8;
/** So many lines above or below a table are titles and remarks; more of them may be rows of another one. */
const maxAside = 10;
/** Less than this share of the lines has the fields of the table: then it is none. */
const minFittingShare = 0.5;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

const at = ({ count, first }: Lines): string => (count === 1 ? `line ${first}` : `the first is line ${first}`);

const sum = (lines: readonly Lines[]): Lines => ({
  count: lines.reduce((total, { count }) => total + count, 0),
  first: Math.min(...lines.map(({ first }) => first)),
});

/** How wide the table is, and which records are too wide for it. Fails with a FileProblem where the lines make no table. */
const decideWidth = (
  { widths }: RecordSurvey,
  { layout }: CsvPlan,
): { readonly width: number; readonly tooWide: Lines } => {
  const base = Math.max(layout.names?.length ?? 0, layout.width);
  const found = [...widths].filter(([, { count }]) => count > 0);
  const rows = found.reduce((total, [, { count }]) => total + count, 0);
  const wider = found.filter(([width]) => width > base);
  const total = sum(wider.map(([, lines]) => lines));
  const common = Math.max(0, ...found.map(([, { count }]) => count));
  const named = found
    .filter(([width]) => width > 1 && width <= base)
    .reduce((fitting, [, { count }]) => fitting + count, 0);
  if (layout.width > 1 && rows > 0 && Math.max(common, named) < rows * minFittingShare) {
    throw new FileProblem(
      `Its lines make no table: of ${rows} lines only ${Math.max(common, named)} have ${base} fields or fewer; line ${total.first} has ${wider[0]?.[0] ?? 0}. Write it with as many fields in each line as there are names.`,
    );
  }
  if (total.count <= rows * maxLeftOutShare) return { width: base, tooWide: total };
  const width = Math.max(...wider.map(([each]) => each));
  if (width > mostFields(base)) {
    const [most, lines] = wider.find(([each]) => each === width) ?? [width, total];
    throw new FileProblem(
      `Line ${lines.first} has ${most} fields, where the table has ${base}; ${counted(total.count, 'line has', 'lines have')} too many. Write fields that hold the delimiter in quotes.`,
    );
  }
  return { width, tooWide: { count: 0, first: 0 } };
};

const lineNotes = (survey: RecordSurvey, { layout }: CsvPlan, width: number, tooWide: Lines): readonly TableNote[] => {
  const notes: TableNote[] = [];
  const leftOut = (detail: string): void => void notes.push({ kind: 'left_out', detail });
  const aside = (lines: number, detail: string): void =>
    void notes.push({ kind: lines > maxAside ? 'left_out' : 'aside', detail });
  const { above } = layout;
  const titles = above.filter((line) => line.trim() !== '');
  if (above.length > 0) {
    aside(
      above.length,
      `${counted(above.length, 'line', 'lines')} above the table ${above.length === 1 ? 'was' : 'were'} left out: ${titles.slice(0, 3).map(shownText).join(', ')}${titles.length > 3 ? '…' : ''}.`,
    );
  }
  if (survey.empty_above > 0)
    aside(0, `${counted(survey.empty_above, 'empty line', 'empty lines')} above the table left out.`);
  if (survey.unlike_last !== undefined) {
    notes.push({
      kind: 'assumed',
      detail: `The last line, ${shownText(survey.unlike_last)}, is unlike the others and was read as a row.`,
    });
  }
  const { below, comments, empty, likely_comments, repeated, widths, flaws } = survey;
  if (below) {
    aside(
      below.lines.length,
      `${counted(below.lines.length, 'line', 'lines')} below the table, from line ${below.first_line}, ${below.lines.length === 1 ? 'was' : 'were'} left out: ${below.lines.slice(0, 3).map(shownText).join(', ')}${below.lines.length > 3 ? '…' : ''}.`,
    );
  }
  if (comments.count > 0)
    aside(
      0,
      `${counted(comments.count, 'line that begins', 'lines that begin')} with # left out as comments: ${at(comments)}.`,
    );
  if (repeated.count > 0)
    aside(
      // Names that are an assumption may be rows.
      layout.sure ? 0 : repeated.count,
      `${counted(repeated.count, 'line repeats', 'lines repeat')} the names of the columns and ${repeated.count === 1 ? 'was' : 'were'} left out: ${at(repeated)}. The file may be put together of several.`,
    );
  if (tooWide.count > 0) {
    leftOut(
      `${counted(tooWide.count, 'line was', 'lines were')} left out, with more than ${width} fields: ${at(tooWide)}. A field that holds the delimiter has to be in quotes.`,
    );
  }
  if (empty.count > 0) {
    if (layout.width === 1) {
      notes.push({
        kind: 'assumed',
        detail: `${counted(empty.count, 'empty line was read as a row', 'empty lines were read as rows')} without a value: ${at(empty)}.`,
      });
    } else aside(0, `${counted(empty.count, 'empty line was', 'empty lines were')} left out: ${at(empty)}.`);
  }
  if (likely_comments.count > 0) {
    notes.push({
      kind: 'assumed',
      detail: `${counted(likely_comments.count, 'line begins', 'lines begin')} with # and ${likely_comments.count === 1 ? 'was read as a row' : 'were read as rows'}, though ${likely_comments.count === 1 ? 'it' : 'they'} may be ${likely_comments.count === 1 ? 'a comment' : 'comments'}: ${at(likely_comments)}.`,
    });
  }
  const short = sum([...widths].filter(([each, { count }]) => each < width && count > 0).map(([, lines]) => lines));
  if (short.count > 0) {
    notes.push({
      kind: 'assumed',
      detail: `${counted(short.count, 'row has', 'rows have')} fewer than ${width} fields: ${at(short)}. The missing ones are at the end, and hold no value.`,
    });
  }
  if (flaws.literal_quotes > 0) {
    notes.push({
      kind: 'assumed',
      detail: `${counted(flaws.literal_quotes, 'field begins with a quote that is', 'fields begin with a quote that is')} not closed right before a delimiter; the quote was taken for a part of the text: ${at({ count: flaws.literal_quotes, first: flaws.first_literal_quote })}.`,
    });
  }
  if (flaws.double_returns > 0) {
    const detail = `${counted(flaws.double_returns, 'line ends', 'lines end')} in CR CR LF; both carriage returns were taken for a part of the end.`;
    notes.push({ kind: 'read_as', detail });
  }
  return notes;
};

const markNotes = ({ marked }: FoundEncoding): readonly TableNote[] =>
  marked.count === 0
    ? []
    : [
        {
          kind: 'assumed',
          detail: `${counted(marked.count, 'line holds', 'lines hold')} what no text has, zero bytes or ^Z: ${at(marked)}. It was kept in the values; the file may be damaged.`,
        },
      ];

const endNotes = (used: number, width: number, named: boolean): readonly TableNote[] =>
  used === width
    ? []
    : [
        {
          kind: named ? 'read_as' : 'assumed',
          detail: `Lines end with a delimiter: no column was made of the ${width - used === 1 ? 'field' : `${width - used} fields`} after it, which ${width - used === 1 ? 'has' : 'have'} neither name nor value.`,
        },
      ];

const encodingNotes = ({ encoding, title, other_lines, first_other_line }: FoundEncoding): readonly TableNote[] => {
  if (encoding === 'utf-8') return [];
  if (encoding.startsWith('utf-16')) return [{ kind: 'read_as', detail: `The file is in ${title}.` }];
  const where = at({ count: other_lines, first: first_other_line });
  return encoding === 'mixed'
    ? [
        {
          kind: 'assumed',
          detail: `The file is in UTF-8, but for ${counted(other_lines, 'line', 'lines')}, read as ${title}: ${where}.`,
        },
      ]
    : [
        {
          kind: 'assumed',
          detail: `The file is not in UTF-8 and was read as ${title}; another encoding of one byte a character cannot be told from it. ${counted(other_lines, 'line holds', 'lines hold')} such characters: ${where}.`,
        },
      ];
};

const fillTable = async (
  texts: TextTable,
  pieces: AsyncIterable<string>,
  { layout, dialect }: CsvPlan,
  { below, comments }: RecordSurvey,
): Promise<void> => {
  const first = layout.names ? layout.first_line + 1 : layout.first_line;
  const last = below?.first_line ?? Number.POSITIVE_INFINITY;
  const named = Math.max(layout.names?.length ?? 0, layout.width);
  const width = texts.columns.length;
  const parser = createCsvParser(dialect, (record) => {
    if (record.line < first || record.line >= last) return;
    if (layout.width > 1 && isBlank(record)) return;
    if (repeatsNames(record, layout.names)) return;
    const size = effectiveWidth(record.fields, named);
    if (size > width) return;
    if (comments.count > 0 && size !== named && record.fields[0]?.startsWith('#')) return;
    texts.add(record.fields);
  });
  for await (const piece of pieces) parser.feed(piece);
  parser.end();
  texts.end();
};

/**
 * Reads a file with our own parser, whatever its encoding and however odd its lines: each line of the file is a row, the
 * line of names, or told. Fails with a FileProblem where its lines make no table.
 */
export const loadByParsing = async (
  connection: DuckDBConnection,
  file: FoundFile,
  plan: CsvPlan,
  encoding: FoundEncoding,
): Promise<{ readonly notes: readonly TableNote[] }> => {
  const pieces = (): AsyncIterable<string> => decodeText(openBytes(file), encoding.encoding);
  const survey = await surveyRecords(pieces(), plan);
  const { width, tooWide } = decideWidth(survey, plan);
  const { names } = plan.layout;
  const texts = await createTextTable(connection, width);
  try {
    await fillTable(texts, pieces(), plan, survey);
    // A delimiter at the end of each line makes a column that has neither name nor value.
    let used = width;
    while (used > 1 && (names?.[used - 1] ?? '').trim() === '' && texts.firstValues[used - 1] === undefined) used -= 1;
    const columns = texts.columns.slice(0, used);
    const named = nameColumns(names ? { ...plan.layout, names: names.slice(0, used) } : plan.layout, used);
    const forms = await decideForms(connection, texts.name, columns, texts.firstValues);
    await connection.run(
      `CREATE TABLE ${quoteName(file.table)} AS SELECT ${typedColumns(columns, named.columns, forms).join(', ')} FROM ${texts.name}`,
    );
    return {
      notes: [
        ...encodingNotes(encoding),
        ...markNotes(encoding),
        ...lineNotes(survey, plan, width, tooWide),
        ...endNotes(used, width, names !== undefined),
        ...named.notes,
        ...formNotes(named.columns, forms),
      ],
    };
  } finally {
    await texts.drop();
  }
};
