import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import type { ResultValue } from '../../../../src/contracts/sandbox.ts';
import { ResultTable } from '../../../../src/contracts/sandbox.ts';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { limits, open } from './mysql-target.ts';

/** A column's declaration, the SQL of a value, and the type and value that a result carries. */
const cases: readonly (readonly [string, string, string, ResultValue])[] = [
  ['TINYINT', '-128', 'tinyint', -128],
  ['TINYINT(1)', 'TRUE', 'tinyint', 1],
  ['TINYINT UNSIGNED', '255', 'tinyint unsigned', 255],
  ['SMALLINT', '-32768', 'smallint', -32768],
  ['MEDIUMINT UNSIGNED', '16777215', 'mediumint unsigned', 16777215],
  ['INT', '-2147483648', 'int', -2147483648],
  ['INT(8) ZEROFILL', '42', 'int unsigned', 42],
  ['BIGINT', '9007199254740991', 'bigint', 9007199254740991],
  ['BIGINT', '9007199254740993', 'bigint', '9007199254740993'],
  ['BIGINT', '-9223372036854775808', 'bigint', '-9223372036854775808'],
  ['BIGINT UNSIGNED', '18446744073709551615', 'bigint unsigned', '18446744073709551615'],
  ['DECIMAL(65,30)', '1.5', 'decimal(65,30)', '1.500000000000000000000000000000'],
  ['DECIMAL(20)', '-12345678901234567890', 'decimal(20,0)', '-12345678901234567890'],
  ['DECIMAL(5,2) UNSIGNED', '0.10', 'decimal(5,2)', '0.10'],
  ['FLOAT', '1.5', 'float', 1.5],
  ['DOUBLE', '1.7976931348623157e308', 'double', 1.7976931348623157e308],
  ['DOUBLE', '0.1', 'double', 0.1],
  ['BIT(1)', "b'1'", 'bit', 1],
  ['BIT(64)', '~0', 'bit', '18446744073709551615'],
  ['YEAR', '2024', 'year', 2024],
  ['YEAR', '0', 'year', 0],
  ['DATE', "'0000-00-00'", 'date', '0000-00-00'],
  ['DATE', "'2024-00-31'", 'date', '2024-00-31'],
  ['DATE', "'9999-12-31'", 'date', '9999-12-31'],
  ['DATETIME', "'0000-00-00 00:00:00'", 'datetime', '0000-00-00 00:00:00'],
  ['DATETIME(6)', "'2024-02-29 23:59:59.123456'", 'datetime', '2024-02-29 23:59:59.123456'],
  ['TIMESTAMP NULL', "'2024-07-01 12:00:00'", 'timestamp', '2024-07-01 12:00:00'],
  ['TIMESTAMP NULL', '0', 'timestamp', '0000-00-00 00:00:00'],
  ['TIME', "'838:59:59'", 'time', '838:59:59'],
  ['TIME(3)', "'-25:00:00.5'", 'time', '-25:00:00.500'],
  ['CHAR(5)', "'ab'", 'char', 'ab'],
  ['VARCHAR(20)', "'it''s \\\\ 😀'", 'varchar', "it's \\ 😀"],
  ['TINYTEXT', "'t'", 'text', 't'],
  ['LONGTEXT', "''", 'text', ''],
  ['VARCHAR(20) CHARACTER SET latin1', "'Müßig €'", 'varchar', 'Müßig €'],
  ['VARCHAR(20) CHARACTER SET utf16', "'Ω😀'", 'varchar', 'Ω😀'],
  ['VARCHAR(20) CHARACTER SET ucs2', "'Ж'", 'varchar', 'Ж'],
  ['VARCHAR(20) CHARACTER SET utf32', "'😀'", 'varchar', '😀'],
  ['TEXT CHARACTER SET sjis', "'日本'", 'text', '日本'],
  ['TEXT CHARACTER SET big5', "'中文'", 'text', '中文'],
  ['TEXT CHARACTER SET koi8r', "'Привет'", 'text', 'Привет'],
  ['VARCHAR(20) COLLATE utf8mb4_bin', "'bin'", 'varchar', 'bin'],
  ['BINARY(3)', "x'41'", 'binary', '0x410000'],
  ['VARBINARY(9)', "x'00FF80'", 'varbinary', '0x00FF80'],
  ['BLOB', "''", 'blob', '0x'],
  ['LONGBLOB', "x'DEADBEEF'", 'blob', '0xDEADBEEF'],
  ["ENUM('red','grün')", "'grün'", 'enum', 'grün'],
  ["ENUM('a')", '0', 'enum', ''],
  ["SET('a','b','c')", "'c,a'", 'set', 'a,c'],
  ['JSON', `'{"a": [1, 2.50, "ü", null]}'`, 'json', '{"a": [1, 2.50, "ü", null]}'],
  ['UUID', "'123e4567-e89b-12d3-a456-426655440000'", 'uuid', '123e4567-e89b-12d3-a456-426655440000'],
  ['INET6', "'2001:db8::ff00:42:8329'", 'inet6', '2001:db8::ff00:42:8329'],
  ['INET4', "'192.0.2.1'", 'inet4', '192.0.2.1'],
  ['POINT', "ST_GeomFromText('POINT(1 2)')", 'point', '0x000000000101000000000000000000F03F0000000000000040'],
  ['GEOMETRY', "ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')", 'geometry', '0x00000000010700000000000000'],
];

