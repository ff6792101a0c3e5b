/** The longest name that PostgreSQL keeps, in bytes. */
export const longestName = 'n'.repeat(63);

/** What databases have that nobody expects, in several schemas. */
export const oddSchema = `
  CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE EXTENSION ltree; CREATE EXTENSION isn; CREATE EXTENSION file_fdw;
  CREATE TABLE "MixedCase" ("Id" int PRIMARY KEY, "select" text, "ein Wort" text, "a.b" int, "q""q" int, "größe" int);
  INSERT INTO "MixedCase" VALUES (1, 's', 'w', 2, 3, 4);
  CREATE TABLE "größe 表 🐘" (id int); CREATE TABLE "${longestName}" ("${longestName}" int);
  CREATE TABLE "select" (id int); CREATE TABLE "with.dot" (id int); CREATE TABLE """quoted""" (id int);
  CREATE TABLE " spaces " (id int); CREATE TABLE "per%cent'\\n" (id int); CREATE TABLE nothing ();
  CREATE SCHEMA "Sche.ma"; CREATE TABLE "Sche.ma"."Ta.ble" (id int PRIMARY KEY); CREATE TABLE "Sche.ma"."MixedCase" (other int);
  CREATE TABLE "Sche.ma".refers (id int REFERENCES "Sche.ma"."Ta.ble", out int REFERENCES "MixedCase");
  CREATE TABLE empty_one (id int, t text);
  CREATE TABLE measures (day date NOT NULL, place int, v float8) PARTITION BY RANGE (day);
  CREATE TABLE measures_2024 PARTITION OF measures FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (place);
  CREATE TABLE measures_2024_1 PARTITION OF measures_2024 FOR VALUES IN (1);
  CREATE TABLE measures_2024_2 PARTITION OF measures_2024 FOR VALUES IN (2);
  ALTER TABLE measures ADD PRIMARY KEY (day, place);
  CREATE TABLE readings (id int, day date, place int, FOREIGN KEY (day, place) REFERENCES measures);
  INSERT INTO measures SELECT date '2024-01-01' + i / 2, 1 + i % 2, i FROM generate_series(0, 99) i;
  CREATE TABLE parent (id int); CREATE TABLE child (more int) INHERITS (parent);
  CREATE VIEW seen AS SELECT "Id" AS id FROM "MixedCase"; CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one;
  COMMENT ON VIEW seen IS 'what is seen'; COMMENT ON COLUMN "MixedCase"."größe" IS 'wie groß';
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE outside (line text) SERVER files OPTIONS (filename '/etc/hostname');
  CREATE TYPE "Mood" AS ENUM ('sad', 'ok', 'it''s, "so" \\ ok'); CREATE DOMAIN positive AS numeric(10, 2) CHECK (VALUE > 0);
  CREATE DOMAIN dear AS positive NOT NULL; CREATE DOMAIN feeling AS "Mood"; CREATE DOMAIN tags AS text[];
  CREATE TYPE place AS (x int, label text); CREATE TYPE span_of_float AS RANGE (subtype = float8);
  CREATE TABLE own_types (m "Mood", p positive, d dear, f feeling, t tags, c place, cs place[], ms "Mood"[], s span_of_float,
                          h hstore, ci citext, l ltree, book isbn, xs hstore[]);
  INSERT INTO own_types VALUES ('it''s, "so" \\ ok', 1.50, 2, 'sad', '{a,NULL}', ROW(1, 'a, "b"'), ARRAY[ROW(1, 'x')::place],
    '{ok,"it''s, \\"so\\" \\\\ ok"}', '[1.5,)', 'a=>1, b=>NULL', 'CaSe', 'a.b.c', '978-0-393-04002-9', ARRAY['a=>1'::hstore]);
  DO $$ BEGIN
    EXECUTE 'CREATE TABLE wide (' || (SELECT string_agg(format('c%s int', i), ', ') FROM generate_series(1, 300) i) || ')';
    FOR i IN 1..200 LOOP EXECUTE format('CREATE TABLE "Sche.ma".many_%s (id int PRIMARY KEY, t text)', i); END LOOP;
    EXECUTE 'CREATE TABLE all_types (' || (SELECT string_agg(format('%I %s', 'c' || oid, format_type(oid, NULL)), ', ')
      FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typrelid = 0
        AND typname NOT LIKE '%pg\\_%' AND typname NOT IN ('_cstring', 'aclitem', 'gtsvector')) || ')';
    EXECUTE 'INSERT INTO all_types SELECT';
  END $$;
  CREATE FUNCTION length(place) RETURNS int LANGUAGE sql AS 'SELECT 1';
  ANALYZE;
  CREATE ROLE reader LOGIN PASSWORD 'only reads';
  GRANT USAGE ON SCHEMA "Sche.ma" TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA public, "Sche.ma" TO reader;`;

