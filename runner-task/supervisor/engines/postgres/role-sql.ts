import { userSchemas } from './catalog-sql.ts';

/** The role itself and all roles it may become: a privilege is had through SET ROLE too. */
const roles = `
  roles AS (SELECT r.oid FROM pg_catalog.pg_roles r WHERE pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER'))`;

/** What a role may do to a whole server. BYPASSRLS is not among it: it shows rows, and changes none. */
export const flagsSql = `
  SELECT current_user::text AS name, pg_catalog.current_database()::text AS database, rolsuper, rolcreaterole, rolcreatedb,
         rolreplication
  FROM pg_catalog.pg_roles WHERE rolname = current_user`;

/** The memberships that let a role change something without any GRANT on it. */
export const membershipsSql = `
  SELECT r.rolname::text AS name FROM pg_catalog.pg_roles r
  WHERE pg_catalog.pg_has_role(current_user, r.oid, 'MEMBER')
    AND (r.rolname IN ('pg_write_all_data', 'pg_write_server_files', 'pg_execute_server_program', 'pg_signal_backend',
                       'pg_maintain', 'pg_create_subscription') OR (r.rolsuper AND r.rolname <> current_user))
  ORDER BY 1`;

/**
 * What the role may change in this database. TEMPORARY, which everybody has, changes nothing of it. Partitions count: a
 * GRANT may be on them alone.
 */
export const privilegesSql = `
  WITH ${roles}, relation AS (
    SELECT c.oid, c.relkind, c.relowner, n.nspname::text AS schema_name, c.relname::text AS table_name
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND ${userSchemas}
  )
  SELECT p.privilege, schema_name, table_name FROM relation, pg_catalog.unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) p (privilege)
  WHERE relkind <> 'S' AND EXISTS (
    SELECT FROM roles WHERE pg_catalog.has_table_privilege(roles.oid, relation.oid, p.privilege)
      OR (p.privilege IN ('INSERT', 'UPDATE') AND pg_catalog.has_any_column_privilege(roles.oid, relation.oid, p.privilege)))
  UNION ALL
  SELECT p.privilege, schema_name, table_name FROM relation, pg_catalog.unnest(ARRAY['USAGE', 'UPDATE']) p (privilege)
  WHERE relkind = 'S' AND EXISTS (
    SELECT FROM roles WHERE pg_catalog.has_sequence_privilege(roles.oid, relation.oid, p.privilege))
  UNION ALL
  SELECT 'ownership', schema_name, table_name FROM relation JOIN roles ON roles.oid = relation.relowner
  UNION ALL
  SELECT 'CREATE', n.nspname::text, NULL FROM pg_catalog.pg_namespace n
  WHERE ${userSchemas} AND EXISTS (SELECT FROM roles WHERE pg_catalog.has_schema_privilege(roles.oid, n.oid, 'CREATE'))
  UNION ALL
  SELECT 'CREATE', NULL, NULL WHERE EXISTS (
    SELECT FROM roles WHERE pg_catalog.has_database_privilege(roles.oid, pg_catalog.current_database(), 'CREATE'))
  ORDER BY 1, 2, 3`;

/** Tables that can be tried, and one column of each. Not foreign ones: planning for those can ask another server. */
export const triedSql = `
  SELECT n.nspname::text AS schema_name, c.relname::text AS table_name,
         (SELECT a.attname::text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum LIMIT 1) AS column_name
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND ${userSchemas} AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  ORDER BY c.relispartition, c.oid LIMIT $1`;
