import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * The kinds of node that a parsed statement may be made of. A kind that is missing here refuses the statement: so do
 * those of grammars to come.
 */
const groups: readonly NameGroup[] = [
  {
    reason: 'queries',
    names: 'SelectStmt CommonTableExpr ResTarget SortBy WindowDef GroupingSet SubLink RowExpr List A_Star',
  },
  {
    reason: 'what queries read',
    names: 'RangeVar RangeSubselect RangeFunction RangeTableSample JoinExpr ColumnDef RangeTableFuncCol',
  },
  {
    reason: 'expressions',
    names: `A_Const A_Expr A_ArrayExpr A_Indirection A_Indices BoolExpr BooleanTest CaseExpr CaseWhen CoalesceExpr
      CollateClause ColumnRef FuncCall GroupingFunc MinMaxExpr NamedArgExpr NullTest SQLValueFunction TypeCast TypeName
      String Integer Float Boolean BitString`,
  },
  {
    reason: 'JSON as SQL writes it since versions 16 and 17',
    names: `JsonFuncExpr JsonValueExpr JsonFormat JsonReturning JsonOutput JsonArgument JsonBehavior JsonTable
      JsonTableColumn JsonTablePathSpec JsonKeyValue JsonObjectConstructor JsonArrayConstructor
      JsonArrayQueryConstructor JsonObjectAgg JsonArrayAgg JsonAggConstructor JsonIsPredicate JsonParseExpr
      JsonScalarExpr JsonSerializeExpr`,
  },
];

/** The names of all of them. */
export const postgresNodeNames = namesOf(groups);
