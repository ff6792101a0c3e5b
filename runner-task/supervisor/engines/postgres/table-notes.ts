import type { LeftOut, TableNote } from '../../../../src/contracts/schema.ts';
import { isCitext } from '../../../../src/domain/engines/postgres/column-kind.ts';
import { addressOf } from '../table-address.ts';
import type { BesideRow, ColumnRow, InheritanceRow, TableRow } from './catalog-rows.ts';

const nameOf = (plain: boolean | null, schema: string, table: string): string =>
  addressOf(plain === true ? undefined : schema, table).name;

/** What inheritance makes of a table: which others hold its rows, and whether it holds those of others. */
export type Inheritance = {
  readonly partOf: (oid: number) => readonly string[];
  readonly hasParts: (oid: number) => boolean;
};

/** Reads the rows of the catalog's inheritance. */
export const inheritanceOf = (rows: readonly InheritanceRow[]): Inheritance => {
  const wholes = Map.groupBy(rows, ({ part }) => part);
  const wholeOids = new Set(rows.map(({ whole }) => whole));
  return {
    partOf: (oid) =>
      (wholes.get(oid) ?? []).map(({ plain, schema_name, table_name }) => nameOf(plain, schema_name, table_name)),
    hasParts: (oid) => wholeOids.has(oid),
  };
};

const holdsText = ({ type, base_type }: ColumnRow): boolean =>
  /^(?:text|character|name|citext|json|xml|enum|"char")/.test(base_type ?? type);

/** What a reader of a table's figures has to know of where its rows are, and of what its texts were read as. */
export const tableNotes = (
  { oid, filtered }: Pick<TableRow, 'oid' | 'filtered'>,
  columns: readonly ColumnRow[],
  { partOf, hasParts }: Inheritance,
  encoding: string,
): readonly TableNote[] => {
  const of = partOf(oid);
  const folded = columns.filter(({ type, base_type }) => isCitext({ type, ...(base_type !== null && { base_type }) }));
  const texts = encoding === 'UTF8' ? [] : columns.filter(holdsText).map(({ name }) => name);
  return [
    ...(filtered
      ? [
          {
            kind: 'left_out' as const,
            detail:
              'Row-level security filters its rows for the role of this survey: all figures and findings are of the rows that it shows, and how many it hides is not known.',
          },
        ]
      : []),
    ...(of.length === 0
      ? []
      : [
          {
            kind: 'part_of' as const,
            of,
            detail:
              'It inherits from another table: a SELECT from that one reads these rows too, and sums of the database count them there.',
          },
        ]),
    ...(hasParts(oid)
      ? [
          {
            kind: 'read_as' as const,
            detail:
              'Read with the rows of the tables that inherit from it, as a SELECT does. Its declared keys hold for its own rows alone, so they are not taken for keys.',
          },
        ]
      : []),
    ...(folded.length === 0
      ? []
      : [
          {
            kind: 'read_as' as const,
            columns: folded.map(({ name }) => name),
            detail:
              'The type citext tells no letters’ case apart: values that differ in it alone are counted as one, which is shown as one of them is written. Rows that are the same are those that are written the same.',
          },
        ]),
    ...(texts.length === 0
      ? []
      : [
          {
            kind: encoding === 'SQL_ASCII' ? ('assumed' as const) : ('read_as' as const),
            columns: texts,
            detail:
              encoding === 'SQL_ASCII'
                ? 'The encoding of the database is SQL_ASCII: it says of no byte what letter it is. Texts are read as UTF-8, those that are none as Windows-1252; the server counts bytes where it counts letters.'
                : `The encoding of the database is ${encoding}. What of a text has no character in UTF-8 is shown as � or not at all, and counted as the database holds it.`,
          },
        ]),
  ];
};

/** What is no table to survey, by name: relations of extensions, and sequences that stand alone. */
export const leftOut = (rows: readonly BesideRow[]): readonly LeftOut[] =>
  rows.map(({ schema_name, name, plain, kind, extension }) => ({
    name: nameOf(plain, schema_name, name),
    detail:
      extension === null
        ? 'A sequence, which is the source of numbers and holds no rows.'
        : `A ${kind === 'v' || kind === 'm' ? 'view' : 'table'} of the extension ${extension}, not of the data. Name it among the tables to survey it.`,
  }));
