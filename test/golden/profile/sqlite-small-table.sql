WITH few AS (
  SELECT 1 AS row,
    +"order_id" COLLATE BINARY AS c0,
    +"amount" COLLATE BINARY AS c1,
    +"status ""now""" COLLATE BINARY AS c2,
    +"ordered_at" COLLATE BINARY AS c3,
    +"is_gift" COLLATE BINARY AS c4,
    +"tags" COLLATE BINARY AS c5
  FROM main."sales orders" LIMIT 10000
)
SELECT (SELECT count(*) FROM main."sales orders") AS rows,
  (SELECT min("order_id") FROM main."sales orders") AS key_least,
  (SELECT max("order_id") FROM main."sales orders") AS key_greatest,
  json_array(sum(typeof(c0) = 'integer'), sum(typeof(c0) = 'real'), sum(typeof(c0) = 'text'), sum(typeof(c0) = 'blob'), 0) AS c0_stored,
  json_array(sum(typeof(c1) = 'integer'), sum(typeof(c1) = 'real'), sum(typeof(c1) = 'text'), sum(typeof(c1) = 'blob'), 0) AS c1_stored,
  json_array(sum(typeof(c2) = 'integer'), sum(typeof(c2) = 'real'), sum(typeof(c2) = 'text'), sum(typeof(c2) = 'blob'), 0) AS c2_stored,
  json_array(sum(typeof(c3) = 'integer'), sum(typeof(c3) = 'real'), sum(typeof(c3) = 'text'), sum(typeof(c3) = 'blob'), count(CASE WHEN typeof(c3) = 'text' THEN CASE WHEN date(substr(c3, 1, 10)) = substr(c3, 1, 10) THEN unixepoch(c3, 'subsec') END WHEN c3 BETWEEN 1721059.5 AND 5373484.5 THEN (c3 - 2440587.5) * 86400.0 WHEN c3 BETWEEN -1e11 AND 1e11 THEN c3 * 1.0 WHEN c3 BETWEEN -1e14 AND 1e14 THEN c3 / 1000.0 END)) AS c3_stored,
  json_array(sum(typeof(c4) = 'integer'), sum(typeof(c4) = 'real'), sum(typeof(c4) = 'text'), sum(typeof(c4) = 'blob'), sum(c4 IN (0, 1))) AS c4_stored,
  json_array(sum(typeof(c5) = 'integer'), sum(typeof(c5) = 'real'), sum(typeof(c5) = 'text'), sum(typeof(c5) = 'blob'), 0) AS c5_stored
FROM few;

