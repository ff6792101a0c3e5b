import { unionAll } from '../../engines/sql-parts.ts';
import { aliases } from '../aliases.ts';
import { categoryColumns, chunks } from '../column-roles.ts';
import type { Look } from '../rule-card.ts';
import type { RuleColumn } from '../rule-table.ts';

/** The values of a column that holds few, with their rows. */
export type CategoryValues = {
  readonly column: RuleColumn;
  readonly values: readonly { readonly text: string; readonly n: number }[];
};

/** More values than these are no category; the profile's count may be an estimate, so some more are read. */
const maxValues = 200;

/** Reads the values of the columns that hold few of them. */
export const categoryValues: Look<readonly CategoryValues[]> = (table) => {
  const { sql, from } = table;
  return {
    asks: chunks(categoryColumns(table, maxValues), 12).map((columns) => {
      const of = (column: RuleColumn) =>
        aliases({ col: sql.text(column.name), value: `min(${sql.asText(column)})`, n: 'count(*)' });
      return {
        about: 'the values of columns that hold few',
        sql: unionAll(
          columns.map(
            (column) =>
              `select ${of(column).list} from ${from} where ${sql.name(column.name)} is not null group by ${sql.exactly(column)} order by 3 desc, 2 limit ${2 * maxValues}`,
          ),
        ),
        rows: columns.length * 2 * maxValues,
        read: (rows) =>
          columns.map((column) => ({
            column,
            values: rows
              .map(of(column).read)
              .filter((cells) => cells.text('col') === column.name)
              .map((cells) => ({ text: cells.text('value') ?? '', n: cells.number('n') })),
          })),
      };
    }),
  };
};
