import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/** The relations of pg_catalog that may be read. Without: password hashes, settings, other sessions, function sources. */
const catalogGroups: readonly NameGroup[] = [
  {
    reason: 'what tables, columns, keys and types there are',
    names: `pg_class pg_namespace pg_attribute pg_attrdef pg_constraint pg_index pg_type pg_enum pg_range pg_inherits
      pg_partitioned_table pg_description pg_collation pg_am pg_sequence pg_depend pg_tables pg_views pg_matviews
      pg_indexes pg_sequences`,
  },
  {
    reason: 'sizes and statistics of what the role can read',
    names: `pg_stats pg_stats_ext pg_statistic_ext pg_stat_user_tables pg_stat_all_tables pg_stat_user_indexes
      pg_stat_all_indexes pg_statio_user_tables`,
  },
];

/** The views of information_schema that may be read. Without: grants, routines with their sources, foreign servers with their options. */
const informationSchemaGroups: readonly NameGroup[] = [
  {
    reason: 'what tables, columns and constraints there are',
    names: `tables columns views schemata table_constraints key_column_usage constraint_column_usage
      constraint_table_usage referential_constraints check_constraints domains domain_constraints
      column_domain_usage column_udt_usage element_types attributes character_sets collations sequences
      view_column_usage view_table_usage`,
  },
];

const catalog = namesOf(catalogGroups);
const informationSchema = namesOf(informationSchemaGroups);

/**
 * Whether a name that means no table of the run means a relation of the system. Tables may be called `pg_…` too, but no
 * schema; pg_catalog is searched before every other one.
 */
export const isSystemRelation = (schema: string | undefined, name: string): boolean =>
  schema === undefined ? name.startsWith('pg_') : schema.startsWith('pg_') || schema === 'information_schema';

/** Whether this is a relation of the system that may be read. */
export const mayReadSystemRelation = (schema: string | undefined, name: string): boolean =>
  schema === 'information_schema'
    ? informationSchema.has(name)
    : (schema === undefined || schema === 'pg_catalog') && catalog.has(name);