WITH source AS (
  SELECT +"order_id" COLLATE BINARY AS c0,
    +"amount" COLLATE BINARY AS c1,
    +"status ""now""" COLLATE BINARY AS c2,
    +"ordered_at" COLLATE BINARY AS c3,
    +"is_gift" COLLATE BINARY AS c4,
    +"tags" COLLATE BINARY AS c5
  FROM main."sales orders"
),
measured AS (
  SELECT *,
    CASE WHEN typeof(c0) IN ('integer', 'real') AND c0 > -9e999 AND c0 < 9e999 THEN c0 END AS c0_x,
    CASE WHEN typeof(c0) IN ('integer', 'real') AND c0 > -1e+150 AND c0 < 1e+150 THEN c0 END AS c0_squarable,
    CASE WHEN typeof(c1) IN ('integer', 'real') AND c1 > -9e999 AND c1 < 9e999 THEN c1 END AS c1_x,
    CASE WHEN typeof(c1) IN ('integer', 'real') AND c1 > -1e+150 AND c1 < 1e+150 THEN c1 END AS c1_squarable,
    CASE WHEN typeof(c3) = 'text' THEN CASE WHEN date(substr(c3, 1, 10)) = substr(c3, 1, 10) THEN unixepoch(c3, 'subsec') END WHEN c3 BETWEEN 1721059.5 AND 5373484.5 THEN (c3 - 2440587.5) * 86400.0 WHEN c3 BETWEEN -1e11 AND 1e11 THEN c3 * 1.0 WHEN c3 BETWEEN -1e14 AND 1e14 THEN c3 / 1000.0 END AS c3_x
  FROM source
),
means AS MATERIALIZED (
  SELECT 1 AS one,
    avg(c0_squarable) AS c0_mean,
    avg(c1_squarable) AS c1_mean
  FROM measured
),
figures AS MATERIALIZED (
  SELECT count(*) AS rows,
    count(*) - (SELECT count(*) FROM (SELECT DISTINCT +"order_id" COLLATE BINARY, +"amount" COLLATE BINARY, +"status ""now""" COLLATE BINARY, +"ordered_at" COLLATE BINARY, +"is_gift" COLLATE BINARY, +"tags" COLLATE BINARY FROM main."sales orders")) AS duplicate_rows,
    count(c0) AS c0_values,
    min(c0_x) AS c0_min,
    max(c0_x) AS c0_max,
    sqrt(sum((c0_squarable - c0_mean) * (c0_squarable - c0_mean)) / (count(c0_squarable) - 1)) AS c0_deviation,
    count(CASE WHEN c0 = 0 THEN 1 END) AS c0_zero,
    count(CASE WHEN c0 < 0 THEN 1 END) AS c0_negative,
    count(c0) - count(c0_x) AS c0_not_finite,
    count(c1) AS c1_values,
    min(c1_x) AS c1_min,
    max(c1_x) AS c1_max,
    sqrt(sum((c1_squarable - c1_mean) * (c1_squarable - c1_mean)) / (count(c1_squarable) - 1)) AS c1_deviation,
    count(CASE WHEN c1 = 0 THEN 1 END) AS c1_zero,
    count(CASE WHEN c1 < 0 THEN 1 END) AS c1_negative,
    count(c1) - count(c1_x) AS c1_not_finite,
    count(c2) AS c2_values,
    count(c3) AS c3_values,
    min(c3_x) AS c3_oldest_epoch,
    max(c3_x) AS c3_newest_epoch,
    count(CASE WHEN c3_x > 1751328000 THEN 1 END) AS c3_in_future,
    count(c3) - count(c3_x) AS c3_undated,
    count(c4) AS c4_values,
    count(DISTINCT c4 <> 0) AS c4_distinct,
    count(c5) AS c5_values
  FROM measured, means
)
SELECT *,
  CASE WHEN c3_oldest_epoch = floor(c3_oldest_epoch) THEN datetime(c3_oldest_epoch, 'unixepoch') ELSE datetime(c3_oldest_epoch, 'unixepoch', 'subsec') END AS c3_min,
  CASE WHEN c3_newest_epoch = floor(c3_newest_epoch) THEN datetime(c3_newest_epoch, 'unixepoch') ELSE datetime(c3_newest_epoch, 'unixepoch', 'subsec') END AS c3_max
FROM figures, means;

