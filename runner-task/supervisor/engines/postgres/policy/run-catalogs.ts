import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { quoteText } from '../../../../../src/domain/sql-name.ts';
import type { TableAddress } from '../../table-address.ts';

/** The catalogs of a server as a run of some tables sees them: what SELECT stands for each, by `schema.name`. */
export type RunCatalogs = ReadonlyMap<string, string>;

const is = 'OPERATOR(pg_catalog.=)';
const isNot = 'OPERATOR(pg_catalog.<>)';
const pgClass = `'pg_catalog.pg_class'::pg_catalog.regclass`;

/** The relations that are a run's: its tables, their partitions, their indexes, and the sequences that belong to them. */
const membersSql = (tables: readonly TableAddress[], defaultSchema: string): string => `(
  WITH RECURSIVE own AS (
    SELECT c.oid FROM (VALUES ${tables
      .map(({ schema, table }) => `(${quoteText(schema ?? defaultSchema)}, ${quoteText(table)})`)
      .join(', ')}) AS named (s, t)
    JOIN pg_catalog.pg_namespace n ON n.nspname::text ${is} named.s
    JOIN pg_catalog.pg_class c ON c.relnamespace ${is} n.oid AND c.relname::text ${is} named.t
  ), part AS (
    SELECT own.oid FROM own
    UNION
    SELECT i.inhrelid FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent ${is} part.oid
    JOIN pg_catalog.pg_class c ON c.oid ${is} i.inhrelid AND c.relispartition
  )
  SELECT part.oid FROM part
  UNION ALL SELECT i.indexrelid FROM part JOIN pg_catalog.pg_index i ON i.indrelid ${is} part.oid
  UNION ALL SELECT d.objid FROM part
    JOIN pg_catalog.pg_depend d ON d.refclassid ${is} ${pgClass} AND d.refobjid ${is} part.oid AND d.classid ${is} ${pgClass}
    JOIN pg_catalog.pg_class c ON c.oid ${is} d.objid AND c.relkind ${is} 'S')`;

/**
 * Makes them. Each ends with OFFSET 0: the server works out what a run may see before it looks at a condition of the
 * statement’s, whose errors would else tell of the rest.
 */
