import { addedFunctions } from '../add-functions.ts';
import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * The functions of SQLite that may be called, by the reason why they are harmless. What is not here is refused: among it what
 * loads code (load_extension), makes bytes by the gigabyte (zeroblob, randomblob), tells of earlier statements (changes,
 * last_insert_rowid), writes to the log, and all that belongs to virtual tables.
 */
const groups: readonly NameGroup[] = [
  {
    reason: 'aggregates: they read their rows and keep nothing',
    names: `avg count group_concat max median min percentile percentile_cont percentile_disc string_agg sum total
      json_group_array json_group_object jsonb_group_array jsonb_group_object`,
  },
  {
    reason: 'window functions: they look at other rows of the same result',
    names: `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  },
  {
    reason: 'arithmetic: it computes from its arguments alone',
    names: `abs acos acosh asin asinh atan atan2 atanh ceil ceiling cos cosh degrees exp floor ln log log10 log2 mod pi
      pow power radians round sign sin sinh sqrt tan tanh trunc`,
  },
  { reason: 'chance: it changes no state but that of the generator', names: 'random' },
  {
    reason: 'conditions and types',
    names: 'coalesce if ifnull iif likelihood likely nullif subtype typeof unlikely sqlite_version',
  },
  {
    reason: 'texts and bytes: they compute from their arguments alone',
    names: `char concat concat_ws format glob hex instr length like lower ltrim octet_length printf quote replace
      rtrim substr substring trim unhex unicode unistr unistr_quote upper`,
  },
  {
    reason: 'times',
    names: `current_date current_time current_timestamp date datetime julianday strftime time timediff unixepoch`,
  },
  {
    reason: 'JSON: it computes from its arguments alone',
    names: `-> ->> json json_array json_array_insert json_array_length json_error_position json_extract json_insert
      json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid jsonb
      jsonb_array jsonb_array_insert jsonb_extract jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace
      jsonb_set`,
  },
];

/** The functions of SQLite that may be called. */
export const sqliteFunctions: ReadonlySet<string> = new Set([...namesOf(groups), ...addedFunctions]);

/** What PRAGMA may tell: the shape of tables. Neither table_list, which starts virtual tables, nor anything that sets. */
export const sqlitePragmas: ReadonlySet<string> = new Set([
  'table_info',
  'table_xinfo',
  'index_list',
  'index_info',
  'index_xinfo',
  'foreign_key_list',
]);

/** Tables that no file holds and that may be read: functions that answer with rows, and the catalog. */
export const sqliteSystemRelations: ReadonlySet<string> = new Set([
  'json_each',
  'json_tree',
  'jsonb_each',
  'jsonb_tree',
  'sqlite_master',
  'sqlite_schema',
  ...[...sqlitePragmas].map((pragma) => `pragma_${pragma}`),
]);
