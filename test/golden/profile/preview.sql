WITH source AS MATERIALIZED (
  SELECT
    "order_id" AS c0,
    "amount" AS c1,
    left(CAST("status ""now""" AS VARCHAR), 1000) AS c2,
    length(CAST("status ""now""" AS VARCHAR)) AS c2_length,
    "ordered_at" AS c3,
    "is_gift" AS c4,
    CASE WHEN "tags" IS NOT NULL THEN true END AS c5
  FROM "sales"."orders" TABLESAMPLE SYSTEM (1 PERCENT)
),
measured AS (
  SELECT
    count(*) AS source_rows,
    count(c0) AS c0_values,
    approx_count_distinct(c0) AS c0_distinct,
    min(c0) AS c0_min,
    max(c0) AS c0_max,
    avg(c0) AS c0_mean,
    stddev_samp(c0) AS c0_deviation,
    count_if(c0 = 0) AS c0_zero,
    count_if(c0 < 0) AS c0_negative,
    quantile_cont(CAST(c0 AS DOUBLE), [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) AS c0_quantiles,
    min(CAST(c0 AS DOUBLE)) AS c0_least,
    max(CAST(c0 AS DOUBLE)) AS c0_greatest,
    count(c0) AS c0_looked_at,
    count(c1) AS c1_values,
    approx_count_distinct(c1) AS c1_distinct,
    min(CASE WHEN isfinite(c1) THEN c1 END) AS c1_min,
    max(CASE WHEN isfinite(c1) THEN c1 END) AS c1_max,
    avg(CASE WHEN abs(c1) < 1e+150 THEN c1 END) AS c1_mean,
    stddev_samp(CASE WHEN abs(c1) < 1e+150 THEN c1 END) AS c1_deviation,
    count_if(c1 = 0) AS c1_zero,
    count_if(c1 < 0) AS c1_negative,
    count_if(NOT isfinite(c1)) AS c1_not_finite,
    quantile_cont(CAST(CASE WHEN isfinite(c1) THEN c1 END AS DOUBLE), [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) AS c1_quantiles,
    min(CAST(CASE WHEN isfinite(c1) THEN c1 END AS DOUBLE)) AS c1_least,
    max(CAST(CASE WHEN isfinite(c1) THEN c1 END AS DOUBLE)) AS c1_greatest,
    count(c1) AS c1_looked_at,
    count(c2) AS c2_values,
    count(DISTINCT c2) AS c2_distinct,
    left(min(CAST(c2 AS VARCHAR)), 200) AS c2_min,
    left(max(CAST(c2 AS VARCHAR)), 200) AS c2_max,
    min(c2_length) AS c2_length_min,
    max(c2_length) AS c2_length_max,
    avg(c2_length) AS c2_length_mean,
    count(c2) AS c2_shape_values,
    count_if(CASE WHEN contains(c2, '@') THEN regexp_full_match(c2, '\s*[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\s*') END) AS c2_shape_email,
    count_if(CASE WHEN ascii(c2) < 58 THEN regexp_full_match(c2, '\s*([+(]\d[\d ()./-]{5,18}\d|00[1-9]\d{0,2}[ ()./-]\d[\d ()./-]{4,16}\d|0\d{2,5}[ ()./-]{1,3}\d{4,10}|0\d[ ()./-]{1,3}\d{5,10}|0\d{1,5}[ ()./-]{1,3}\d{3,10}([ ./-]\d{2,8}){1,4}|0\d([ ./-]\d\d){4,5}|0[1-9]\d{8,9}|\d{3}[ .-]\d{3,4}[ .-]\d{4})\s*') END) AS c2_shape_phone,
    count_if(CASE WHEN ascii(c2) < 58 THEN regexp_full_match(c2, '\s*\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}\s*') END) AS c2_shape_card,
    count_if(CASE WHEN ascii(c2) < 103 THEN regexp_full_match(c2, '\s*(((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)\s*') END) AS c2_shape_ip_address,
    count_if(CASE WHEN contains(c2, '-') THEN regexp_full_match(c2, '\s*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\s*') END) AS c2_shape_uuid,
    count_if(CASE WHEN contains(c2, '://') THEN regexp_full_match(c2, '\s*(https?|ftp)://\S+\s*') END) AS c2_shape_url,
    count_if(CASE WHEN ascii(c2) < 58 THEN regexp_full_match(c2, '\s*[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?\s*') END) AS c2_shape_number,
    count_if(CASE WHEN ascii(c2) < 58 THEN regexp_full_match(c2, '\s*(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}-\d{1,2}-\d{4})\s*') END) AS c2_shape_time,
    count_if(CASE WHEN ascii(c2) < 33 THEN regexp_full_match(c2, '\s*') END) AS c2_shape_blank,
    count_if(CASE WHEN ascii(c2) < 33 OR ascii(right(c2, 1)) < 33 THEN regexp_full_match(c2, '(?s:\s+\S.*|.*\S\s+)') END) AS c2_shape_padded,
    count(c3) AS c3_values,
    approx_count_distinct(c3) AS c3_distinct,
    min(CASE WHEN isfinite(c3) THEN c3 END) AS c3_min,
    max(CASE WHEN isfinite(c3) THEN c3 END) AS c3_max,
    epoch(max(CASE WHEN isfinite(c3) THEN c3 END)) AS c3_newest_epoch,
    count_if(CASE WHEN isfinite(c3) THEN c3 END > CAST('2025-07-01 00:00:00' AS TIMESTAMP)) AS c3_in_future,
    count(c3) - count(CASE WHEN isfinite(c3) THEN c3 END) AS c3_undated,
    quantile_disc(CASE WHEN isfinite(c3) THEN c3 END, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) AS c3_quantiles,
    min(epoch(CASE WHEN isfinite(c3) THEN c3 END)) AS c3_least,
    max(epoch(CASE WHEN isfinite(c3) THEN c3 END)) AS c3_greatest,
    count(c3) AS c3_looked_at,
    count(c4) AS c4_values,
    CAST(bool_or(c4) AS INTEGER) + CAST(bool_or(NOT c4) AS INTEGER) AS c4_distinct,
    count(c5) AS c5_values
  FROM source
),
figures AS MATERIALIZED (
  SELECT
    *,
    c0_quantiles[1] AS c0_p01,
    c0_quantiles[2] AS c0_p05,
    c0_quantiles[3] AS c0_p25,
    c0_quantiles[4] AS c0_p50,
    c0_quantiles[5] AS c0_p75,
    c0_quantiles[6] AS c0_p95,
    c0_quantiles[7] AS c0_p99,
    CASE WHEN c0_quantiles[1] < c0_quantiles[7] AND c0_greatest - c0_least > 2 * (c0_quantiles[7] - c0_quantiles[1]) THEN c0_quantiles[1] ELSE c0_least END AS c0_low,
    CASE WHEN c0_quantiles[1] < c0_quantiles[7] AND c0_greatest - c0_least > 2 * (c0_quantiles[7] - c0_quantiles[1]) THEN c0_quantiles[7] ELSE c0_greatest END AS c0_high,
    CASE WHEN c0_quantiles[3] < c0_quantiles[5] THEN c0_quantiles[3] - 3 * (c0_quantiles[5] - c0_quantiles[3]) END AS c0_low_fence,
    CASE WHEN c0_quantiles[3] < c0_quantiles[5] THEN c0_quantiles[5] + 3 * (c0_quantiles[5] - c0_quantiles[3]) END AS c0_high_fence,
    c1_quantiles[1] AS c1_p01,
    c1_quantiles[2] AS c1_p05,
    c1_quantiles[3] AS c1_p25,
    c1_quantiles[4] AS c1_p50,
    c1_quantiles[5] AS c1_p75,
    c1_quantiles[6] AS c1_p95,
    c1_quantiles[7] AS c1_p99,
    CASE WHEN c1_quantiles[1] < c1_quantiles[7] AND c1_greatest - c1_least > 2 * (c1_quantiles[7] - c1_quantiles[1]) THEN c1_quantiles[1] ELSE c1_least END AS c1_low,
    CASE WHEN c1_quantiles[1] < c1_quantiles[7] AND c1_greatest - c1_least > 2 * (c1_quantiles[7] - c1_quantiles[1]) THEN c1_quantiles[7] ELSE c1_greatest END AS c1_high,
    CASE WHEN c1_quantiles[3] < c1_quantiles[5] THEN c1_quantiles[3] - 3 * (c1_quantiles[5] - c1_quantiles[3]) END AS c1_low_fence,
    CASE WHEN c1_quantiles[3] < c1_quantiles[5] THEN c1_quantiles[5] + 3 * (c1_quantiles[5] - c1_quantiles[3]) END AS c1_high_fence,
    c3_quantiles[1] AS c3_p01,
    c3_quantiles[2] AS c3_p05,
    c3_quantiles[3] AS c3_p25,
    c3_quantiles[4] AS c3_p50,
    c3_quantiles[5] AS c3_p75,
    c3_quantiles[6] AS c3_p95,
    c3_quantiles[7] AS c3_p99,
    CASE WHEN epoch(c3_quantiles[1]) < epoch(c3_quantiles[7]) AND c3_greatest - c3_least > 2 * (epoch(c3_quantiles[7]) - epoch(c3_quantiles[1])) THEN epoch(c3_quantiles[1]) ELSE c3_least END AS c3_low,
    CASE WHEN epoch(c3_quantiles[1]) < epoch(c3_quantiles[7]) AND c3_greatest - c3_least > 2 * (epoch(c3_quantiles[7]) - epoch(c3_quantiles[1])) THEN epoch(c3_quantiles[7]) ELSE c3_greatest END AS c3_high
  FROM measured
)
, beyond AS (
  SELECT
    count_if(CAST(c0 AS DOUBLE) < c0_low_fence) AS c0_below,
    count_if(CAST(c0 AS DOUBLE) > c0_high_fence) AS c0_above,
    count_if(CAST(CASE WHEN isfinite(c1) THEN c1 END AS DOUBLE) < c1_low_fence) AS c1_below,
    count_if(CAST(CASE WHEN isfinite(c1) THEN c1 END AS DOUBLE) > c1_high_fence) AS c1_above
  FROM source, figures
)
SELECT name, value, NULL AS count FROM (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM figures) UNPIVOT (value FOR name IN (COLUMNS(*)))
UNION ALL
SELECT name, value, NULL AS count FROM (SELECT CAST(COLUMNS(*) AS VARCHAR) FROM beyond) UNPIVOT (value FOR name IN (COLUMNS(*)))
UNION ALL
SELECT 'c0_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT c0 AS value, count(*) AS n FROM source WHERE c0 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10)
UNION ALL
SELECT 'c0_bin', CAST(CAST(least(19, greatest(0, floor((CAST(c0 AS DOUBLE) - c0_low) / ((c0_high - c0_low) / 20)))) AS INTEGER) AS VARCHAR) AS bin, count(*) FROM source, figures WHERE isfinite(CAST(c0 AS DOUBLE)) AND c0_low < c0_high AND isfinite(c0_high - c0_low) GROUP BY bin
UNION ALL
SELECT 'c1_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT c1 AS value, count(*) AS n FROM source WHERE c1 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10)
UNION ALL
SELECT 'c1_bin', CAST(CAST(least(19, greatest(0, floor((CAST(c1 AS DOUBLE) - c1_low) / ((c1_high - c1_low) / 20)))) AS INTEGER) AS VARCHAR) AS bin, count(*) FROM source, figures WHERE isfinite(CAST(c1 AS DOUBLE)) AND c1_low < c1_high AND isfinite(c1_high - c1_low) GROUP BY bin
UNION ALL
SELECT 'c2_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT c2 AS value, count(*) AS n FROM source WHERE c2 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10)
UNION ALL
SELECT 'c3_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT c3 AS value, count(*) AS n FROM source WHERE c3 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10)
UNION ALL
SELECT 'c3_bin', CAST(CAST(least(19, greatest(0, floor((epoch(c3) - c3_low) / ((c3_high - c3_low) / 20)))) AS INTEGER) AS VARCHAR) AS bin, count(*) FROM source, figures WHERE isfinite(epoch(c3)) AND c3_low < c3_high AND isfinite(c3_high - c3_low) GROUP BY bin
UNION ALL
SELECT 'c4_top', left(CAST(value AS VARCHAR), 200), n FROM (SELECT c4 AS value, count(*) AS n FROM source WHERE c4 IS NOT NULL GROUP BY value ORDER BY n DESC, value LIMIT 10);