describe.skipIf(isMissing('mariadb'))('values of MariaDB', () => {
  let server: MariadbServer;
  let engine: OpenEngine;
  beforeAll(async () => {
    server = await startMariadb();
    // The session that writes has another time zone than the one that reads.
    await server.run(`SET sql_mode = '', time_zone = '+00:00';
      CREATE TABLE t (id INT PRIMARY KEY, ${cases.map(([type], i) => `c${i} ${type} NULL`).join(', ')}) ROW_FORMAT=DYNAMIC;
      INSERT INTO t VALUES (1, ${cases.map(([, value]) => value).join(', ')});
      INSERT INTO t (id) VALUES (2);
      UPDATE t SET ${cases.map((_, i) => `c${i} = NULL`).join(', ')} WHERE id = 2;
      SET GLOBAL time_zone = '+09:00', GLOBAL sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES';
      SET GLOBAL group_concat_max_len = 4, GLOBAL character_set_server = 'latin1';`);
    engine = await open(server.port);
  });
  afterAll(async () => {
    await engine.close();
    await server.stop();
  });

  it.each(cases.map((one, index) => [...one, index] as const))(
    'carries %s %s as %s',
    async (_declared, _sql, type, value, index) => {
      const table = await engine.run(`SELECT c${index} FROM t ORDER BY id`, limits);
      expect(ResultTable.parse(table)).toEqual(table);
      expect(table.columns[0]?.type).toBe(type);
      expect(table.values[0]).toEqual([value, null]);
    },
  );

  const valueOf = async (expression: string): Promise<ResultValue | undefined> =>
    (await engine.run(`SELECT ${expression}`, limits)).values[0]?.[0];

  it('carries bytes that are no valid text', async () => {
    expect(await valueOf("CONVERT(x'41FF42' USING utf8mb4)")).toBe('A?B');
    expect(await valueOf("x'41FF42'")).toBe('0x41FF42');
    expect(await valueOf('NULL')).toBe(null);
  });

  it('has its own settings, whatever the server’s are', async () => {
    expect(await valueOf('@@time_zone')).toBe('+00:00');
    expect(await valueOf('length(group_concat(seq)) FROM seq_1_to_10000')).toBeGreaterThan(40_000);
    expect(await valueOf(`"a\\'b"`)).toBe("a'b");
    expect(await valueOf(`0 || 1`)).toBe(1);
    expect(await valueOf(`count(*) FROM t WHERE c${cases.findIndex(([type]) => type === 'DATE')} = '0000-00-00'`)).toBe(
      1,
    );
    await expect(engine.run('SELECT id, c0 FROM t GROUP BY c0', limits)).rejects.toThrow(/GROUP BY/);
  });
});
