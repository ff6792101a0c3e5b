import type { SourceKind } from '../../contracts/engine.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { DatabaseProfile } from '../../contracts/profile.ts';
import { findingKey } from '../finding/finding-key.ts';
import type { SurveyedRun } from './surveyed-run.ts';

/** Engines for which `Orders` and `orders` are one name. MySQL's tables may be two on some servers, its columns never. */
const ignoresCase: ReadonlySet<string> = new Set<SourceKind>(['sqlite', 'mysql', 'duckdb', 'files']);

/** The tables and columns of a database whose names are now written otherwise, by their earlier names. */
type Renamed = {
  readonly tables: ReadonlyMap<string, string>;
  /** Of each table by its earlier name. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

/**
 * An earlier run as the later one would write its names, where the database does not tell capital letters from small ones:
 * a table or column of which only the case changed is the same one, neither gone nor new.
 */
export const renameByCase = (earlier: SurveyedRun, later: Pick<SurveyedRun, 'profile'>): SurveyedRun => {
  const renamed = new Map(
    earlier.profile.databases.flatMap((was) => {
      const is = later.profile.databases.find(({ source }) => source === was.source);
      const changed = is === undefined || !ignoresCase.has(was.engine) ? undefined : renamedOf(was, is);
      return changed === undefined ? [] : [[was.source, changed] as const];
    }),
  );
  if (renamed.size === 0) return earlier;
  const { run, profile, findings } = earlier;
  const tableOf = (source: string, table: string): string => renamed.get(source)?.tables.get(table) ?? table;
  const columnOf =
    (source: string, table: string) =>
    (column: string): string =>
      renamed.get(source)?.columns.get(table)?.get(column) ?? column;
  /** Anything that names a table, and perhaps columns of it or another table. */
  const placed = <
    T extends {
      readonly source: string;
      readonly table?: string | undefined;
      readonly columns?: readonly string[] | undefined;
      readonly other_table?: string | undefined;
    },
  >(
    one: T,
  ): T => {
    const { source, table, columns, other_table } = one;
    if (table === undefined) return one;
    return {
      ...one,
      table: tableOf(source, table),
      ...(columns === undefined ? {} : { columns: columns.map(columnOf(source, table)) }),
      ...(other_table === undefined ? {} : { other_table: tableOf(source, other_table) }),
    };
  };
  const moved = (finding: Finding): Finding => {
    const { rule, other_tables = [] } = finding;
    const { part, ...rest } = finding.place;
    const place = { ...placed(rest), ...(part === undefined ? {} : { part: partOf(part, rest.source, other_tables) }) };
    return {
      ...finding,
      key: findingKey(rule, place),
      place,
      ...(other_tables.length === 0 ? {} : { other_tables: other_tables.map((one) => tableOf(rest.source, one)) }),
    };
  };
  /** A part names a table that the finding was found with, or a column of it, or something else. */
  const partOf = (part: string, source: string, others: readonly string[]): string => {
    const other = others.find((one) => part === one || part.startsWith(`${one}.`));
    if (other === undefined) return part;
    const column = part === other ? [] : [columnOf(source, other)(part.slice(other.length + 1))];
    return [tableOf(source, other), ...column].join('.');
  };
  return {
    run: {
      ...run,
      sources: run.sources.map((source) =>
        source.tables === undefined
          ? source
          : { ...source, tables: source.tables.map((table) => tableOf(source.name, table)) },
      ),
    },
    profile: {
      databases: profile.databases.map((database) => {
        const { source, tables, failed, not_visible } = database;
        return {
          ...database,
          tables: tables.map((one) => ({
            ...one,
            table: tableOf(source, one.table),
            columns: one.columns.map((column) => ({ ...column, name: columnOf(source, one.table)(column.name) })),
            schema: {
              ...one.schema,
              name: tableOf(source, one.schema.name),
              columns: one.schema.columns.map((column) => ({
                ...column,
                name: columnOf(source, one.table)(column.name),
              })),
              constraints: one.schema.constraints.map((constraint) => ({
                ...constraint,
                columns: constraint.columns.map(columnOf(source, one.table)),
              })),
            },
          })),
          failed: failed.map((one) => ({ ...one, table: tableOf(source, one.table) })),
          not_visible: not_visible.map((one) => ({
            ...one,
            name: tableOf(source, one.name),
            ...(one.tables === undefined ? {} : { tables: one.tables.map((table) => tableOf(source, table)) }),
            ...(one.columns === undefined ? {} : { columns: one.columns.map(columnOf(source, one.name)) }),
          })),
        };
      }),
    },
    findings: findings && {
      ...findings,
      findings: findings.findings.map(moved),
      keys: findings.keys.map(placed),
      facts: findings.facts.map(placed),
      not_looked_at: findings.not_looked_at.map(placed),
    },
  };
};

const renamedOf = (was: DatabaseProfile, is: DatabaseProfile): Renamed | undefined => {
  const tables = pairByCase(namesIn(was), namesIn(is));
  const columns = new Map(
    was.tables.flatMap((table) => {
      const now = is.tables.find((one) => one.table === (tables.get(table.table) ?? table.table));
      const pairs = now === undefined ? noNames : pairByCase(table.columns.map(nameOf), now.columns.map(nameOf));
      return pairs.size === 0 ? [] : [[table.table, pairs] as const];
    }),
  );
  return tables.size + columns.size === 0 ? undefined : { tables, columns };
};

const noNames: ReadonlyMap<string, string> = new Map();
const nameOf = ({ name }: { readonly name: string }): string => name;

const namesIn = ({ tables, failed, not_visible }: DatabaseProfile): readonly string[] => [
  ...[...tables, ...failed].map(({ table }) => table),
  ...not_visible.flatMap(({ what, name, tables: hidden }) => (what === 'table' ? (hidden ?? [name]) : [])),
];

/** Each name that is not there any more, and the only one that has come and differs from it in case alone. */
const pairByCase = (was: readonly string[], is: readonly string[]): ReadonlyMap<string, string> => {
  const [old, now] = [new Set(was), new Set(is)];
  const came = Map.groupBy(
    [...now].filter((name) => !old.has(name)),
    (name) => name.toLowerCase(),
  );
  const went = Map.groupBy(
    [...old].filter((name) => !now.has(name)),
    (name) => name.toLowerCase(),
  );
  return new Map(
    [...went].flatMap(([folded, [from, ...others]]) => {
      const [to, ...more] = came.get(folded) ?? [];
      return from === undefined || to === undefined || others.length + more.length > 0 ? [] : [[from, to] as const];
    }),
  );
};
