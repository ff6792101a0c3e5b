import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * The functions of PostgreSQL's catalog (pg_proc) that may be called, by the reason why they are harmless. What is not
 * here is refused: among it everything that reads files, sleeps, locks, writes (nextval, set_config, lo_*,
 * pg_current_xact_id), runs SQL given as text (query_to_xml, ts_stat, ts_rewrite), tells of other sessions, roles or
 * settings, and what extensions and users have made.
 */
export const postgresFunctions: readonly NameGroup[] = [
  {
    reason: 'aggregates: they read their rows and keep nothing',
    names: `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every
      json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
      json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict
      jsonb_object_agg_unique jsonb_object_agg_unique_strict max min mode percentile_cont percentile_disc range_agg
      range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy
      stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`,
  },
  {
    reason: 'window functions: they look at other rows of the same result',
    names: `cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number`,
  },
  {
    reason: 'arithmetic: it computes from its arguments alone',
    names: `abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh cbrt ceil ceiling cos cosd cosh cot
      cotd degrees div erf erfc exp factorial floor gamma gcd lcm lgamma ln log log10 min_scale mod pi pow power
      radians round scale sign sin sind sinh sqrt tan tand tanh trim_scale trunc width_bucket to_hex to_oct to_bin
      num_nulls num_nonnulls bit_count get_bit set_bit`,
  },
  {
    reason: 'chance: it changes no state but that of the generator',
    names: `random random_normal gen_random_uuid uuidv4 uuidv7 uuid_extract_version uuid_extract_timestamp`,
  },
  {
    reason: 'texts and bytes: they compute from their arguments alone',
    names: `ascii bit_length btrim casefold char_length character_length chr concat concat_ws convert convert_from
      convert_to crc32 crc32c decode encode format get_byte initcap is_normalized left length like like_escape lower
      lpad ltrim md5 normalize notlike octet_length overlay parse_ident position quote_ident quote_literal
      quote_nullable hashtext hashtextextended repeat replace reverse right rpad rtrim set_byte sha224 sha256 sha384 sha512 similar_escape
      similar_to_escape split_part starts_with string_to_array string_to_table strpos substr substring to_ascii
      translate unistr upper unicode_assigned`,
  },
  {
    reason: 'regular expressions: they compute from their arguments, within the time limit',
    names: `regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array
      regexp_split_to_table regexp_substr`,
  },
  {
    reason: 'times: they read the clock and the time zone tables',
    names: `age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite justify_days
      justify_hours justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps
      statement_timestamp timeofday timezone to_char to_date to_number to_timestamp transaction_timestamp`,
  },
  {
    reason: 'types written as functions: casts to built-in types',
    names: `bit bool bpchar date float4 float8 int2 int4 int8 interval name numeric oid text time timestamp
      timestamptz timetz varbit varchar money`,
  },
  {
    reason: 'JSON: they take documents apart and make them, from their arguments alone',
    names: `array_to_json json_array_element json_array_element_text json_array_elements json_array_elements_text
      json_array_length json_build_array json_build_object json_each json_each_text json_extract_path
      json_extract_path_text json_object json_object_field json_object_field_text json_object_keys
      json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof
      jsonb_array_element jsonb_array_element_text jsonb_array_elements jsonb_array_elements_text jsonb_array_length
      jsonb_build_array jsonb_build_object jsonb_contains jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all
      jsonb_exists_any jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_field
      jsonb_object_field_text jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match
      jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz jsonb_path_query_first
      jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset jsonb_pretty
      jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json
      to_jsonb`,
  },
  {
    reason: 'arrays: they compute from their arguments alone',
    names: `array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
      array_positions array_prepend array_remove array_replace array_reverse array_sample array_shuffle array_sort
      array_to_string array_upper cardinality trim_array arraycontains arrayoverlap`,
  },
  {
    reason: 'sets of rows made from the arguments; the row limit bounds them',
    names: `generate_series generate_subscripts unnest`,
  },
  {
    reason: 'ranges: they compute from their arguments alone',
    names: `datemultirange daterange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf
      multirange nummultirange numrange range_merge tsmultirange tsrange tstzmultirange tstzrange upper_inc upper_inf`,
  },
  {
    reason: 'geometry: it computes from its arguments alone',
    names: `area box center circle diagonal diameter height isclosed isopen line lseg npoints path pclose point polygon
      popen radius slope width`,
  },
  {
    reason: 'network addresses as values; nothing is looked up',
    names: `abbrev broadcast cidr family host hostmask inet inet_merge inet_same_family macaddr macaddr8 masklen netmask
      network set_masklen`,
  },
  {
    reason: 'text search over the arguments; without ts_stat and ts_rewrite, which run SQL given as text',
    names: `array_to_tsvector get_current_ts_config json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery
      plainto_tsquery querytree setweight strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank
      ts_rank_cd tsquery_phrase tsvector_to_array websearch_to_tsquery`,
  },
  {
    reason: 'enumerations: they read the list of values of a type',
    names: `enum_first enum_last enum_range`,
  },
  {
    reason: 'the catalog in words: names, types, definitions and sizes of what is there',
    names: `col_description current_database current_schema current_schemas format_type obj_description
      pg_collation_for pg_column_size pg_encoding_to_char pg_get_constraintdef pg_get_expr pg_get_indexdef
      pg_get_partkeydef pg_get_serial_sequence pg_get_viewdef pg_indexes_size pg_relation_size pg_size_bytes
      pg_size_pretty pg_table_is_visible pg_table_size pg_total_relation_size pg_type_is_visible pg_typeof
      to_regclass to_regnamespace to_regtype`,
  },
  {
    reason: 'where one is, and what one may read there: they tell nothing of anybody else',
    names: `version pg_database_size pg_is_in_recovery has_table_privilege has_any_column_privilege has_column_privilege
      has_schema_privilege`,
  },
];

/** The names of all of them. */
export const postgresFunctionNames = namesOf(postgresFunctions);

/** What a refused function is best replaced with, by the beginning of its name. */
export const postgresFunctionAdvice: readonly (readonly [begin: RegExp, instead: string])[] = [
  [/^(pg_read_|pg_ls_|pg_stat_file|lo_|loread|lowrite)/, 'Files of the server cannot be read; SELECT from the tables.'],
  [/^pg_sleep/, 'There is nothing to wait for: leave it out.'],
  [/^(nextval|setval|currval|lastval)$/, 'To number rows, use row_number() OVER (…).'],
  [/^(query|table|schema|database|cursor)_to_xml/, 'Use json_agg(row) over the query itself.'],
  [/^(dblink|postgres_fdw)/, 'Only the database of this run can be read.'],
  [/^(ts_stat|ts_rewrite)$/, 'Use unnest(tsvector) and GROUP BY over the query itself.'],
  [
    /^current_setting$/,
    'Those that explain results may be read: server_version, TimeZone, search_path, server_encoding.',
  ],
  [/^set_config$/, 'The settings are fixed; times are in UTC.'],
  [/^(txid_|pg_current_xact)/, 'Transactions are not part of the data: leave it out.'],
  [/^(median)$/, 'Use percentile_cont(0.5) WITHIN GROUP (ORDER BY …).'],
  [/^(approx_count_distinct)$/, 'Use count(DISTINCT …).'],
  [/^(ifnull|nvl)$/, 'Use coalesce(…).'],
];
