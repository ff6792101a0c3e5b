import { lookUp } from '../../contracts/look-up.ts';
import type { ResultTable, ResultValue } from '../../contracts/sandbox.ts';

/** The most characters of one tool’s answer: about 5,000 tokens, so that 25 turns stay far below a context window. */
export const outputLimit = 16_000;

/** The most characters of one cell. */
export const cellLimit = 500;

/**
 * A result as a model reads it: a first line with the evidence id, the columns, the rows, tab-separated in the escapes of
 * Postgres’ COPY. What does not fit is cut at a row, and the last line says how much.
 */
export const resultToText = (table: ResultTable, evidenceId: string): string => {
  const lines: string[] = [];
  let size = 0;
  for (let row = 0; row < table.rows; row += 1) {
    const line = table.values.map((column) => showCell(column[row] ?? null)).join('\t');
    size += line.length + 1;
    if (size > outputLimit) break;
    lines.push(line);
  }
  const more = table.truncated ? ' and more' : '';
  const shown = lines.length < table.rows || table.truncated ? `, first ${lines.length} shown` : '';
  const head = `evidence ${evidenceId}: ${table.rows}${more} rows, ${table.columns.length} columns${shown}`;
  const notices = [
    ...(table.incomplete ?? []).map(
      (why) => `[Not the answer: ${why} No figure may be taken from this result; ask in a way that avoids it.]`,
    ),
    ...(lines.length < table.rows
      ? [
          `[Cut: ${table.rows - lines.length} of ${table.rows} rows are not shown, because the answer would be longer than ${outputLimit} characters. Aggregate, select fewer columns, or page with LIMIT and OFFSET.]`,
        ]
      : []),
    ...(table.truncated
      ? [
          `[Cut: the result has more than these ${table.rows} rows; the limit of one statement stopped it. Aggregate, or page with LIMIT and OFFSET.]`,
        ]
      : []),
  ];
  return [head, table.columns.map((column) => escape(column.name)).join('\t'), ...lines, ...notices].join('\n');
};

const showCell = (value: ResultValue): string => {
  if (value === null) return '\\N';
  const text = String(value);
  return escape(
    text.length <= cellLimit
      ? text
      : `${text.slice(0, cellLimit).toWellFormed()}… (${text.length - cellLimit} more characters)`,
  );
};

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escape = (text: string): string => text.replace(/[\\\t\n\r]/g, (sign) => lookUp(escapes, sign) ?? sign);
