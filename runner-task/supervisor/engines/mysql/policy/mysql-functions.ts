import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * The functions of MySQL and MariaDB that may be called, by the reason why they are harmless. What is not here is
 * refused: among it what reads files (load_file), waits or burns time (sleep, benchmark, master_pos_wait), locks
 * (get_lock), writes (nextval, setval, last_insert_id), reports through errors (extractvalue, updatexml), tells who is
 * connected to what, and every stored function.
 */
const mysqlFunctions: readonly NameGroup[] = [
  {
    reason: 'aggregates: they read their rows and keep nothing',
    names: `any_value avg bit_and bit_or bit_xor count group_concat json_arrayagg json_objectagg max median min
      percentile_cont percentile_disc std stddev stddev_pop stddev_samp sum var_pop var_samp variance grouping`,
  },
  {
    reason: 'window functions: they look at other rows of the same result',
    names: `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  },
  {
    reason: 'arithmetic: it computes from its arguments alone',
    names: `abs acos asin atan atan2 bit_count ceil ceiling conv cos cot crc32 degrees exp floor greatest least ln log
      log10 log2 mod oct pi pow power radians round sign sin sqrt tan truncate`,
  },
  { reason: 'chance: it changes no state but that of the generator', names: 'rand uuid sys_guid' },
  {
    reason: 'conditions',
    names: 'coalesce default if ifnull isnull nullif nvl nvl2 decode_oracle interval row',
  },
  {
    reason: 'texts and bytes: they compute from their arguments alone',
    names: `ascii bin bit_length char char_length character_length chr concat concat_ws elt export_set field find_in_set
      format from_base64 hex insert instr lcase left length lengthb locate lower lpad ltrim make_set md5 mid
      natural_sort_key octet_length ord position quote repeat replace reverse right rpad rtrim sformat sha sha1 sha2
      soundex space strcmp substr substring substring_index to_base64 trim ucase unhex upper weight_string compress
      uncompress uncompressed_length aes_decrypt aes_encrypt charset collation coercibility convert`,
  },
  {
    reason: 'regular expressions: they compute from their arguments, within the time limit',
    names: 'regexp_instr regexp_like regexp_replace regexp_substr',
  },
  {
    reason: 'times: they read the clock and the time zone tables',
    names: `adddate addtime add_months convert_tz curdate curtime current_date current_time current_timestamp date
      datediff date_add date_format date_sub day dayname dayofmonth dayofweek dayofyear extract from_days from_unixtime
      get_format hour last_day localtime localtimestamp makedate maketime microsecond minute month monthname months_between
      now period_add period_diff quarter second sec_to_time str_to_date subdate subtime sysdate time timediff timestamp
      timestampadd timestampdiff time_format time_to_sec to_char to_days to_seconds unix_timestamp utc_date utc_time
      utc_timestamp week weekday weekofyear year yearweek`,
  },
  {
    reason: 'JSON: they take documents apart and make them, from their arguments alone',
    names: `json_array json_array_append json_array_insert json_compact json_contains json_contains_path json_depth
      json_detailed json_equals json_exists json_extract json_insert json_keys json_length json_loose json_merge
      json_merge_patch json_merge_preserve json_normalize json_object json_overlaps json_pretty json_query json_quote
      json_remove json_replace json_schema_valid json_search json_set json_storage_size json_type json_unquote json_valid
      json_value member`,
  },
  {
    reason: 'addresses, ids and geometry as values',
    names: `inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_uuid uuid_to_bin
      bin_to_uuid st_astext st_aswkt st_asbinary st_aswkb st_asgeojson st_area st_buffer st_centroid st_contains
      st_convexhull st_crosses st_difference st_dimension st_disjoint st_distance st_distance_sphere st_endpoint
      st_envelope st_equals st_exteriorring st_geometryn st_geometrytype st_geomfromgeojson st_geomfromtext
      st_geomfromwkb st_interiorringn st_intersection st_intersects st_isclosed st_isempty st_issimple st_isvalid
      st_latitude st_length st_longitude st_numgeometries st_numpoints st_overlaps st_pointn st_pointfromtext st_srid
      st_startpoint st_symdifference st_touches st_union st_within st_x st_y st_isring st_pointonsurface st_relate
      st_boundary st_collect st_makeenvelope st_simplify st_validate st_swapxy st_transform st_geohash st_polyfromtext
      st_linefromtext st_collect astext aswkt asbinary aswkb area centroid dimension endpoint envelope exteriorring
      geometryn geometrytype glength interiorringn isclosed isempty issimple numgeometries numinteriorrings numpoints
      pointn startpoint srid x y mbrcontains mbrcoveredby mbrcovers mbrdisjoint mbrequal mbrequals mbrintersects
      mbroverlaps mbrtouches mbrwithin point linestring polygon multipoint multilinestring multipolygon
      geometrycollection geomfromtext pointfromtext`,
  },
  {
    reason: 'vectors: they compute from their arguments alone',
    names: `vector_dim vector_to_string from_vector string_to_vector to_vector vec_distance vec_distance_cosine
      vec_distance_euclidean vec_fromtext vec_totext`,
  },
  {
    reason: 'where one is: part of every question to information_schema, and what the server can do',
    names: 'database schema version',
  },
  {
    reason: 'columns that MariaDB packs into one value',
    names: 'column_check column_create column_exists column_get column_json column_list',
  },
  { reason: 'the place of a row in a result', names: 'rownum' },
];

/** The names of all of them. */
export const mysqlFunctionNames = namesOf(mysqlFunctions);

/** What a refused function is best replaced with. */
export const mysqlFunctionAdvice: readonly (readonly [begin: RegExp, instead: string])[] = [
  [/^load_file$/, 'Files of the server cannot be read; SELECT from the tables.'],
  [/^(sleep|benchmark)$/, 'There is nothing to wait for: leave it out.'],
  [/^(nextval|lastval|setval|last_insert_id)$/, 'To number rows, use ROW_NUMBER() OVER (…).'],
  [/^(extractvalue|updatexml)$/, 'Take XML apart in Python.'],
  [
    /^(user|current_user|session_user|system_user|connection_id|current_role)$/,
    'It is not part of the data: leave it out.',
  ],
  [/^(found_rows|row_count)$/, 'Count in the same statement: SELECT COUNT(*) FROM (…) AS q.'],
  [/^(string_agg|listagg|array_agg)$/, 'Use GROUP_CONCAT(… SEPARATOR …) or JSON_ARRAYAGG(…).'],
  [/^(percentile|quantile)/, 'Use a window: NTILE(100) OVER (ORDER BY …) and aggregate it.'],
  [/^date_trunc$/, "Use DATE_FORMAT(…, '%Y-%m-01')."],
];