export const createRunCatalogs = (tables: readonly TableAddress[], defaultSchema: string): RunCatalogs => {
  const members = membersSql(tables, defaultSchema);
  const isMember = (oid: string): string => `${oid} ${is} ANY ${members}`;
  /** One of few rows, which the server looks up in a table of its own instead of asking for each. */
  const isAmong = (columns: readonly string[], select: string): string =>
    `(${columns.map((column) => `${column}::text`).join(', ')}) ${is} ANY (${select})`;
  const isNamed = (schema: string, name: string): string =>
    isAmong(
      [schema, name],
      `SELECT of_n.nspname::text, of_c.relname::text
      FROM pg_catalog.pg_class of_c JOIN pg_catalog.pg_namespace of_n ON of_n.oid ${is} of_c.relnamespace
      WHERE ${isMember('of_c.oid')}`,
    );
  const isSchema = (name: string): string =>
    `${name}::text ${is} ANY (ARRAY[${[
      ...new Set(['pg_catalog', 'information_schema', ...tables.map(({ schema }) => schema ?? defaultSchema)]),
    ]
      .map(quoteText)
      .join(', ')}])`;
  /** A key within the run: of one of its tables, and to one of its tables if it leads anywhere. */
  const isInside = (key: string): string =>
    `${isMember(`${key}.conrelid`)} AND (${key}.confrelid ${is} 0 OR ${isMember(`${key}.confrelid`)})`;
  const keys = `FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace kn ON kn.oid ${is} k.connamespace`;
  const isKey = (schema: string, name: string): string =>
    isAmong([schema, name], `SELECT kn.nspname::text, k.conname::text ${keys} WHERE ${isInside('k')}`);
  /** Names of keys are those of a table: another one may have the name, and these views do not tell them apart. */
  const isOnlyKey = (schema: string, name: string): string =>
    `${isKey(schema, name)} AND NOT ${isAmong(
      [schema, name],
      `SELECT kn.nspname::text, k.conname::text ${keys} WHERE NOT (${isInside('k')})`,
    )}`;
  const leadsOutside = isAmong(
    ['c.constraint_schema', 'c.constraint_name', 'c.table_name'],
    `SELECT kn.nspname::text, k.conname::text, kc.relname::text ${keys}
    JOIN pg_catalog.pg_class kc ON kc.oid ${is} k.conrelid
    WHERE k.confrelid ${isNot} 0 AND NOT ${isMember('k.confrelid')}`,
  );

  // Other types of the user's own are labels, checks and names of what is outside.
  const used = `(WITH RECURSIVE used AS (
    SELECT a.atttypid AS oid FROM pg_catalog.pg_attribute a WHERE ${isMember('a.attrelid')}
    UNION
    SELECT inner_type.oid FROM used JOIN pg_catalog.pg_type t ON t.oid ${is} used.oid
    CROSS JOIN LATERAL (VALUES (t.typelem), (t.typbasetype)) AS inner_type (oid))
    SELECT used.oid FROM used)`;
  const isUsed = (oid: string): string => `(${oid} OPERATOR(pg_catalog.<) 16384 OR ${oid} ${is} ANY ${used})`;
  const isUsedType = (schema: string, name: string): string =>
    isAmong(
      [schema, name],
      `SELECT tn.nspname::text, t.typname::text FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace tn ON tn.oid ${is} t.typnamespace WHERE ${isUsed('t.oid')}`,
    );
  const ofTable = isNamed('c.table_schema', 'c.table_name');
  const filters: Readonly<Record<string, string>> = {
    'pg_catalog.pg_class': isMember('c.oid'),
    'pg_catalog.pg_namespace': isSchema('c.nspname'),
    'pg_catalog.pg_attribute': isMember('c.attrelid'),
    'pg_catalog.pg_attrdef': isMember('c.adrelid'),
    'pg_catalog.pg_constraint': `CASE WHEN c.conrelid ${is} 0 THEN ${isUsed('c.contypid')} ELSE ${isInside('c')} END`,
    'pg_catalog.pg_index': isMember('c.indrelid'),
    // A table has a type of its rows, and that one of its arrays, both named after it.
    'pg_catalog.pg_type': `(${isUsed('c.oid')} OR (c.typelem ${isNot} 0 AND ${isUsed('c.typelem')})) AND (c.typrelid ${is} 0 OR ${isMember('c.typrelid')}) AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_type e
      WHERE e.oid ${is} c.typelem AND e.typrelid ${isNot} 0 AND NOT ${isMember('e.typrelid')})`,
    'pg_catalog.pg_enum': isUsed('c.enumtypid'),
    'pg_catalog.pg_range': isUsed('c.rngtypid'),
    'pg_catalog.pg_inherits': `${isMember('c.inhrelid')} AND ${isMember('c.inhparent')}`,
    'pg_catalog.pg_partitioned_table': isMember('c.partrelid'),
    'pg_catalog.pg_description': `c.classoid ${is} ${pgClass} AND ${isMember('c.objoid')}`,
    'pg_catalog.pg_collation': 'true',
    'pg_catalog.pg_am': 'true',
    'pg_catalog.pg_sequence': isMember('c.seqrelid'),
    'pg_catalog.pg_depend': `c.classid ${is} ${pgClass} AND ${isMember('c.objid')}
      AND c.refclassid ${is} ${pgClass} AND ${isMember('c.refobjid')}`,
    'pg_catalog.pg_tables': isNamed('c.schemaname', 'c.tablename'),
    'pg_catalog.pg_views': isNamed('c.schemaname', 'c.viewname'),
    'pg_catalog.pg_matviews': isNamed('c.schemaname', 'c.matviewname'),
    'pg_catalog.pg_indexes': isNamed('c.schemaname', 'c.tablename'),
    'pg_catalog.pg_sequences': isNamed('c.schemaname', 'c.sequencename'),
    'pg_catalog.pg_stats': isNamed('c.schemaname', 'c.tablename'),
    'pg_catalog.pg_stats_ext': isNamed('c.schemaname', 'c.tablename'),
    'pg_catalog.pg_statistic_ext': isMember('c.stxrelid'),
    'pg_catalog.pg_stat_user_tables': isMember('c.relid'),
    'pg_catalog.pg_stat_all_tables': isMember('c.relid'),
    'pg_catalog.pg_stat_user_indexes': isMember('c.relid'),
    'pg_catalog.pg_stat_all_indexes': isMember('c.relid'),
    'pg_catalog.pg_statio_user_tables': isMember('c.relid'),
    'information_schema.tables': ofTable,
    'information_schema.columns': ofTable,
    'information_schema.views': ofTable,
    'information_schema.schemata': isSchema('c.schema_name'),
    'information_schema.table_constraints': `${ofTable} AND NOT ${leadsOutside}`,
    'information_schema.key_column_usage': `${ofTable} AND NOT ${leadsOutside}`,
    'information_schema.constraint_column_usage': `${ofTable} AND ${isKey('c.constraint_schema', 'c.constraint_name')}`,
    'information_schema.constraint_table_usage': `${ofTable} AND ${isKey('c.constraint_schema', 'c.constraint_name')}`,
    'information_schema.referential_constraints': isOnlyKey('c.constraint_schema', 'c.constraint_name'),
    'information_schema.check_constraints': isOnlyKey('c.constraint_schema', 'c.constraint_name'),
    'information_schema.domains': isUsedType('c.domain_schema', 'c.domain_name'),
    'information_schema.column_domain_usage': ofTable,
    'information_schema.column_udt_usage': ofTable,
    'information_schema.character_sets': 'true',
    'information_schema.collations': 'true',
    'information_schema.sequences': isNamed('c.sequence_schema', 'c.sequence_name'),
    'information_schema.view_column_usage': `${ofTable} AND ${isNamed('c.view_schema', 'c.view_name')}`,
    'information_schema.view_table_usage': `${ofTable} AND ${isNamed('c.view_schema', 'c.view_name')}`,
  };
  return new Map(
    Object.entries(filters).map(([name, filter]) => [
      name,
      `(SELECT ${lookUp(withoutDefinition, name) ?? 'c.*'} FROM ${name} AS c WHERE ${filter} OFFSET 0)`,
    ]),
  );
};

