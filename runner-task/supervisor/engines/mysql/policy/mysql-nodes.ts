import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * The classes of node that a parsed statement may be made of; one that is missing here refuses the statement. Missing
 * on purpose: Into, Lock, Parameter and SessionParameter (@a, @@a), PropertyEQ (@a := 1), Placeholder, Command, Dot
 * (functions of a schema), Version, and all that writes.
 */
const groups: readonly NameGroup[] = [
  {
    reason: 'queries',
    names: `Select Union Intersect Except Subquery With CTE Values Tuple From Join Table TableAlias Where Group Rollup
      Having Order Ordered Limit Offset Fetch LimitOptions Distinct Window WindowSpec Alias Aliases Star Lateral IndexTableHint Partition`,
  },
  {
    reason: 'names and values',
    names: 'Identifier Column Literal Boolean Null Var National Introducer HexString BitString',
  },
  {
    reason: 'operators',
    names: `Add Sub Mul Div IntDiv Mod Neg Paren And Or Xor Not EQ NEQ GT GTE LT LTE NullSafeEQ Is In Between Like Escape
      RegexpLike Exists Any All BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitwiseLeftShift BitwiseRightShift Collate
      JSONExtract JSONExtractScalar JSONPath JSONPathRoot JSONPathKey JSONPathSubscript JSONPathWildcard
      JSONPathRecursive JSONPathSlice JSONPathUnion MemberOf JSONArrayContains`,
  },
  {
    reason: 'calls: plain ones are judged by their name, the others have a syntax of their own',
    names: `Anonymous Case If Cast DataType DataTypeParam CharacterSet Interval IntervalSpan Extract GroupConcat Trim
      Substring StrPosition Chr Concat Ceil Floor MatchAgainst JSONObject JSONObjectAgg JSONKeyValue JSONValue JSONTable
      JSONSchema JSONColumnDef OnCondition CurrentDate CurrentTime CurrentTimestamp Localtime Localtimestamp
      WithinGroup Soundex WeightString Timestamp Date TimestampTrunc`,
  },
];

/** The names of all of them. */
export const mysqlNodeNames = namesOf(groups);
