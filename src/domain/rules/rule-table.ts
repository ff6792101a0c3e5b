import type { ColumnProfile, TableProfile } from '../../contracts/profile.ts';
import type { TableConstraint } from '../../contracts/schema.ts';
import type { CheckSql } from '../engines/check-sql.ts';
import { engineSql } from '../engines/registry.ts';
import type { RuleSubject, TableOutline } from './rule.ts';

/** A column as rules see it: what was measured, and what a domain or enumeration is made of. */
export type RuleColumn = ColumnProfile & { readonly base_type?: string };

/** A table as rules see it: what was measured, and how its engine's SQL is written. */
export type RuleTable = {
  readonly table: string;
  /** Its name in SQL. */
  readonly from: string;
  readonly rows: TableProfile['rows'];
  /** Of a view, those that no table has. */
  readonly columns: readonly RuleColumn[];
  readonly constraints: readonly TableConstraint[];
  readonly duplicate_rows: TableProfile['duplicate_rows'];
  readonly isView: boolean;
  /** The evidence of what the profile says of it. */
  readonly evidence: readonly string[];
  readonly outlines: readonly TableOutline[];
  readonly sql: CheckSql;
};

/** The table of a subject. */
export const ruleTable = ({ table, outlines, engine }: RuleSubject): RuleTable => {
  const sql = engineSql[engine].checkSql;
  const own = outlines.find((outline) => outline.table === table.table)?.own_columns;
  const declared = new Map(table.schema.columns.map((column) => [column.name, column.base_type]));
  return {
    table: table.table,
    from: sql.table(table.table),
    rows: table.rows,
    columns: table.columns
      .filter(({ name }) => own === undefined || own.includes(name))
      .map((column): RuleColumn => {
        const base_type = declared.get(column.name);
        return base_type === undefined ? column : { ...column, base_type };
      }),
    constraints: table.schema.constraints,
    duplicate_rows: table.duplicate_rows,
    isView: own !== undefined,
    evidence: table.statements.slice(0, 1),
    outlines,
    sql,
  };
};

/** The rows of a table in which a column has a value. */
export const filled = (table: RuleTable, column: RuleColumn): number => table.rows.count - column.nulls.count;

/** A figure of the profile as a number, 0 where there is none: what no double holds is shown as text. */
export const numberOf = (value: string | number | boolean | undefined): number => {
  const number = Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
};