/** Values that lose something when they are not taken as text: columns and their one row. */
export const oddValues: readonly (readonly [type: string, literal: string, read: unknown])[] = [
  ['boolean', `'true'`, true],
  ['smallint', `'-32768'`, -32_768],
  ['integer', `'2147483647'`, 2_147_483_647],
  ['bigint', `'9007199254740991'`, 9_007_199_254_740_991],
  ['bigint', `'9007199254740993'`, '9007199254740993'],
  ['bigint', `'-9223372036854775808'`, '-9223372036854775808'],
  ['oid', `'4294967295'`, 4_294_967_295],
  ['numeric', `'1.50'`, '1.50'],
  ['numeric', `'123456789012345678901234567890.123456789'`, '123456789012345678901234567890.123456789'],
  ['numeric', `'NaN'`, 'NaN'],
  ['numeric', `'-Infinity'`, '-Infinity'],
  ['real', `'0.1'`, 0.1],
  ['double precision', `'0.1'`, 0.1],
  ['double precision', `'1e-320'`, 1e-320],
  ['double precision', `'NaN'`, 'NaN'],
  ['double precision', `'-Infinity'`, '-Infinity'],
  ['money', `'1234.5'`, '$1,234.50'],
  ['text', `'it''s "so" \\ 表 🐘'`, `it's "so" \\ 表 🐘`],
  ['text', `''`, ''],
  ['character(5)', `'ab'`, 'ab   '],
  ['"char"', `'x'`, 'x'],
  ['bytea', `'\\xdeadbeef'`, '\\xdeadbeef'],
  ['bytea', `decode(repeat('ab', 1000), 'hex')`, `\\x${'ab'.repeat(64)}… (1000 bytes)`],
  ['date', `'0044-03-15 BC'`, '0044-03-15 BC'],
  ['date', `'infinity'`, 'infinity'],
  ['date', `'5874897-12-31'`, '5874897-12-31'],
  ['timestamp without time zone', `'2024-02-29 12:30:00.123456'`, '2024-02-29 12:30:00.123456'],
  ['timestamp with time zone', `'2024-01-01 00:00:00+02'`, '2023-12-31 22:00:00+00'],
  ['timestamp with time zone', `'-infinity'`, '-infinity'],
  ['time without time zone', `'24:00'`, '24:00:00'],
  ['time with time zone', `'12:00+05:30'`, '12:00:00+05:30'],
  ['interval', `'1 year 2 mons -3 days 04:05:06.7'`, '1 year 2 mons -3 days +04:05:06.7'],
  ['json', `'{"b": 1,  "a": 12345678901234567890}'`, '{"b": 1,  "a": 12345678901234567890}'],
  ['jsonb', `'{"b": [1, null], "a": 1.10}'`, '{"a": 1.10, "b": [1, null]}'],
  ['uuid', `'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'`, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
  ['xml', `'<a>1</a>'`, '<a>1</a>'],
  ['inet', `'192.168.0.1/24'`, '192.168.0.1/24'],
  ['macaddr', `'08:00:2b:01:02:03'`, '08:00:2b:01:02:03'],
  ['bit(3)', `'101'`, '101'],
  ['bit varying', `'1'`, '1'],
  ['point', `'(1,2.5)'`, '(1,2.5)'],
  ['polygon', `'((0,0),(1,1),(1,0))'`, '((0,0),(1,1),(1,0))'],
  ['tsvector', `'a fat cat'`, `'a' 'cat' 'fat'`],
  ['int4range', `'[1,5)'`, '[1,5)'],
  ['int4multirange', `'{[1,3), [5,7)}'`, '{[1,3),[5,7)}'],
  ['pg_lsn', `'16/B374D848'`, '16/B374D848'],
  ['integer[]', `'{1,NULL,3}'`, '[1,null,3]'],
  ['integer[]', `'{}'`, '[]'],
  ['integer[]', `'[0:1]={7,8}'`, '[7,8]'],
  ['integer[]', `'{{1,2},{3,NULL}}'`, '[[1,2],[3,null]]'],
  ['bigint[]', `'{9007199254740993}'`, '["9007199254740993"]'],
  ['boolean[]', `'{t,f}'`, '[true,false]'],
  ['double precision[]', `'{1.5,NaN}'`, '[1.5,"NaN"]'],
  [
    'text[]',
    `ARRAY['', 'NULL', 'a,b', '{x}', E'q"\\\\', NULL]`,
    JSON.stringify(['', 'NULL', 'a,b', '{x}', 'q"\\', null]),
  ],
  ['box[]', `ARRAY['(1,1),(0,0)'::box, '(2,2),(1,1)'::box]`, '["(1,1),(0,0)","(2,2),(1,1)"]'],
  ['jsonb[]', `ARRAY['{"a": 1}'::jsonb]`, JSON.stringify(['{"a": 1}'])],
  ['int2vector', `'1 2'`, '1 2'],
];
