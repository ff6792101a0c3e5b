/**
 * What is read from pg_catalog, with names of its alone: a database may have functions that are called the same. Not from information_schema, which hides the constraints of tables that the role does not
 * own. Needs PostgreSQL 11.
 */

/** Everything but the system's own. No other schema's name may begin with pg_. */
export const userSchemas = `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`;

const relations = 'pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace';
/** Of a partitioned table its partitions are parts, not tables beside it. */
const isTable = `c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND ${userSchemas}`;

/** The server, and the role that is connected. */
export const serverSql = `
  SELECT pg_catalog.current_setting('server_version') AS version,
         pg_catalog.current_setting('server_version_num')::pg_catalog.int4 AS number,
         pg_catalog.current_setting('server_encoding') AS encoding, current_user::pg_catalog.text AS role`;

/** Whether a name without a schema means this relation: in the default schema, and not hidden by one of the system's. */
const plain = (relation: string, schema: string, defaultSchema: string): string =>
  `(${schema}.nspname = ${defaultSchema}::name AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_class hiding
    WHERE hiding.relname = ${relation}.relname AND hiding.relnamespace = 'pg_catalog'::regnamespace))`;

/**
 * The tables and views. Rows are those at the last ANALYZE or VACUUM; -1, and before PostgreSQL 14 no page, say that there
 * was none. A partitioned table has those of its partitions, one that others inherit from theirs beside its own. $2 is the
 * default schema.
 */
export const tablesSql = `
  WITH RECURSIVE part AS (
    SELECT c.oid AS root, c.oid FROM pg_catalog.pg_class c
    WHERE (c.relkind = 'p' OR (c.relhassubclass AND c.relkind IN ('r', 'f'))) AND NOT c.relispartition
    UNION ALL
    SELECT part.root, i.inhrelid FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent = part.oid
  ), leaf AS (
    SELECT part.root, CASE WHEN c.reltuples < 0 OR (c.reltuples = 0 AND c.relpages = 0 AND $1 < 140000)
                      THEN NULL ELSE c.reltuples END AS rows
    FROM part JOIN pg_catalog.pg_class c ON c.oid = part.oid AND c.relkind <> 'p'
  ), total AS (
    SELECT root, CASE WHEN pg_catalog.count(rows) = pg_catalog.count(*) THEN pg_catalog.sum(rows) END AS rows FROM leaf GROUP BY root
  )
  SELECT c.oid, n.nspname AS schema_name, c.relname AS table_name, c.relkind AS kind, ${plain('c', 'n', '$2')} AS plain,
         pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS may_use,
         pg_catalog.has_table_privilege(c.oid, 'SELECT') AS may_read,
         pg_catalog.has_any_column_privilege(c.oid, 'SELECT') AS may_read_some,
         pg_catalog.row_security_active(c.oid) AS filtered,
         CASE WHEN c.relkind = 'p' OR total.root IS NOT NULL THEN total.rows WHEN c.relkind = 'v' OR c.reltuples < 0 THEN NULL
              WHEN c.reltuples = 0 AND c.relpages = 0 AND $1 < 140000 THEN NULL
              ELSE c.reltuples END::float8 AS estimated_rows,
         d.description AS comment
  FROM ${relations}
  LEFT JOIN total ON total.root = c.oid
  LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
  WHERE ${isTable}
  ORDER BY n.nspname IS DISTINCT FROM $2::name, n.nspname, c.relname`;

/** Sizes on disk, TOAST and all. It opens each table, so it can wait for a lock: a query of its own, that may fail. */
export const sizesSql = `
  WITH RECURSIVE part AS (
    SELECT oid AS root, oid FROM pg_catalog.unnest($1::oid[]) AS listed (oid)
    UNION ALL
    SELECT part.root, i.inhrelid FROM part JOIN pg_catalog.pg_inherits i ON i.inhparent = part.oid
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND c.relispartition
  )
  SELECT root AS oid, pg_catalog.sum(pg_catalog.pg_table_size(oid))::float8 AS bytes FROM part GROUP BY root`;

/** Their columns. What a domain is made of is followed to its end: a domain may be one of another domain. */
export const columnsSql = `
  WITH RECURSIVE step AS (
    SELECT t.oid AS domain, t.typbasetype AS base, t.typtypmod AS modifier, 1 AS depth
    FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    UNION ALL
    SELECT step.domain, t.typbasetype, t.typtypmod, step.depth + 1
    FROM step JOIN pg_catalog.pg_type t ON t.oid = step.base AND t.typtype = 'd'
  ), domain AS (
    SELECT DISTINCT ON (step.domain) step.domain, step.base, step.modifier, t.typtype
    FROM step JOIN pg_catalog.pg_type t ON t.oid = step.base ORDER BY step.domain, step.depth DESC
  )
  SELECT c.oid, a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
         CASE WHEN t.typtype = 'e' OR domain.typtype = 'e' THEN 'enum'
              WHEN t.typtype = 'd' THEN pg_catalog.format_type(domain.base, domain.modifier) END AS base_type,
         NOT (a.attnotnull OR t.typnotnull) AS nullable,
         pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') AS may_read,
         d.description AS comment
  FROM ${relations}
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN domain ON domain.domain = t.oid
  LEFT JOIN pg_catalog.pg_description d
    ON d.objoid = c.oid AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = a.attnum
  WHERE ${isTable}
  ORDER BY c.oid, a.attnum`;

