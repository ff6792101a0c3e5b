SELECT IF(few.n > 200000 AND estimate.n > 200000, 'planner_rows', 'rows') AS name,
  CASE
    WHEN few.n <= 200000 THEN few.n
    WHEN estimate.n > 200000 THEN estimate.n
    ELSE (SELECT COUNT(*) FROM `sales`.`orders`)
  END AS value,
  NULL AS count
FROM (SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM `sales`.`orders` LIMIT 200001) AS few) AS n) AS few, (SELECT (SELECT MAX(TABLE_ROWS) FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'sales' AND TABLE_NAME = 'orders') AS n) AS estimate
UNION ALL
SELECT 'key_least', CAST(MIN(`order_id`) AS CHAR), NULL FROM `sales`.`orders`
UNION ALL
SELECT 'key_greatest', CAST(MAX(`order_id`) AS CHAR), NULL FROM `sales`.`orders`
UNION ALL
SELECT 'planner_distinct', CONVERT(COLUMN_NAME USING utf8mb4) COLLATE utf8mb4_bin, MAX(CARDINALITY)
FROM information_schema.STATISTICS
WHERE TABLE_SCHEMA = 'sales' AND TABLE_NAME = 'orders' AND SEQ_IN_INDEX = 1 AND SUB_PART IS NULL AND CARDINALITY > 0
GROUP BY COLUMN_NAME;

SELECT
  COUNT(*) AS `rows`,
  COUNT(c0) AS c0_values,
  CAST(MIN(c0) AS CHAR) AS c0_min,
  CAST(MAX(c0) AS CHAR) AS c0_max,
  AVG(c0 + 0e0) AS c0_mean,
  STDDEV_SAMP(c0 + 0e0) AS c0_deviation,
  COUNT(c0 = 0 OR NULL) AS c0_zero,
  COUNT(c0 < 0 OR NULL) AS c0_negative,
  COUNT(c1) AS c1_values,
  CAST(MIN(c1) AS CHAR) AS c1_min,
  CAST(MAX(c1) AS CHAR) AS c1_max,
  AVG(IF(ABS(c1) < 1e+150, c1, NULL)) AS c1_mean,
  STDDEV_SAMP(IF(ABS(c1) < 1e+150, c1, NULL)) AS c1_deviation,
  COUNT(c1 = 0 OR NULL) AS c1_zero,
  COUNT(c1 < 0 OR NULL) AS c1_negative,
  COUNT(c2) AS c2_values,
  COUNT(c3) AS c3_values,
  CAST(MIN(IF(TO_DAYS(c3) IS NULL, NULL, c3)) AS CHAR) AS c3_min,
  CAST(MAX(IF(TO_DAYS(c3) IS NULL, NULL, c3)) AS CHAR) AS c3_max,
  MAX(TO_SECONDS(c3) - 62167219200 + MICROSECOND(c3) / 1e6) AS c3_newest_epoch,
  COUNT(c3 > '2025-07-01 00:00:00' OR NULL) AS c3_in_future,
  COUNT(c3) - COUNT(IF(TO_DAYS(c3) IS NULL, NULL, c3)) AS c3_undated,
  COUNT(c4) AS c4_values
FROM (
  SELECT
    `order_id` AS c0,
    `amount` AS c1,
    CONVERT(`status ``now``` USING utf8mb4) AS c2,
    `ordered_at` AS c3,
    CASE WHEN `tags` IS NOT NULL THEN 1 END AS c4
  FROM `sales`.`orders`
) AS source;

