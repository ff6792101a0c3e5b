import type { Engine } from '../../src/contracts/engine.ts';

/** A column as a test declares it: its name, the type as SQL has it, and what a domain or enumeration is made of. */
export type OddColumn = readonly [name: string, type: string, base?: string];

/** Columns of every type that an engine has, and rows with the values that break arithmetic, casts and comparisons. */
export type OddTable = {
  readonly before: readonly string[];
  readonly columns: readonly OddColumn[];
  readonly rows: readonly Readonly<Record<string, string>>[];
};

const postgres: OddTable = {
  before: [
    "create type mood as enum ('sad', 'ok')",
    'create domain price as numeric(10,2)',
    'create domain word as text',
    'create type pair as (a int, b text)',
  ],
  columns: [
    ['wide_id', 'bigint'],
    ['small', 'smallint'],
    ['exact', 'numeric'],
    ['single', 'real'],
    ['twice', 'double precision'],
    ['paid', 'money'],
    ['price', 'price', 'numeric(10,2)'],
    ['words', 'text'],
    ['padded', 'character(8)'],
    ['code_no', 'character varying(20)'],
    ['mood', 'mood', 'enum'],
    ['word', 'word', 'text'],
    ['system_name', 'name'],
    ['day', 'date'],
    ['moment', 'timestamp(3) without time zone'],
    ['zoned', 'timestamp with time zone'],
    ['clock', 'time without time zone'],
    ['zoned_clock', 'time with time zone'],
    ['span', 'interval'],
    ['flag', 'boolean'],
    ['json', 'json'],
    ['jsonb', 'jsonb'],
    ['list', 'integer[]'],
    ['json_list', 'json[]'],
    ['bytes', 'bytea'],
    ['uuid', 'uuid'],
    ['xml', 'xml'],
    ['point', 'point'],
    ['polygon', 'polygon'],
    ['address', 'inet'],
    ['mac', 'macaddr'],
    ['range', 'int4range'],
    ['search', 'tsvector'],
    ['bits', 'bit(3)'],
    ['pair', 'pair'],
    ['object', 'oid'],
    ['place', 'pg_lsn'],
  ],
  rows: [
    { exact: "'NaN'", single: "'NaN'", twice: "'NaN'", paid: '1.5', day: "'infinity'", moment: "'infinity'", zoned: "'infinity'" },
    { exact: '1e400', single: "'infinity'", twice: "'-infinity'", day: "'-infinity'", moment: "'-infinity'", zoned: "'-infinity'" },
    { exact: '1e-400', single: '1e-40', twice: '1e-300', day: "'5874897-12-31'", moment: "'294276-12-31'", zoned: "'294276-12-31'" },
    { exact: '-5', single: '1e38', twice: '1e300', day: "'4713-01-01 BC'", moment: "'4713-01-01 BC'", zoned: "'4713-01-02 BC'" },
    {
      wide_id: '9223372036854775807', small: '-32768', price: '2.5', words: "'é🙂'", padded: "'c'", code_no: "'b'", mood: "'ok'", word: "'z'",
      system_name: "'m'", clock: "'24:00'", zoned_clock: "'23:00+02'", span: "'1 mon'", flag: 'true', json: `'{"a":1}'`, jsonb: `'{"a":1}'`,
      list: "'{1}'", json_list: `'{"{}"}'`, bytes: String.raw`'\xff00'`, uuid: "'00000000-0000-0000-0000-000000000001'", xml: "'<a/>'",
      point: "'(1,2)'", polygon: "'((0,0),(1,1))'", address: "'1.2.3.4'", mac: "'08:00:2b:01:02:03'", range: "'[1,2)'", search: "'a b'",
      bits: "'101'", pair: "'(1,x)'", object: '1', place: "'0/1'",
    },
  ],
}; // prettier-ignore

const mysql: OddTable = {
  before: [],
  columns: [
    ['wide_id', 'bigint(20) unsigned'],
    ['tiny', 'tinyint(1)'],
    ['exact', 'decimal(60,20)'],
    ['single', 'float'],
    ['twice', 'double'],
    ['bits', 'bit(3)'],
    ['year', 'year'],
    ['words', 'text'],
    ['padded', 'char(8) character set latin1'],
    ['code_no', 'varchar(20) character set utf8mb3 collate utf8mb3_bin'],
    ['mood', "enum('a','B')"],
    ['marks', "set('a','b')"],
    ['day', 'date'],
    ['moment', 'datetime(6)'],
    ['zoned', 'timestamp null'],
    ['clock', 'time'],
    ['json', 'json'],
    ['bytes', 'blob'],
    ['few_bytes', 'varbinary(10)'],
    ['place', 'geometry'],
    ['uuid', 'uuid'],
    ['address', 'inet6'],
  ],
  rows: [
    { wide_id: '18446744073709551615', tiny: '1', exact: '-99999999999999999999999999999999999999.5', twice: '1.5e308', single: '3e38' },
    { wide_id: '0', twice: '-1.5e308', day: "'0000-00-00'", moment: "'0000-00-00'", zoned: "'0000-00-00'", year: '0' },
    { day: "'2024-00-10'", moment: "'9999-12-31 23:59:59.999999'", zoned: "'1970-01-01 00:00:01'", year: '2155', clock: "'838:59:59'" },
    {
      bits: "b'101'", words: "'🙂'", padded: "'ä'", code_no: "'é '", mood: "'B'", marks: "'a,b'", day: "'1000-01-01'", clock: "'-12:00:00'",
      json: `'{"a":1}'`, bytes: "x'ff00'", few_bytes: "x'ff'", place: 'point(1,2)', uuid: "'00000000-0000-0000-0000-000000000001'", address: "'::1'",
    },
  ],
}; // prettier-ignore

