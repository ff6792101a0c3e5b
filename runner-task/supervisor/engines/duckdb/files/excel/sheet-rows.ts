import { FileProblem } from '../file-loader.ts';
import { richText, type Workbook } from './workbook.ts';
import { attribute, decodeXml, elementsOf, xmlElements } from './xml-elements.ts';
import type { Sheet } from './workbook.ts';
import type { ZipArchive } from './zip-archive.ts';

/** What a cell holds. Days and times are in milliseconds since 1970, those of a time alone since midnight. */
export type Cell =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'moment' | 'time'; readonly value: number }
  /** `#N/A` and its like. */
  | { readonly kind: 'error'; readonly value: string }
  /** A formula whose value the file does not have. */
  | { readonly kind: 'uncomputed' };

/** A row that is not empty: its number from 1, and its cells by the number of their column from 0. */
export type SheetRow = { readonly row: number; readonly cells: ReadonlyMap<number, Cell> };

const maxColumns = 16_384;
const dayMilliseconds = 86_400_000;

/** The number of a column from 0, of the place of a cell as in `AB12`. */
const columnOf = (place: string): number => {
  const [letters = ''] = /^[A-Z]{1,3}/i.exec(place) ?? [];
  return Array.from(letters.toUpperCase()).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
};

/** The letters of a column, as in `AB`. */
export const columnLetters = (column: number): string =>
  (column >= 26 ? columnLetters(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26));

/** A day that is counted as Excel does, which takes 1900 for a leap year. */
const momentOf = (serial: number, from1904: boolean): Cell => {
  if (serial < 0 || serial > 2_958_466) return { kind: 'number', value: serial };
  if (serial < 1 && !from1904) return { kind: 'time', value: Math.round(serial * dayMilliseconds) % dayMilliseconds };
  const first = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  return { kind: 'moment', value: first + Math.round(serial * dayMilliseconds) };
};

const cellOf = (attributes: string, content: string, { texts, dates, from1904 }: Workbook): Cell | undefined => {
  const type = attribute(attributes, 't') ?? 'n';
  if (type === 'inlineStr') {
    const value = richText(content);
    return value === '' ? undefined : { kind: 'text', value };
  }
  const [element] = elementsOf(content, 'v');
  // A formula whose value is an empty text says so by its type.
  if (element === undefined || (element.content === '' && type !== 'str'))
    return elementsOf(content, 'f').length > 0 ? { kind: 'uncomputed' } : undefined;
  const written = decodeXml(element.content);
  switch (type) {
    case 's': {
      const value = texts[Number(written)];
      return value === undefined || value === '' ? undefined : { kind: 'text', value };
    }
    case 'str':
      return written === '' ? undefined : { kind: 'text', value: richText(`<t>${element.content}</t>`) };
    case 'b':
      return { kind: 'boolean', value: written === '1' || written === 'true' };
    case 'e':
      return { kind: 'error', value: written };
    case 'd': {
      const value = Date.parse(
        /Z|[+-]\d\d:\d\d$/.test(written) ? written : `${written}${written.includes('T') ? 'Z' : 'T00:00Z'}`,
      );
      return Number.isNaN(value) ? { kind: 'text', value: written } : { kind: 'moment', value };
    }
    default: {
      const value = Number(written);
      if (written.trim() === '' || Number.isNaN(value))
        return written.trim() === '' ? undefined : { kind: 'text', value: written };
      return dates[Number(attribute(attributes, 's') ?? 0)] === true
        ? momentOf(value, from1904)
        : { kind: 'number', value };
    }
  }
};

/** The rows of a sheet that are not empty, from the first. */
export async function* sheetRows(archive: ZipArchive, workbook: Workbook, sheet: Sheet): AsyncGenerator<SheetRow> {
  let before = 0;
  for await (const { attributes, content } of xmlElements(archive.text(sheet.entry), 'row')) {
    const row = Number(attribute(attributes, 'r') ?? before + 1);
    if (!(row > before))
      throw new FileProblem(
        `The rows of its sheet ${JSON.stringify(sheet.name)} are not in order, at row ${before}. Save it again from Excel.`,
      );
    before = row;
    const cells = new Map<number, Cell>();
    let next = 0;
    for (const one of elementsOf(content, 'c')) {
      const place = attribute(one.attributes, 'r');
      const column = place === undefined ? next : columnOf(place);
      next = column + 1;
      if (column < 0 || column >= maxColumns)
        throw new FileProblem(`A cell of its sheet ${JSON.stringify(sheet.name)} has no place, in row ${row}.`);
      const cell = cellOf(one.attributes, one.content, workbook);
      if (cell !== undefined) cells.set(column, cell);
    }
    if (cells.size > 0) yield { row, cells };
  }
}
