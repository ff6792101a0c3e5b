WITH RECURSIVE target AS (
  SELECT oid, relname, (SELECT nspname FROM pg_namespace WHERE oid = relnamespace) AS nspname
  FROM pg_class WHERE oid = to_regclass('"sales"."orders"')
),
part AS (
  SELECT oid FROM target
  UNION ALL
  SELECT inhrelid FROM pg_inherits JOIN part ON inhparent = oid
),
estimate AS (
  SELECT CASE WHEN bool_and(reltuples >= 0) THEN
      sum(CASE WHEN relpages > 0 THEN reltuples / relpages * pg_relation_size(oid) / 8192 ELSE reltuples END)
    END AS rows
  FROM pg_class JOIN part USING (oid)
  WHERE relkind <> 'p'
),
beginning AS (
  SELECT count(*) AS rows FROM (SELECT FROM "sales"."orders" LIMIT 200001) AS few
),
known AS (
  SELECT attname, n_distinct, row_number() OVER (PARTITION BY attname ORDER BY inherited DESC) AS rank
  FROM pg_stats
  WHERE tablename = (SELECT relname FROM target) AND schemaname = (SELECT nspname FROM target)
)
SELECT 'planner_rows' AS name, round(rows)::text AS value, NULL::float8 AS count
FROM estimate WHERE rows > 400000
UNION ALL
SELECT 'rows', (
  SELECT CASE WHEN rows > 200000 THEN (SELECT count(*) FROM "sales"."orders") ELSE rows END FROM beginning
)::text, NULL
FROM estimate WHERE rows IS NULL OR rows <= 400000
UNION ALL
SELECT 'planner_distinct', attname::text, n_distinct FROM known WHERE rank = 1;

WITH source AS (
  SELECT
    "order_id" AS c0,
    "amount" AS c1,
    "status ""now"""::text COLLATE "C" AS c2,
    "ordered_at" AS c3,
    "is_gift" AS c4,
    CASE WHEN "tags" IS DISTINCT FROM NULL THEN true END AS c5
  FROM "sales"."orders"
),
pass AS (
  SELECT
    count(*)::text AS rows,
    (count(*) - (SELECT count(*) FROM (SELECT DISTINCT (whole.*)::text FROM "sales"."orders" AS whole) AS kind))::text AS duplicate_rows,
    ARRAY[count(c0), min(c0), max(c0), avg(c0::float8), stddev_samp(c0::float8), count(*) FILTER (WHERE c0 = 0), count(*) FILTER (WHERE c0 < 0), 0]::text[] AS c0,
    ARRAY[count(c1), min(nullif(c1, 'NaN')), max(nullif(c1, 'NaN')), avg(nullif(c1, 'NaN')::float8), stddev_samp(nullif(c1, 'NaN')::float8), count(*) FILTER (WHERE c1 = 0), count(*) FILTER (WHERE c1 < 0), count(c1) - count(nullif(c1, 'NaN'))]::text[] AS c1,
    ARRAY[count(c2)]::text[] AS c2,
    ARRAY[count(c3), min(CASE WHEN isfinite(c3) THEN c3 END), max(CASE WHEN isfinite(c3) THEN c3 END), date_part('epoch', max(CASE WHEN isfinite(c3) THEN c3 END)), count(*) FILTER (WHERE c3 > TIMESTAMP '2025-07-01 00:00:00' AND isfinite(c3)), count(c3) - count(CASE WHEN isfinite(c3) THEN c3 END)]::text[] AS c3,
    ARRAY[count(c4), bool_or(c4)::int + bool_or(NOT c4)::int]::text[] AS c4,
    ARRAY[count(c5)]::text[] AS c5
  FROM source
),
names(kind, names) AS (
  VALUES
    ('number', '{values,min,max,mean,deviation,zero,negative,not_finite}'::text[]),
    ('time', '{values,min,max,newest_epoch,in_future,undated}'::text[]),
    ('boolean', '{values,distinct}'::text[]),
    ('text', '{values}'::text[]),
    ('other', '{values}'::text[])
)
SELECT figure AS name, value, NULL AS count
FROM pass, LATERAL (VALUES ('rows', rows), ('duplicate_rows', duplicate_rows)) AS of_table(figure, value)
UNION ALL
SELECT concat(c, '_', name), value, NULL
FROM pass, LATERAL (VALUES
    ('c0', 'number', c0),
    ('c1', 'number', c1),
    ('c2', 'text', c2),
    ('c3', 'time', c3),
    ('c4', 'boolean', c4),
    ('c5', 'other', c5)
  ) AS of_column(c, kind, figures)
  JOIN names USING (kind), ROWS FROM (unnest(names), unnest(figures)) AS figure(name, value)
