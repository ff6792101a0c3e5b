import type { TableConstraint } from '../../../../src/contracts/schema.ts';

const quoted = '`(?:[^`]|``)+`';
/** A column of a key. Where a part of one (`name`(10)) is unique, the whole is. */
const column = `${quoted}(?:\\(\\d+\\))?(?: ASC| DESC)?`;
/** InnoDB writes the columns of a foreign key with a blank behind the comma. */
const columns = `\\((${column}(?:, ?${column})*)\\)`;

/**
 * One line of SHOW CREATE TABLE; the server writes a line break in a text as `\n`, so that none passes for a line. Keys
 * on something else than columns (expressions, periods) say nothing of columns and are no match.
 */
const keyLine = new RegExp(
  `^  (?:CONSTRAINT ${quoted} )?(PRIMARY KEY|UNIQUE KEY|FOREIGN KEY)(?: ${quoted})? ${columns}` +
    `(?: REFERENCES (?:(${quoted})\\.)?(${quoted}) ${columns})?(?: .*)?,?$`,
  'gm',
);

const plain = (name: string): string => name.slice(1, -1).replaceAll('``', '`');
const namesIn = (list: string): readonly string[] => (list.match(new RegExp(quoted, 'g')) ?? []).map(plain);

/**
 * The keys in what SHOW CREATE TABLE answers. That is the one place which shows them all, foreign keys too, to a role
 * that has nothing but SELECT: information_schema hides TABLE_CONSTRAINTS and REFERENTIAL_CONSTRAINTS from it, and
 * under column privileges KEY_COLUMN_USAGE would show half a key as a whole one. `nameOf` names a referenced table.
 */
export const readConstraints = (
  createTable: string,
  nameOf: (table: string, database: string | undefined) => string,
): readonly TableConstraint[] =>
  [...createTable.matchAll(keyLine)].map(([, kind, own = '', database, table, referenced = '']): TableConstraint => {
    if (kind !== 'FOREIGN KEY' || table === undefined) {
      return { kind: kind === 'PRIMARY KEY' ? 'primary_key' : 'unique', columns: namesIn(own) };
    }
    return {
      kind: 'foreign_key',
      columns: namesIn(own),
      references: {
        table: nameOf(plain(table), database === undefined ? undefined : plain(database)),
        columns: namesIn(referenced),
      },
    };
  });