const duckdb: OddTable = {
  before: ["create type mood as enum ('sad', 'ok')"],
  columns: [
    ['wide_id', 'BIGINT'],
    ['tiny', 'UTINYINT'],
    ['huge', 'HUGEINT'],
    ['exact', 'DECIMAL(38,10)'],
    ['single', 'FLOAT'],
    ['twice', 'DOUBLE'],
    ['words', 'VARCHAR'],
    ['mood', "ENUM('sad', 'ok')"],
    ['day', 'DATE'],
    ['moment', 'TIMESTAMP'],
    ['fine_moment', 'TIMESTAMP_NS'],
    ['zoned', 'TIMESTAMP WITH TIME ZONE'],
    ['clock', 'TIME'],
    ['span', 'INTERVAL'],
    ['flag', 'BOOLEAN'],
    ['list', 'INTEGER[]'],
    ['pair', 'STRUCT(a INTEGER, b VARCHAR)'],
    ['pairs', 'MAP(VARCHAR, INTEGER)'],
    ['bytes', 'BLOB'],
    ['uuid', 'UUID'],
    ['bits', 'BIT'],
  ],
  rows: [
    { single: "'nan'", twice: "'nan'", day: "'infinity'", moment: "'infinity'", zoned: "'infinity'" },
    { single: "'inf'", twice: "'-inf'", day: "'-infinity'", moment: "'-infinity'", zoned: "'-infinity'" },
    { twice: '1e300', huge: '170141183460469231731687303715884105727', day: "'5000000-01-01'", moment: "'290000-01-01'" },
    {
      wide_id: '9223372036854775807', tiny: '255', exact: '-1234567890.5', words: "'é🙂'", mood: "'ok'", fine_moment: "'2024-01-01'",
      clock: "'23:59:59'", span: "'1 month'", flag: 'true', list: '[1, 2]', pair: "{'a': 1, 'b': 'x'}", pairs: "map {'a': 1}",
      bytes: String.raw`'\xFF'::BLOB`, uuid: "'00000000-0000-0000-0000-000000000001'", bits: "'101'", day: "'0044-03-15 (BC)'",
    },
  ],
}; // prettier-ignore

/** Any value may stand in any column of SQLite, whatever its type. */
const sqlite: OddTable = {
  before: [],
  columns: [
    ['wide_id', 'INTEGER'],
    ['small', 'TINYINT'],
    ['exact', 'DECIMAL(38,10)'],
    ['twice', 'REAL'],
    ['price', 'NUMERIC', 'real'],
    ['words', 'TEXT'],
    ['code_no', 'VARCHAR(20) COLLATE NOCASE'],
    ['day', 'DATE'],
    ['moment', 'DATETIME'],
    ['zoned', 'TIMESTAMP WITH TIME ZONE'],
    ['said_time', 'DATETIME', 'text'],
    ['clock', 'TIME', 'text'],
    ['flag', 'BOOLEAN'],
    ['json', 'JSON', 'text'],
    ['bytes', 'BLOB'],
    ['anything', '', 'integer'],
    ['uuid', 'UUID', 'text'],
  ],
  rows: [
    { wide_id: '-9223372036854775808', small: "'many'", exact: '9e999', twice: '-9e999', price: "x'ff'", words: '12', flag: "'yes'", anything: "x'00'" },
    { day: "'2024-02-30'", moment: '1700000000', zoned: '1700000000123', said_time: "'now'", clock: "'25:00'", flag: '7' },
    { day: '2460310.5', moment: "'0000-00-00 00:00:00'", zoned: "x'ff'", said_time: "'12/31/2024'", anything: "''" },
    { day: "'-4713-11-24'", moment: '1e300', zoned: "'9999-12-31 23:59:59.999+14:00'", twice: '1e300', exact: '-1.5e308' },
    {
      wide_id: '9223372036854775807', small: '-128', exact: '1.5', twice: '4.9e-324', price: "'12,5'", words: "'é🙂' || char(0) || 'z'", code_no: "'ß'",
      day: "'2024-01-31'", moment: "'2024-01-31T10:00:00Z'", zoned: "'2024-01-31 10:00'", flag: 'true', json: `'{"a":1}'`, bytes: "x'ff00'",
      anything: "'text'", uuid: "'00000000-0000-0000-0000-000000000001'",
    },
  ],
}; // prettier-ignore

/** A table of every type, by engine. */
export const tablesOfEveryType: Readonly<Record<Engine, OddTable>> = { postgres, mysql, duckdb, sqlite };