/**
 * What a view is made of may be outside the run, and its text names it. Columns of types that are read as names are texts here: a
 * number beside one would be read as a name too.
 */
const withoutDefinition: Readonly<Record<string, string>> = {
  'pg_catalog.pg_sequences': `c.schemaname, c.sequencename, c.sequenceowner, c.data_type::text AS data_type, c.start_value, c.min_value,
    c.max_value, c.increment_by, c.cycle, c.cache_size, c.last_value`,
  'pg_catalog.pg_range': `c.rngtypid, c.rngsubtype, c.rngcollation, c.rngsubopc, c.rngcanonical::text AS rngcanonical,
    c.rngsubdiff::text AS rngsubdiff`,
  'pg_catalog.pg_am': 'c.oid, c.amname, c.amhandler::text AS amhandler, c.amtype',
  'pg_catalog.pg_type': `c.oid, c.typname, c.typnamespace, c.typowner, c.typlen, c.typbyval, c.typtype, c.typcategory, c.typispreferred,
    c.typisdefined, c.typdelim, c.typrelid, c.typelem, c.typarray, c.typinput::text AS typinput, c.typoutput::text AS typoutput,
    c.typreceive::text AS typreceive, c.typsend::text AS typsend, c.typmodin::text AS typmodin, c.typmodout::text AS typmodout,
    c.typanalyze::text AS typanalyze, c.typalign, c.typstorage, c.typnotnull, c.typbasetype, c.typtypmod, c.typndims, c.typcollation,
    c.typdefaultbin, c.typdefault, c.typacl`,
  'pg_catalog.pg_views': 'c.schemaname, c.viewname, c.viewowner, NULL::text AS definition',
  'pg_catalog.pg_matviews':
    'c.schemaname, c.matviewname, c.matviewowner, c.tablespace, c.hasindexes, c.ispopulated, NULL::text AS definition',
  'information_schema.views': `c.table_catalog, c.table_schema, c.table_name, NULL::text AS view_definition, c.check_option,
    c.is_updatable, c.is_insertable_into, c.is_trigger_updatable, c.is_trigger_deletable, c.is_trigger_insertable_into`,
};