WHERE value IS NOT NULL;

WITH source AS MATERIALIZED (
  SELECT *,
    c0::float8 AS x0,
    nullif(c1, 'NaN')::float8 AS x1,
    CASE WHEN isfinite(c3) THEN c3 END AS x3
  FROM (
    SELECT
    "order_id" AS c0,
    "amount" AS c1,
    "status ""now"""::text COLLATE "C" AS c2,
    "ordered_at" AS c3,
    "is_gift" AS c4,
    CASE WHEN "tags" IS DISTINCT FROM NULL THEN true END AS c5
    FROM "sales"."orders"
  ) AS columns
),
counted AS (
  SELECT count(*) AS rows, ARRAY[count(c0),count(c1),count(c2),count(c3),count(c4)]::bigint[] AS counts FROM source
),
points(p) AS (VALUES ('{0,0.01,0.05,0.25,0.5,0.75,0.95,0.99,1}'::float8[])),
measured AS (
  SELECT
    percentile_cont((TABLE points)) WITHIN GROUP (ORDER BY x0) AS q0,
    percentile_cont((TABLE points)) WITHIN GROUP (ORDER BY x1) AS q1,
    percentile_disc((TABLE points)) WITHIN GROUP (ORDER BY x3) AS q3
  FROM source
),
quantiles AS (
  SELECT c, has_fences, shown, q[1] AS least, q[2] AS p01, q[4] AS p25, q[6] AS p75, q[8] AS p99, q[9] AS greatest
  FROM measured, LATERAL (VALUES
    (0, true, q0::text[], q0),
    (1, true, q1::text[], q1),
    (3, false, q3::text[], ARRAY(SELECT date_part('epoch', t) FROM unnest(q3) AS t))
  ) AS spread(c, has_fences, shown, q)
),
-- The bars divide the middle 98 % where the tails are long, else the whole range.
spreads AS MATERIALIZED (
  SELECT c, shown, least, greatest,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN has_fences AND p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN has_fences AND p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM quantiles
),
numbers(c, x) AS (
  SELECT 0, x0 FROM source
  UNION ALL SELECT 1, x1 FROM source
  UNION ALL SELECT 3, date_part('epoch', x3) FROM source
),
bars AS MATERIALIZED (
  SELECT c,
    CASE WHEN high - low > 1e-290
      THEN least(19, floor((greatest(low, least(high, x)) - low) / ((high - low) / 20)))
    END AS bar,
    count(*) AS count,
    count(*) FILTER (WHERE x < low_fence) AS below,
    count(*) FILTER (WHERE x > high_fence) AS above
  FROM numbers JOIN spreads USING (c)
  WHERE x IS NOT NULL
  GROUP BY 1, 2
),
texts(c, x, length, last) AS (
  SELECT 2, left(c2, 1000), length(c2), right(c2, 1) FROM source
),
shapes AS (
  SELECT c, ARRAY[
    count(x), min(left(x, 200)), max(left(x, 200)), min(length), max(length), avg(length::float8),
    count(*) FILTER (WHERE CASE WHEN strpos(x, '@') > 0 THEN x ~ '^([ \t\n\f\r]*[0-9A-Za-z_.+%-]+@[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*\.[A-Za-z]{2,}[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < ':' THEN x ~ '^([ \t\n\f\r]*([+(][0-9][0-9 ()./-]{5,18}[0-9]|00[1-9][0-9]{0,2}[ ()./-][0-9][0-9 ()./-]{4,16}[0-9]|0[0-9]{2,5}[ ()./-]{1,3}[0-9]{4,10}|0[0-9][ ()./-]{1,3}[0-9]{5,10}|0[0-9]{1,5}[ ()./-]{1,3}[0-9]{3,10}([ ./-][0-9]{2,8}){1,4}|0[0-9]([ ./-][0-9][0-9]){4,5}|0[1-9][0-9]{8,9}|[0-9]{3}[ .-][0-9]{3,4}[ .-][0-9]{4})[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < ':' THEN x ~ '^([ \t\n\f\r]*[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < 'g' THEN x ~ '^([ \t\n\f\r]*(((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN strpos(x, '-') > 0 THEN x ~ '^([ \t\n\f\r]*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN strpos(x, '://') > 0 THEN x ~ '^([ \t\n\f\r]*(https?|ftp)://[^ \t\n\f\r]+[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < ':' THEN x ~ '^([ \t\n\f\r]*[+-]?([0-9]+([.,][0-9]+)?|[.,][0-9]+)([eE][+-]?[0-9]+)?[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < ':' THEN x ~ '^([ \t\n\f\r]*([0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?[ \t\n\f\r]*(Z|[+-][0-9]{2}:?[0-9]{2})?)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4})[ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < '!' THEN x ~ '^([ \t\n\f\r]*)$' END),
    count(*) FILTER (WHERE CASE WHEN x COLLATE "C" < '!' OR last COLLATE "C" < '!' THEN x ~ '^(([ \t\n\f\r]+[^ \t\n\f\r].*|.*[^ \t\n\f\r][ \t\n\f\r]+))$' END)
  ]::text[] AS figures
  FROM texts
  WHERE x IS NOT NULL
  GROUP BY c
),
groups(c, value, count, kinds) AS MATERIALIZED (
  (SELECT 0, c0::text AS v, count(*), count(*) OVER () FROM source WHERE c0 IS NOT NULL GROUP BY c0 ORDER BY 3 DESC, c0 LIMIT 10)
  UNION ALL (SELECT 1, c1::text AS v, count(*), count(*) OVER () FROM source WHERE c1 IS NOT NULL GROUP BY c1 ORDER BY 3 DESC, c1 LIMIT 10)
  UNION ALL (SELECT 2, left(c2, 200) AS v, count(*), count(*) OVER () FROM source WHERE c2 IS NOT NULL GROUP BY c2 ORDER BY 3 DESC, c2 LIMIT 10)
  UNION ALL (SELECT 3, c3::text AS v, count(*), count(*) OVER () FROM source WHERE c3 IS NOT NULL GROUP BY c3 ORDER BY 3 DESC, c3 LIMIT 10)
  UNION ALL (SELECT 4, c4::text AS v, count(*), count(*) OVER () FROM source WHERE c4 IS NOT NULL GROUP BY c4 ORDER BY 3 DESC, c4 LIMIT 10)
)
SELECT 'source_rows' AS name, rows::text AS value, NULL::bigint AS count FROM counted
UNION ALL
SELECT concat('c', c, '_compared'), values::text, NULL
FROM counted, ROWS FROM (
  unnest('{0,1,2,3,4}'::int[]), unnest(counts)
) AS compared(c, values)
UNION ALL
SELECT concat('c', c, '_', name), value, NULL
FROM spreads, ROWS FROM (
  unnest('{p01,p05,p25,p50,p75,p95,p99,least,greatest,low,high,low_fence,high_fence}'::text[]),
  unnest(shown[2:8] || ARRAY[least, greatest, low, high, low_fence, high_fence]::text[])
) AS figure(name, value)
WHERE value IS NOT NULL
UNION ALL
SELECT concat('c', c, '_bin'), bar::text, count FROM bars WHERE bar IS NOT NULL
UNION ALL
SELECT concat('c', c, '_', name), value::text, NULL
FROM (SELECT c, sum(below) AS below, sum(above) AS above FROM bars GROUP BY c) AS fenced,
  LATERAL (VALUES ('below', below), ('above', above)) AS figure(name, value)
UNION ALL
SELECT concat('c', c, '_', name), value, NULL
FROM shapes, ROWS FROM (unnest('{shape_values,min,max,length_min,length_max,length_mean,shape_email,shape_phone,shape_card,shape_ip_address,shape_uuid,shape_url,shape_number,shape_time,shape_blank,shape_padded}'::text[]), unnest(figures)) AS figure(name, value)
UNION ALL
SELECT concat('c', c, '_top'), left(value, 200), count FROM groups
UNION ALL
SELECT DISTINCT concat('c', c, '_distinct'), kinds::text, NULL::bigint FROM groups;
