import type { Cell, GeneratedRow } from './generated-row.ts';

const chunkLength = 65_536;

const field = (cell: Cell): string => {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const line = (cells: readonly Cell[]): string => `${cells.map(field).join(',')}\n`;

/** Rows as CSV text (RFC 4180, but lines end in \n), the header first. */
export function* csvChunks(columns: readonly string[], rows: Iterable<GeneratedRow>): Generator<string> {
  let chunk = line(columns);
  for (const row of rows) {
    chunk += line(columns.map((column) => row[column] ?? null));
    if (chunk.length >= chunkLength) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
