import { lookUp } from '../../../../../src/contracts/look-up.ts';
/** What a function is told, or tells, of relations: which of its arguments says which relation it is. */
export type RelationArgument = 'first' | 'each' | 'third_last' | 'second_last' | 'never';

/** Functions of the catalog that say nothing of one relation. All others that begin like them do. */
const harmless = new Set([
  'pg_collation_for',
  'pg_column_size',
  'pg_database_size',
  'pg_encoding_to_char',
  'pg_size_bytes',
  'pg_size_pretty',
  'pg_typeof',
  'to_regnamespace',
  'has_database_privilege',
  'has_schema_privilege',
  'pg_postmaster_start_time',
  'pg_is_in_recovery',
  'pg_char_to_encoding',
  'pg_client_encoding',
]);
const tellsOfRelations =
  /^(pg_|has_|to_reg|row_security|(col|obj|shobj)_description$|format_type$|currval$|lastval$|nextval$|setval$)/;

const others: Readonly<Record<string, RelationArgument>> = {
  // The text of an expression, and the relation whose columns it names.
  pg_get_expr: 'each',
  // With the role before it, or without.
  has_table_privilege: 'second_last',
  has_any_column_privilege: 'second_last',
  has_sequence_privilege: 'second_last',
  has_column_privilege: 'third_last',
  // What a view reads may be outside the run.
  pg_get_viewdef: 'never',
  pg_get_ruledef: 'never',
};

/** Which argument of a function says which relation it tells of; undefined where it tells of none. */
export const relationArgumentOf = (name: string): RelationArgument | undefined => {
  const other = lookUp(others, name);
  if (other !== undefined) return other;
  return tellsOfRelations.test(name) && !harmless.has(name) ? 'first' : undefined;
};
