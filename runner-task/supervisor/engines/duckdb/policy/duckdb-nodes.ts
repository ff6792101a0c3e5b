import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * What DuckDB's serialized statements may be made of: the classes of expressions, and the types of what has no class.
 * One that is missing here refuses the statement; missing on purpose are parameters and DEFAULT.
 */
const groups: readonly NameGroup[] = [
  {
    reason: 'expressions, by class',
    names: `COLUMN_REF FUNCTION CONSTANT STAR CONJUNCTION COMPARISON OPERATOR CASE CAST WINDOW SUBQUERY BETWEEN LAMBDA
      LAMBDA_REF COLLATE POSITIONAL_REFERENCE TYPE`,
  },
  { reason: 'queries', names: 'SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE' },
  {
    reason: 'what queries read',
    names: 'BASE_TABLE TABLE_FUNCTION JOIN EMPTY SHOW_REF PIVOT EXPRESSION_LIST COLUMN_DATA',
  },
  {
    reason: 'what orders and limits them',
    names: `ORDER_MODIFIER LIMIT_MODIFIER LIMIT_PERCENT_MODIFIER DISTINCT_MODIFIER ASCENDING DESCENDING ORDER_DEFAULT
      INVALID`,
  },
  {
    reason: 'types to cast to: none of them calls a function',
    names: `DECIMAL_TYPE_INFO UNBOUND_TYPE_INFO LIST_TYPE_INFO STRUCT_TYPE_INFO ARRAY_TYPE_INFO ENUM_TYPE_INFO
      STRING_TYPE_INFO GENERIC_TYPE_INFO INTEGER_LITERAL_TYPE_INFO`,
  },
];

/** The names of all of them. */
export const duckdbNodeNames = namesOf(groups);