WITH source AS NOT MATERIALIZED (
  SELECT
    +"order_id" COLLATE BINARY AS c0,
    +"amount" COLLATE BINARY AS c1,
    +"status ""now""" COLLATE BINARY AS c2,
    +"ordered_at" COLLATE BINARY AS c3,
    +"is_gift" COLLATE BINARY AS c4,
    +"tags" COLLATE BINARY AS c5
  FROM main."sales orders"
),
c0_ranked AS (
  SELECT x, row_number() OVER (ORDER BY x) AS nth, count(*) OVER () AS n
  FROM (SELECT CAST(CASE WHEN typeof(c0) IN ('integer', 'real') AND c0 > -1e307 AND c0 < 1e307 THEN c0 END AS REAL) AS x FROM source) WHERE x IS NOT NULL
),
c0_quantiles AS (
  SELECT min(x) AS least, max(x) AS greatest,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.01 * (n - 1)))) AS p01,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.05 * (n - 1)))) AS p05,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.25 * (n - 1)))) AS p25,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.5 * (n - 1)))) AS p50,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.75 * (n - 1)))) AS p75,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.95 * (n - 1)))) AS p95,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.99 * (n - 1)))) AS p99
  FROM c0_ranked
),
c0_spread AS MATERIALIZED (
  SELECT *,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM c0_quantiles
),
c0_bars AS MATERIALIZED (
  SELECT CASE WHEN high - low > 1e-290 THEN CAST(max(0, min(19, floor((x - low) / ((high - low) / 20.0)))) AS INTEGER) END AS bar,
    count(*) AS n, total(x < low_fence) AS below, total(x > high_fence) AS above
  FROM (SELECT CAST(CASE WHEN typeof(c0) IN ('integer', 'real') AND c0 > -1e307 AND c0 < 1e307 THEN c0 END AS REAL) AS x FROM source), c0_spread
  WHERE x IS NOT NULL
  GROUP BY bar
),
c0_groups AS MATERIALIZED (
  SELECT c0 AS v, count(*) AS n FROM source WHERE c0 IS NOT NULL GROUP BY v
),
c1_ranked AS (
  SELECT x, row_number() OVER (ORDER BY x) AS nth, count(*) OVER () AS n
  FROM (SELECT CAST(CASE WHEN typeof(c1) IN ('integer', 'real') AND c1 > -1e307 AND c1 < 1e307 THEN c1 END AS REAL) AS x FROM source) WHERE x IS NOT NULL
),
c1_quantiles AS (
  SELECT min(x) AS least, max(x) AS greatest,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.01 * (n - 1)))) AS p01,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.05 * (n - 1)))) AS p05,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.25 * (n - 1)))) AS p25,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.5 * (n - 1)))) AS p50,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.75 * (n - 1)))) AS p75,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.95 * (n - 1)))) AS p95,
    sum(x * max(0.0, 1.0 - abs(nth - 1 - 0.99 * (n - 1)))) AS p99
  FROM c1_ranked
),
c1_spread AS MATERIALIZED (
  SELECT *,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM c1_quantiles
),
c1_bars AS MATERIALIZED (
  SELECT CASE WHEN high - low > 1e-290 THEN CAST(max(0, min(19, floor((x - low) / ((high - low) / 20.0)))) AS INTEGER) END AS bar,
    count(*) AS n, total(x < low_fence) AS below, total(x > high_fence) AS above
  FROM (SELECT CAST(CASE WHEN typeof(c1) IN ('integer', 'real') AND c1 > -1e307 AND c1 < 1e307 THEN c1 END AS REAL) AS x FROM source), c1_spread
  WHERE x IS NOT NULL
  GROUP BY bar
),
c1_groups AS MATERIALIZED (
  SELECT c1 AS v, count(*) AS n FROM source WHERE c1 IS NOT NULL GROUP BY v
),
c2_texts AS MATERIALIZED (
  SELECT count(x) AS shape_values,
    min(substr(x, 1, 200)) AS min,
    max(substr(x, 1, 200)) AS max,
    min(characters) AS length_min,
    max(characters) AS length_max,
    avg(characters) AS length_mean,
    count(CASE WHEN instr(x, '@') AND x REGEXP '^(?:[ \t\n\f\r]*[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}[ \t\n\f\r]*)$' THEN 1 END) AS shape_email,
    count(CASE WHEN unicode(x) < 58 AND x REGEXP '^(?:[ \t\n\f\r]*([+(]\d[\d ()./-]{5,18}\d|00[1-9]\d{0,2}[ ()./-]\d[\d ()./-]{4,16}\d|0\d{2,5}[ ()./-]{1,3}\d{4,10}|0\d[ ()./-]{1,3}\d{5,10}|0\d{1,5}[ ()./-]{1,3}\d{3,10}([ ./-]\d{2,8}){1,4}|0\d([ ./-]\d\d){4,5}|0[1-9]\d{8,9}|\d{3}[ .-]\d{3,4}[ .-]\d{4})[ \t\n\f\r]*)$' THEN 1 END) AS shape_phone,
    count(CASE WHEN unicode(x) < 58 AND x REGEXP '^(?:[ \t\n\f\r]*\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{1,7}[ \t\n\f\r]*)$' THEN 1 END) AS shape_card,
    count(CASE WHEN unicode(x) < 103 AND x REGEXP '^(?:[ \t\n\f\r]*(((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)?::[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*)[ \t\n\f\r]*)$' THEN 1 END) AS shape_ip_address,
    count(CASE WHEN instr(x, '-') AND x REGEXP '^(?:[ \t\n\f\r]*[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}[ \t\n\f\r]*)$' THEN 1 END) AS shape_uuid,
    count(CASE WHEN instr(x, '://') AND x REGEXP '^(?:[ \t\n\f\r]*(https?|ftp)://[^ \t\n\f\r]+[ \t\n\f\r]*)$' THEN 1 END) AS shape_url,
    count(CASE WHEN unicode(x) < 58 AND x REGEXP '^(?:[ \t\n\f\r]*[+-]?(\d+([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?[ \t\n\f\r]*)$' THEN 1 END) AS shape_number,
    count(CASE WHEN unicode(x) < 58 AND x REGEXP '^(?:[ \t\n\f\r]*(\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?[ \t\n\f\r]*(Z|[+-]\d{2}:?\d{2})?)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}-\d{1,2}-\d{4})[ \t\n\f\r]*)$' THEN 1 END) AS shape_time,
    count(CASE WHEN x = '' OR unicode(x) < 33 AND x REGEXP '^(?:[ \t\n\f\r]*)$' THEN 1 END) AS shape_blank,
    count(CASE WHEN (unicode(x) < 33 OR unicode(substr(x, -1)) < 33) AND x REGEXP '^(?:(?s:[ \t\n\f\r]+[^ \t\n\f\r].*|.*[^ \t\n\f\r][ \t\n\f\r]+))$' THEN 1 END) AS shape_padded
  FROM (
    SELECT substr(whole, 1, 1000) AS x, length(whole) AS characters
    FROM (SELECT CASE typeof(c2) WHEN 'blob' THEN hex(substr(c2, 1, 100)) ELSE CAST(c2 AS TEXT) END AS whole FROM source)
  )
),
c2_groups AS MATERIALIZED (
  SELECT CASE WHEN length(c2) > 2000 THEN substr(c2, 1, 1000) || substr(c2, -1000) || length(c2) ELSE c2 END AS v, count(*) AS n FROM source WHERE c2 IS NOT NULL GROUP BY v
),
c3_ranked AS (
  SELECT x, row_number() OVER (ORDER BY x) AS nth, count(*) OVER () AS n
  FROM (SELECT CASE WHEN typeof(c3) = 'text' THEN CASE WHEN date(substr(c3, 1, 10)) = substr(c3, 1, 10) THEN unixepoch(c3, 'subsec') END WHEN c3 BETWEEN 1721059.5 AND 5373484.5 THEN (c3 - 2440587.5) * 86400.0 WHEN c3 BETWEEN -1e11 AND 1e11 THEN c3 * 1.0 WHEN c3 BETWEEN -1e14 AND 1e14 THEN c3 / 1000.0 END AS x FROM source) WHERE x IS NOT NULL
),
c3_quantiles AS (
  SELECT min(x) AS least, max(x) AS greatest,
    max(CASE WHEN nth = max(1, ceil(0.01 * n)) THEN x END) AS p01,
    max(CASE WHEN nth = max(1, ceil(0.05 * n)) THEN x END) AS p05,
    max(CASE WHEN nth = max(1, ceil(0.25 * n)) THEN x END) AS p25,
    max(CASE WHEN nth = max(1, ceil(0.5 * n)) THEN x END) AS p50,
    max(CASE WHEN nth = max(1, ceil(0.75 * n)) THEN x END) AS p75,
    max(CASE WHEN nth = max(1, ceil(0.95 * n)) THEN x END) AS p95,
    max(CASE WHEN nth = max(1, ceil(0.99 * n)) THEN x END) AS p99
  FROM c3_ranked
),
c3_spread AS MATERIALIZED (
  SELECT *,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p01 ELSE least END AS low,
    CASE WHEN p01 < p99 AND greatest - least > 2 * (p99 - p01) THEN p99 ELSE greatest END AS high,
    CASE WHEN p25 < p75 THEN p25 - 3 * (p75 - p25) END AS low_fence,
    CASE WHEN p25 < p75 THEN p75 + 3 * (p75 - p25) END AS high_fence
  FROM c3_quantiles
),
c3_bars AS MATERIALIZED (
  SELECT CASE WHEN high - low > 1e-290 THEN CAST(max(0, min(19, floor((x - low) / ((high - low) / 20.0)))) AS INTEGER) END AS bar,
    count(*) AS n, total(x < low_fence) AS below, total(x > high_fence) AS above
  FROM (SELECT CASE WHEN typeof(c3) = 'text' THEN CASE WHEN date(substr(c3, 1, 10)) = substr(c3, 1, 10) THEN unixepoch(c3, 'subsec') END WHEN c3 BETWEEN 1721059.5 AND 5373484.5 THEN (c3 - 2440587.5) * 86400.0 WHEN c3 BETWEEN -1e11 AND 1e11 THEN c3 * 1.0 WHEN c3 BETWEEN -1e14 AND 1e14 THEN c3 / 1000.0 END AS x FROM source), c3_spread
  WHERE x IS NOT NULL
  GROUP BY bar
),
c3_groups AS MATERIALIZED (
  SELECT c3 AS v, count(*) AS n FROM source WHERE c3 IS NOT NULL GROUP BY v
),
c4_groups AS MATERIALIZED (
  SELECT c4 <> 0 AS v, count(*) AS n FROM source WHERE c4 IS NOT NULL GROUP BY v
)
SELECT 'source_rows' AS name, count(*) AS value, NULL AS count FROM source
UNION ALL
SELECT * FROM (SELECT 'c0_' || column1, CASE column1 WHEN 'p01' THEN p01 WHEN 'p05' THEN p05 WHEN 'p25' THEN p25 WHEN 'p50' THEN p50 WHEN 'p75' THEN p75 WHEN 'p95' THEN p95 WHEN 'p99' THEN p99 WHEN 'low' THEN low WHEN 'high' THEN high WHEN 'least' THEN least WHEN 'greatest' THEN greatest WHEN 'low_fence' THEN low_fence WHEN 'high_fence' THEN high_fence END AS value, NULL FROM c0_spread, (VALUES ('p01'), ('p05'), ('p25'), ('p50'), ('p75'), ('p95'), ('p99'), ('low'), ('high'), ('least'), ('greatest'), ('low_fence'), ('high_fence'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c0_bin', bar, n FROM c0_bars WHERE bar IS NOT NULL
UNION ALL
SELECT * FROM (SELECT 'c0_' || column1, CASE column1 WHEN 'below' THEN below WHEN 'above' THEN above END AS value, NULL FROM (SELECT sum(below) AS below, sum(above) AS above FROM c0_bars), (VALUES ('below'), ('above'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c0_distinct', count(*), NULL FROM c0_groups
UNION ALL
SELECT 'c0_compared', total(n), NULL FROM c0_groups
UNION ALL
SELECT 'c0_top', CASE WHEN typeof(v) IN ('integer', 'real') THEN v ELSE substr(CASE typeof(v) WHEN 'blob' THEN hex(substr(v, 1, 100)) ELSE CAST(v AS TEXT) END, 1, 200) END, n FROM (SELECT v, n, NULL AS x FROM c0_groups ORDER BY n DESC, v LIMIT 10)
UNION ALL
SELECT * FROM (SELECT 'c1_' || column1, CASE column1 WHEN 'p01' THEN p01 WHEN 'p05' THEN p05 WHEN 'p25' THEN p25 WHEN 'p50' THEN p50 WHEN 'p75' THEN p75 WHEN 'p95' THEN p95 WHEN 'p99' THEN p99 WHEN 'low' THEN low WHEN 'high' THEN high WHEN 'least' THEN least WHEN 'greatest' THEN greatest WHEN 'low_fence' THEN low_fence WHEN 'high_fence' THEN high_fence END AS value, NULL FROM c1_spread, (VALUES ('p01'), ('p05'), ('p25'), ('p50'), ('p75'), ('p95'), ('p99'), ('low'), ('high'), ('least'), ('greatest'), ('low_fence'), ('high_fence'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c1_bin', bar, n FROM c1_bars WHERE bar IS NOT NULL
UNION ALL
SELECT * FROM (SELECT 'c1_' || column1, CASE column1 WHEN 'below' THEN below WHEN 'above' THEN above END AS value, NULL FROM (SELECT sum(below) AS below, sum(above) AS above FROM c1_bars), (VALUES ('below'), ('above'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c1_distinct', count(*), NULL FROM c1_groups
UNION ALL
SELECT 'c1_compared', total(n), NULL FROM c1_groups
UNION ALL
SELECT 'c1_top', CASE WHEN typeof(v) IN ('integer', 'real') THEN v ELSE substr(CASE typeof(v) WHEN 'blob' THEN hex(substr(v, 1, 100)) ELSE CAST(v AS TEXT) END, 1, 200) END, n FROM (SELECT v, n, NULL AS x FROM c1_groups ORDER BY n DESC, v LIMIT 10)
UNION ALL
SELECT * FROM (SELECT 'c2_' || column1, CASE column1 WHEN 'shape_values' THEN shape_values WHEN 'min' THEN min WHEN 'max' THEN max WHEN 'length_min' THEN length_min WHEN 'length_max' THEN length_max WHEN 'length_mean' THEN length_mean WHEN 'shape_email' THEN shape_email WHEN 'shape_phone' THEN shape_phone WHEN 'shape_card' THEN shape_card WHEN 'shape_ip_address' THEN shape_ip_address WHEN 'shape_uuid' THEN shape_uuid WHEN 'shape_url' THEN shape_url WHEN 'shape_number' THEN shape_number WHEN 'shape_time' THEN shape_time WHEN 'shape_blank' THEN shape_blank WHEN 'shape_padded' THEN shape_padded END AS value, NULL FROM c2_texts, (VALUES ('shape_values'), ('min'), ('max'), ('length_min'), ('length_max'), ('length_mean'), ('shape_email'), ('shape_phone'), ('shape_card'), ('shape_ip_address'), ('shape_uuid'), ('shape_url'), ('shape_number'), ('shape_time'), ('shape_blank'), ('shape_padded'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c2_distinct', count(*), NULL FROM c2_groups
UNION ALL
SELECT 'c2_compared', total(n), NULL FROM c2_groups
UNION ALL
SELECT 'c2_top', substr(CASE typeof(v) WHEN 'blob' THEN hex(substr(v, 1, 100)) ELSE CAST(v AS TEXT) END, 1, 200), n FROM (SELECT v, n, NULL AS x FROM c2_groups ORDER BY n DESC, v LIMIT 10)
UNION ALL
SELECT * FROM (SELECT 'c3_' || column1, CASE column1 WHEN 'p01' THEN CASE WHEN p01 = floor(p01) THEN datetime(p01, 'unixepoch') ELSE datetime(p01, 'unixepoch', 'subsec') END WHEN 'p05' THEN CASE WHEN p05 = floor(p05) THEN datetime(p05, 'unixepoch') ELSE datetime(p05, 'unixepoch', 'subsec') END WHEN 'p25' THEN CASE WHEN p25 = floor(p25) THEN datetime(p25, 'unixepoch') ELSE datetime(p25, 'unixepoch', 'subsec') END WHEN 'p50' THEN CASE WHEN p50 = floor(p50) THEN datetime(p50, 'unixepoch') ELSE datetime(p50, 'unixepoch', 'subsec') END WHEN 'p75' THEN CASE WHEN p75 = floor(p75) THEN datetime(p75, 'unixepoch') ELSE datetime(p75, 'unixepoch', 'subsec') END WHEN 'p95' THEN CASE WHEN p95 = floor(p95) THEN datetime(p95, 'unixepoch') ELSE datetime(p95, 'unixepoch', 'subsec') END WHEN 'p99' THEN CASE WHEN p99 = floor(p99) THEN datetime(p99, 'unixepoch') ELSE datetime(p99, 'unixepoch', 'subsec') END WHEN 'low' THEN low WHEN 'high' THEN high WHEN 'least' THEN least WHEN 'greatest' THEN greatest END AS value, NULL FROM c3_spread, (VALUES ('p01'), ('p05'), ('p25'), ('p50'), ('p75'), ('p95'), ('p99'), ('low'), ('high'), ('least'), ('greatest'))) WHERE value IS NOT NULL
UNION ALL
SELECT 'c3_bin', bar, n FROM c3_bars WHERE bar IS NOT NULL
UNION ALL
SELECT 'c3_distinct', count(*), NULL FROM c3_groups
UNION ALL
SELECT 'c3_compared', total(n), NULL FROM c3_groups
UNION ALL
SELECT 'c3_top', CASE WHEN typeof(v) = 'text' OR x IS NULL THEN substr(CASE typeof(v) WHEN 'blob' THEN hex(substr(v, 1, 100)) ELSE CAST(v AS TEXT) END, 1, 200) ELSE CASE WHEN x = floor(x) THEN datetime(x, 'unixepoch') ELSE datetime(x, 'unixepoch', 'subsec') END END, n FROM (SELECT v, n, CASE WHEN typeof(v) = 'text' THEN CASE WHEN date(substr(v, 1, 10)) = substr(v, 1, 10) THEN unixepoch(v, 'subsec') END WHEN v BETWEEN 1721059.5 AND 5373484.5 THEN (v - 2440587.5) * 86400.0 WHEN v BETWEEN -1e11 AND 1e11 THEN v * 1.0 WHEN v BETWEEN -1e14 AND 1e14 THEN v / 1000.0 END AS x FROM c3_groups ORDER BY n DESC, v LIMIT 10)
UNION ALL
SELECT 'c4_distinct', count(*), NULL FROM c4_groups
UNION ALL
SELECT 'c4_compared', total(n), NULL FROM c4_groups
UNION ALL
SELECT 'c4_top', CASE WHEN v THEN 'true' ELSE 'false' END, n FROM (SELECT v, n, NULL AS x FROM c4_groups ORDER BY n DESC, v LIMIT 10);