WITH source AS (
  SELECT
    `order_id` AS c0,
    `amount` AS c1,
    CONVERT(`status ``now``` USING utf8mb4) AS c2,
    `ordered_at` AS c3,
    CASE WHEN `tags` IS NOT NULL THEN 1 END AS c4
  FROM `sales`.`orders` WHERE `order_id` BETWEEN 1 AND 600
    OR `order_id` BETWEEN 200001 AND 200600
    OR `order_id` BETWEEN 400001 AND 400600
    OR `order_id` BETWEEN 600001 AND 600600
    OR `order_id` BETWEEN 800001 AND 800600
    OR `order_id` BETWEEN 1000001 AND 1000600
    OR `order_id` BETWEEN 1200001 AND 1200600
    OR `order_id` BETWEEN 1400001 AND 1400600
    OR `order_id` BETWEEN 1600001 AND 1600600
    OR `order_id` BETWEEN 1800001 AND 1800600
    OR `order_id` BETWEEN 2000001 AND 2000600
    OR `order_id` BETWEEN 2200001 AND 2200600
    OR `order_id` BETWEEN 2400001 AND 2400600
    OR `order_id` BETWEEN 2600001 AND 2600600
    OR `order_id` BETWEEN 2800001 AND 2800600
    OR `order_id` BETWEEN 3000001 AND 3000600
    OR `order_id` BETWEEN 3200001 AND 3200600
    OR `order_id` BETWEEN 3400001 AND 3400600
    OR `order_id` BETWEEN 3600001 AND 3600600
    OR `order_id` BETWEEN 3800001 AND 3800600
    OR `order_id` BETWEEN 4000001 AND 4000600
    OR `order_id` BETWEEN 4200001 AND 4200600
    OR `order_id` BETWEEN 4400001 AND 4400600
    OR `order_id` BETWEEN 4600001 AND 4600600
    OR `order_id` BETWEEN 4800001 AND 4800600
    OR `order_id` BETWEEN 5000001 AND 5000600
    OR `order_id` BETWEEN 5200001 AND 5200600
    OR `order_id` BETWEEN 5400001 AND 5400600
    OR `order_id` BETWEEN 5600001 AND 5600600
    OR `order_id` BETWEEN 5800001 AND 5800600
    OR `order_id` BETWEEN 6000001 AND 6000600
    OR `order_id` BETWEEN 6200001 AND 6200600
    OR `order_id` BETWEEN 6400001 AND 6400600
    OR `order_id` BETWEEN 6600001 AND 6600600
    OR `order_id` BETWEEN 6800001 AND 6800600
    OR `order_id` BETWEEN 7000001 AND 7000600
    OR `order_id` BETWEEN 7200001 AND 7200600
    OR `order_id` BETWEEN 7400001 AND 7400600
    OR `order_id` BETWEEN 7600001 AND 7600600
    OR `order_id` BETWEEN 7800001 AND 7800600
    OR `order_id` BETWEEN 8000001 AND 8000600
    OR `order_id` BETWEEN 8200001 AND 8200600
    OR `order_id` BETWEEN 8400001 AND 8400600
    OR `order_id` BETWEEN 8600001 AND 8600600
    OR `order_id` BETWEEN 8800001 AND 8800600
    OR `order_id` BETWEEN 9000001 AND 9000600
    OR `order_id` BETWEEN 9200001 AND 9200600
    OR `order_id` BETWEEN 9400001 AND 9400600
    OR `order_id` BETWEEN 9600001 AND 9600600
    OR `order_id` BETWEEN 9800001 AND 9800600
),
digit AS (
  SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9
),
place AS (
  SELECT 100 * hundred.d + 10 * ten.d + one.d + 1 AS at
  FROM digit AS hundred, digit AS ten, digit AS one
  WHERE 100 * hundred.d + 10 * ten.d + one.d < 16
  LIMIT 16
),
numbers AS (
  SELECT at AS k, ELT(at, c0, IF(ABS(c1) < 1e+307, c1, NULL), TO_SECONDS(c3) - 62167219200 + MICROSECOND(c3) / 1e6) + 0e0 AS x
  FROM source, place WHERE at <= 3
),
ranked AS (
  SELECT k, x, ROW_NUMBER() OVER (PARTITION BY k ORDER BY x) - 1 AS nth, COUNT(*) OVER (PARTITION BY k) - 1 AS last
  FROM numbers WHERE x IS NOT NULL
),
quantiles AS (
  SELECT k,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0e0 * last))), MAX(IF(nth = GREATEST(CEIL(0 * (last + 1)), 1) - 1, x, NULL))) AS least,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.01e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.01 * (last + 1)), 1) - 1, x, NULL))) AS p01,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.05e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.05 * (last + 1)), 1) - 1, x, NULL))) AS p05,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.25e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.25 * (last + 1)), 1) - 1, x, NULL))) AS p25,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.5e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.5 * (last + 1)), 1) - 1, x, NULL))) AS p50,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.75e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.75 * (last + 1)), 1) - 1, x, NULL))) AS p75,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.95e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.95 * (last + 1)), 1) - 1, x, NULL))) AS p95,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 0.99e0 * last))), MAX(IF(nth = GREATEST(CEIL(0.99 * (last + 1)), 1) - 1, x, NULL))) AS p99,
    IF(k <= 2, SUM(x * GREATEST(0, 1 - ABS(nth - 1e0 * last))), MAX(IF(nth = GREATEST(CEIL(1 * (last + 1)), 1) - 1, x, NULL))) AS greatest
  FROM ranked
  WHERE last = 0 OR nth * 100 % last < 100 OR nth * 100 % last > last - 100
  GROUP BY k, last
),
-- The bars divide the middle 98 % where the tails are long, else the whole range.
spreads AS (
  SELECT quantiles.*,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p01, least) AS low,
    IF(p01 < p99 AND greatest - least > 2 * (p99 - p01), p99, greatest) AS high,
    IF(k <= 2, IF(p25 < p75, p25 - 3 * (p75 - p25), NULL), NULL) AS low_fence,
    IF(k <= 2, IF(p25 < p75, p75 + 3 * (p75 - p25), NULL), NULL) AS high_fence
  FROM quantiles
  LIMIT 3
),
bars AS (
  SELECT numbers.k, least, p01, p05, p25, p50, p75, p95, p99, greatest, low, high, low_fence, high_fence,
    IF(high - low > 1e-290, LEAST(19, FLOOR((GREATEST(low, LEAST(high, x)) - low) / ((high - low) / 20))), NULL) AS bar,
    COUNT(*) AS count, COUNT(x < low_fence OR NULL) AS below, COUNT(x > high_fence OR NULL) AS above
  FROM numbers JOIN spreads ON spreads.k = numbers.k
  WHERE x IS NOT NULL
  GROUP BY numbers.k, least, p01, p05, p25, p50, p75, p95, p99, greatest, low, high, low_fence, high_fence, bar
),
counted AS (
  SELECT bars.*, ROW_NUMBER() OVER (PARTITION BY k ORDER BY bar) AS nth,
    SUM(below) OVER (PARTITION BY k) AS all_below, SUM(above) OVER (PARTITION BY k) AS all_above
  FROM bars
),
texts AS (
  SELECT c, LEFT(x, 1000) AS x, CHAR_LENGTH(x) AS length
  FROM (
    SELECT ELT(at, 2) + 0 AS c, ELT(at, c2) AS x
    FROM source, place WHERE at <= 1
  ) AS whole
  WHERE x IS NOT NULL
),
shapes AS (
  SELECT c, COUNT(*) AS shape_values,
    CONVERT(MIN(CAST(LEFT(x, 200) AS BINARY)) USING utf8mb4) AS min,
    CONVERT(MAX(CAST(LEFT(x, 200) AS BINARY)) USING utf8mb4) AS max,
    MIN(length) AS length_min, MAX(length) AS length_max, AVG(length) AS length_mean,
    COUNT((CASE WHEN INSTR(x, '@') THEN x REGEXP '^([ \\t\\n\\f\\r]*[0-9A-Za-z_.+%-]+@[0-9A-Za-z_-]+(\\.[0-9A-Za-z_-]+)*\\.[A-Za-z]{2,}[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_email,
    COUNT((CASE WHEN ASCII(x) < 58 THEN x REGEXP '^([ \\t\\n\\f\\r]*([+(][0-9][0-9 ()./-]{5,18}[0-9]|00[1-9][0-9]{0,2}[ ()./-][0-9][0-9 ()./-]{4,16}[0-9]|0[0-9]{2,5}[ ()./-]{1,3}[0-9]{4,10}|0[0-9][ ()./-]{1,3}[0-9]{5,10}|0[0-9]{1,5}[ ()./-]{1,3}[0-9]{3,10}([ ./-][0-9]{2,8}){1,4}|0[0-9]([ ./-][0-9][0-9]){4,5}|0[1-9][0-9]{8,9}|[0-9]{3}[ .-][0-9]{3,4}[ .-][0-9]{4})[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_phone,
    COUNT((CASE WHEN ASCII(x) < 58 THEN x REGEXP '^([ \\t\\n\\f\\r]*[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{1,7}[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_card,
    COUNT((CASE WHEN ASCII(x) < 103 THEN x REGEXP '^([ \\t\\n\\f\\r]*(((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_ip_address,
    COUNT((CASE WHEN INSTR(x, '-') THEN x REGEXP '^([ \\t\\n\\f\\r]*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_uuid,
    COUNT((CASE WHEN INSTR(x, '://') THEN x REGEXP '^([ \\t\\n\\f\\r]*(https?|ftp)://[^ \\t\\n\\f\\r]+[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_url,
    COUNT((CASE WHEN ASCII(x) < 58 THEN x REGEXP '^([ \\t\\n\\f\\r]*[+-]?([0-9]+([.,][0-9]+)?|[.,][0-9]+)([eE][+-]?[0-9]+)?[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_number,
    COUNT((CASE WHEN ASCII(x) < 58 THEN x REGEXP '^([ \\t\\n\\f\\r]*([0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]+)?)?[ \\t\\n\\f\\r]*(Z|[+-][0-9]{2}:?[0-9]{2})?)?|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4})[ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_time,
    COUNT((CASE WHEN ASCII(x) < 33 THEN x REGEXP '^([ \\t\\n\\f\\r]*)$' END) OR NULL) AS shape_blank,
    COUNT((CASE WHEN ASCII(x) < 33 OR ASCII(RIGHT(x, 1)) < 33 THEN x REGEXP '[^ \\t\\n\\f\\r]' END) OR NULL) AS shape_padded
  FROM texts
  GROUP BY c
),
kinds_of AS (
  (SELECT 0 AS c, CAST(c0 AS BINARY) AS value, COUNT(*) AS n, COUNT(*) OVER () AS kinds FROM source WHERE c0 IS NOT NULL GROUP BY c0 ORDER BY n DESC, c0 LIMIT 10)
  UNION ALL (SELECT 1 AS c, CAST(c1 AS BINARY) AS value, COUNT(*) AS n, COUNT(*) OVER () AS kinds FROM source WHERE c1 IS NOT NULL GROUP BY c1 ORDER BY n DESC, c1 LIMIT 10)
  UNION ALL (SELECT 2 AS c, CAST(IF(CHAR_LENGTH(c2) > 1000, CONCAT(LEFT(c2, 1000), LEFT(SHA2(c2, 256), 32)), c2) AS BINARY) AS value, COUNT(*) AS n, COUNT(*) OVER () AS kinds FROM source WHERE c2 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10)
  UNION ALL (SELECT 3 AS c, CAST(c3 AS BINARY) AS value, COUNT(*) AS n, COUNT(*) OVER () AS kinds FROM source WHERE c3 IS NOT NULL GROUP BY c3 ORDER BY n DESC, c3 LIMIT 10)
),
compared AS (
  SELECT COUNT(c0) AS n0, COUNT(c1) AS n1, COUNT(c2) AS n2, COUNT(c3) AS n3 FROM source
)
SELECT 'source_rows' AS name, CONVERT(COUNT(*) USING utf8mb4) COLLATE utf8mb4_bin AS value, NULL AS count FROM source
UNION ALL
SELECT CONCAT('c', ELT(k, 0, 1, 3), '_', name), CONVERT(CASE
    WHEN at < 10 OR k <= 2 THEN value
    WHEN k <= 2 THEN CAST(DATE '1970-01-01' + INTERVAL ROUND(value / 86400) DAY AS CHAR)
    WHEN value + 0e0 = FLOOR(value) THEN CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL CAST(value + 0e0 AS SIGNED) SECOND AS CHAR)
    ELSE CAST(TIMESTAMP '1970-01-01 00:00:00' + INTERVAL ROUND(value, 6) SECOND AS CHAR)
  END USING utf8mb4) COLLATE utf8mb4_bin, count
FROM (
  SELECT k, at, count, ELT(at, 'bin', 'low', 'high', 'low_fence', 'high_fence', 'least', 'greatest', 'below', 'above', 'p01', 'p05', 'p25', 'p50', 'p75', 'p95', 'p99') AS name,
    ELT(at, bar, low, high, low_fence, high_fence, least, greatest, all_below, all_above, p01, p05, p25, p50, p75, p95, p99) AS value
  FROM counted, place WHERE at = 1 OR (nth = 1 AND at <= 16)
) AS figures
WHERE value IS NOT NULL
UNION ALL
SELECT CONCAT('c', c, '_', ELT(at, 'shape_values', 'min', 'max', 'length_min', 'length_max', 'length_mean', 'shape_email', 'shape_phone', 'shape_card', 'shape_ip_address', 'shape_uuid', 'shape_url', 'shape_number', 'shape_time', 'shape_blank', 'shape_padded')), CONVERT(ELT(at, shape_values, min, max, length_min, length_max, length_mean, shape_email, shape_phone, shape_card, shape_ip_address, shape_uuid, shape_url, shape_number, shape_time, shape_blank, shape_padded) USING utf8mb4) COLLATE utf8mb4_bin, NULL
FROM shapes, place WHERE at <= 16
UNION ALL
SELECT CONCAT('c', c, IF(at = 1, '_top', '_distinct')), IF(at = 1, LEFT(CONVERT(value USING utf8mb4) COLLATE utf8mb4_bin, 200), CONVERT(kinds USING utf8mb4) COLLATE utf8mb4_bin), n
FROM kinds_of, place WHERE at <= 2
UNION ALL
SELECT CONCAT('c', ELT(at, 0, 1, 2, 3), '_compared'), CONVERT(ELT(at, n0, n1, n2, n3) USING utf8mb4) COLLATE utf8mb4_bin, NULL
FROM compared, place WHERE at <= 4;
