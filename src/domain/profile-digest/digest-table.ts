import type { ColumnProfile, TableProfile } from '../../contracts/profile.ts';
import type { DigestColumn, DigestTable } from '../profile-digest.ts';
import { shortText } from '../short-text.ts';
import { briefColumn, namedColumn, unlessExact, wholeColumn } from './digest-column.ts';

/** How much is said of a table. */
export type DetailLevel = {
  /** What is shown, in words; absent where it is all. */
  readonly shows?: string;
  readonly columns: number;
  readonly comments: boolean;
  readonly notes: number;
  readonly column: (column: ColumnProfile) => DigestColumn;
};

/** From all figures to names alone. */
export const detailLevels: readonly DetailLevel[] = [
  { columns: Number.POSITIVE_INFINITY, comments: true, notes: 30, column: (column) => wholeColumn(column, 10) },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: true,
    notes: 30,
    column: (column) => wholeColumn(column, 3),
    shows: 'at most 3 top values of each column',
  },
  {
    columns: Number.POSITIVE_INFINITY,
    comments: false,
    notes: 3,
    column: briefColumn,
    shows: 'only nulls, distinct values and range of each column',
  },
  {
    columns: 60,
    comments: false,
    notes: 3,
    column: namedColumn,
    shows: 'only the names and types of at most 60 columns a table',
  },
];

/** One table of a digest. What is no plain table says what it is. */
export const digestTable = (table: TableProfile, level: DetailLevel): DigestTable => {
  const declared = new Map(table.schema.columns.map((column) => [column.name, column]));
  return {
    table: table.table,
    ...(table.schema.kind === 'table' || table.schema.kind === 'file' ? {} : { kind: table.schema.kind }),
    ...(table.schema.comment === undefined || !level.comments ? {} : { comment: shortText(table.schema.comment, 200) }),
    rows: unlessExact(table.rows),
    ...(table.sample === undefined ? {} : { sample: { percent: table.sample.percent, rows: table.sample.rows } }),
    ...(table.schema.constraints.length === 0 ? {} : { constraints: table.schema.constraints }),
    ...(table.schema.notes === undefined ? {} : { notes: table.schema.notes.slice(0, level.notes) }),
    ...(table.duplicate_rows === undefined ? {} : { duplicate_rows: unlessExact(table.duplicate_rows) }),
    statements: table.statements,
    columns: table.columns.slice(0, level.columns).map((column) => {
      const { base_type, comment } = declared.get(column.name) ?? {};
      return {
        ...level.column(column),
        ...(base_type === undefined ? {} : { base_type }),
        ...(comment === undefined || !level.comments ? {} : { comment: shortText(comment, 200) }),
      };
    }),
    ...(table.columns.length > level.columns ? { columns_left_out: table.columns.length - level.columns } : {}),
  };
};
