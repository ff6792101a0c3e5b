import { columnLetters, type Cell, type SheetRow } from './sheet-rows.ts';

/** The part of a sheet that is a table. Rows have numbers from 1, columns from 0. */
export type SheetRegion = {
  readonly firstColumn: number;
  readonly lastColumn: number;
  /** The row that holds the names; 0 where none does. */
  readonly headerRow: number;
  readonly lastRow: number;
  readonly names: readonly string[];
  /** Columns that the row of names has no cell for, by their place among the names. */
  readonly nameless: readonly boolean[];
  /** The kinds of cells that each column has, below the names. */
  readonly kinds: readonly ReadonlyMap<Cell['kind'], number>[];
  /** Rows before the names that are not empty, and rows behind an empty one at the end that hold one cell each. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Rows within that repeat the names. */
  readonly repeated: readonly number[];
  /** The row below an empty one at which other names stand, and so another table begins; what is from there on is not of this one. */
  readonly nextTable: number | undefined;
  /** Empty rows within. */
  readonly gaps: number;
  readonly fractions: ReadonlySet<number>;
  readonly clocks: ReadonlySet<number>;
};

/** Rows in which the names are looked for. */
const headerRows = 50;

const isYear = (cell: Cell): boolean =>
  cell.kind === 'number' && Number.isInteger(cell.value) && cell.value >= 1800 && cell.value <= 2200;

const nameOfCell = (cell: Cell): string | undefined => {
  if (cell.kind === 'text') return cell.value.trim().replace(/\s+/g, ' ');
  if (cell.kind === 'moment') return new Date(cell.value).toISOString().slice(0, 10);
  return isYear(cell) && cell.kind === 'number' ? String(cell.value) : undefined;
};

/** Whether a row can hold names: texts, years and days, at least one text, most of the columns, none twice. */
const holdsNames = ({ cells }: SheetRow, width: number): boolean => {
  const names = [...cells.values()].map(nameOfCell);
  if (names.includes(undefined) || ![...cells.values()].some(({ kind }) => kind === 'text')) return false;
  return cells.size * 2 > width && new Set(names).size * 2 > names.length;
};

/** A row of data of texts alone, below names of texts alone, is like them: the first one is taken, and that is told. */
const findHeader = (rows: readonly SheetRow[]): SheetRow | undefined => {
  const width = Math.max(...rows.map(({ cells }) => cells.size));
  const index = rows.findIndex((row) => row.cells.size * 2 > width);
  const first = rows[index];
  return first !== undefined && holdsNames(first, width) && (width === 1 || first.cells.size > 1) ? first : undefined;
};

const isSameRow = (row: SheetRow, other: SheetRow): boolean =>
  row.cells.size > 1 &&
  row.cells.size === other.cells.size &&
  [...row.cells].every(([column, cell]) => {
    const same = other.cells.get(column);
    return same !== undefined && cell.kind === 'text' && same.kind === 'text' && same.value === cell.value;
  });

/** Whether a row below an empty one holds names of its own: texts, in columns that hold other kinds so far. */
const standsApart = ({ cells }: SheetRow, kinds: ReadonlyMap<number, ReadonlyMap<Cell['kind'], number>>): boolean =>
  cells.size > 1 &&
  [...cells.values()].every(({ kind }) => kind === 'text') &&
  [...cells.keys()].some((column) => {
    const own = kinds.get(column);
    return own === undefined || !own.has('text');
  });

/** Finds the table in a sheet in one pass; undefined where there is no cell. */
export const findRegion = async (rows: AsyncIterable<SheetRow>): Promise<SheetRegion | undefined> => {
  const head: SheetRow[] = [];
  let header: SheetRow | undefined;
  let decided = false;
  let start = 0;
  const kinds = new Map<number, Map<Cell['kind'], number>>();
  const fractions = new Set<number>();
  const clocks = new Set<number>();
  let lastRow = 0;
  let gaps = 0;
  let nextTable: number | undefined;
  const repeated: number[] = [];
  /** Rows behind the last empty one, as long as each holds one cell. */
  let tail: SheetRow[] = [];
  const columns = new Set<number>();

  const count = ({ row, cells }: SheetRow): void => {
    if (row <= start) return;
    for (const [column, cell] of cells) {
      columns.add(column);
      const own = kinds.get(column) ?? new Map<Cell['kind'], number>();
      kinds.set(column, own.set(cell.kind, (own.get(cell.kind) ?? 0) + 1));
      if (cell.kind === 'number' && !Number.isSafeInteger(cell.value)) fractions.add(column);
      if (cell.kind === 'moment' && cell.value % 86_400_000 !== 0) clocks.add(column);
    }
    lastRow = row;
  };
  const take = (one: SheetRow): void => {
    const last = tail.at(-1)?.row ?? Math.max(lastRow, start);
    const isGap = last > 0 && one.row > last + 1;
    if (nextTable !== undefined) return;
    if (header !== undefined && isSameRow(one, header)) {
      repeated.push(one.row);
      return;
    }
    if (isGap && header !== undefined && standsApart(one, kinds)) {
      nextTable = one.row;
      return;
    }
    if (one.cells.size === 1 && (isGap || tail.length > 0) && tail.length < 100) {
      tail.push(one);
      return;
    }
    for (const kept of [...tail, one]) {
      if (lastRow > 0) gaps += kept.row - lastRow - 1;
      count(kept);
    }
    tail = [];
  };
  const decide = (): void => {
    decided = true;
    header = findHeader(head);
    const width = Math.max(...head.map(({ cells }) => cells.size));
    start = header?.row ?? (head.find(({ cells }) => cells.size * 2 > width)?.row ?? 1) - 1;
    for (const column of header?.cells.keys() ?? []) columns.add(column);
    for (const one of head) if (one.row > start) take(one);
  };
  for await (const one of rows) {
    if (decided) take(one);
    else if (head.push(one) === headerRows) decide();
  }
  if (head.length === 0) return undefined;
  if (!decided) decide();
  // With one column, a row of one cell is a row like all.
  if (columns.size < 2) {
    for (const one of tail) count(one);
    tail = [];
  }
  const firstColumn = Math.min(...columns);
  const lastColumn = Math.max(...columns);
  const numbers = Array.from({ length: lastColumn - firstColumn + 1 }, (_, index) => firstColumn + index);
  return {
    firstColumn,
    lastColumn,
    headerRow: header?.row ?? 0,
    lastRow,
    names: numbers.map((column) => {
      const cell = header?.cells.get(column);
      return (cell === undefined ? undefined : nameOfCell(cell)) ?? columnLetters(column);
    }),
    nameless: numbers.map((column) => header !== undefined && header.cells.get(column) === undefined),
    kinds: numbers.map((column) => kinds.get(column) ?? new Map<Cell['kind'], number>()),
    before: head.filter(({ row }) => row < (header?.row ?? start + 1)).map(({ row }) => row),
    after: tail.map(({ row }) => row),
    gaps,
    repeated,
    nextTable,
    fractions,
    clocks,
  };
};