const namesOf = (numbers: string, relation: string, atMost = 'true'): string => `
  ARRAY(SELECT a.attname::text FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS key (number, place)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = ${relation} AND a.attnum = key.number
        WHERE ${atMost} ORDER BY key.place)`;

/**
 * Keys: declared ones, without the copies that partitions have of them, and unique indexes that no constraint stands
 * for. An index of some rows or of expressions makes nothing unique. $1 is the default schema.
 */
export const constraintsSql = `
  SELECT oid, kind, columns, referenced_schema, referenced_table, referenced_plain, referenced_columns FROM (
    SELECT c.oid, k.contype::text AS kind, ${namesOf('k.conkey', 'k.conrelid')} AS columns,
           rn.nspname AS referenced_schema, rc.relname AS referenced_table, ${plain('rc', 'rn', '$1')} AS referenced_plain,
           ${namesOf('k.confkey', 'k.confrelid')} AS referenced_columns, k.conname AS name
    FROM ${relations}
    JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
    LEFT JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid
    LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
    WHERE ${isTable} AND k.contype IN ('p', 'u', 'f') AND k.conparentid = 0
    UNION ALL
    SELECT c.oid, 'u', ${namesOf('i.indkey::int2[]', 'i.indrelid', 'key.place <= i.indnkeyatts')},
           NULL, NULL, NULL, NULL, ic.relname
    FROM ${relations}
    JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
    JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
    WHERE ${isTable} AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = i.indrelid)
  ) AS keys
  ORDER BY oid, kind = 'f', kind, name`;

/** What is read from which foreign server: foreign tables, the tables that they are parts of, and the views of all these. */
export const foreignReadersSql = `
  WITH RECURSIVE step AS (
    SELECT i.inhrelid AS part, i.inhparent AS whole FROM pg_catalog.pg_inherits i
    UNION ALL
    SELECT d.refobjid, r.ev_class FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
    JOIN pg_catalog.pg_class c ON c.oid = r.ev_class AND c.relkind = 'v'
    WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
      AND d.refobjid <> r.ev_class
  ), reader AS (
    SELECT f.ftrelid AS oid, f.ftserver AS server FROM pg_catalog.pg_foreign_table f
    UNION
    SELECT step.whole, reader.server FROM reader JOIN step ON step.part = reader.oid
  )
  SELECT n.nspname AS schema_name, c.relname AS table_name, s.srvname AS server
  FROM reader JOIN pg_catalog.pg_class c ON c.oid = reader.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_foreign_server s ON s.oid = reader.server
  ORDER BY c.relkind = 'v', n.nspname, c.relname`;

/** Which tables inherit from which: a SELECT from one reads the rows of those that inherit from it. $1 is the default schema. */
export const inheritanceSql = `
  WITH RECURSIVE step AS (
    SELECT i.inhrelid AS part, i.inhparent AS whole FROM pg_catalog.pg_inherits i
    JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid AND NOT c.relispartition AND c.relkind IN ('r', 'f')
    UNION
    SELECT step.part, i.inhparent FROM step JOIN pg_catalog.pg_inherits i ON i.inhrelid = step.whole
  )
  SELECT step.part, step.whole, n.nspname AS schema_name, c.relname AS table_name, ${plain('c', 'n', '$1')} AS plain
  FROM step JOIN pg_catalog.pg_class c ON c.oid = step.whole JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  ORDER BY n.nspname, c.relname`;

/** Whether a relation is one of an extension's own. */
const ofExtension = (relation: string): string => `
  pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = ${relation}.oid AND d.objsubid = 0
    AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'`;

/** What an extension has made for itself, and sequences that no column takes its values from. $1 is the default schema. */
export const besideSql = `
  SELECT n.nspname AS schema_name, c.relname AS name, ${plain('c', 'n', '$1')} AS plain, c.relkind::text AS kind,
         (SELECT e.extname FROM ${ofExtension('c')} LIMIT 1) AS extension
  FROM ${relations}
  WHERE ${userSchemas} AND (
    (c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND EXISTS (SELECT FROM ${ofExtension('c')}))
    OR (c.relkind = 'S' AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
        AND d.deptype IN ('a', 'i', 'e'))))
  ORDER BY n.nspname, c.relname`;
