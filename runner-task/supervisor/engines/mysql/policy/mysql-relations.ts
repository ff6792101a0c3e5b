import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/** The views of information_schema that may be read. Without: grants, sessions, variables, routines with their sources, the engine's insides. */
const groups: readonly NameGroup[] = [
  {
    reason: 'what tables, columns, keys and statistics there are, of what the role can read',
    names: `tables columns statistics key_column_usage table_constraints referential_constraints check_constraints views
      schemata partitions character_sets collations collation_character_set_applicability column_statistics`,
  },
];

const views = namesOf(groups);

const systemSchemas = new Set(['mysql', 'sys', 'performance_schema', 'information_schema']);

/** Whether a schema is one of the system's; MySQL ignores the case of their names. */
export const isMysqlSystemSchema = (schema: string): boolean => systemSchemas.has(schema.toLowerCase());

/** Whether this relation of the system may be read. */
export const mayReadMysqlSystemRelation = (schema: string, name: string): boolean =>
  schema.toLowerCase() === 'information_schema' && views.has(name.toLowerCase());
