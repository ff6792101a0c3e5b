import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ColumnProfile, TableProfile } from '../../../src/contracts/profile.ts';
import { isMissing } from '../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../support/mariadb-server.ts';
import { profileInMysql } from './profile-in-mysql.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
const columnOf = (profile: TableProfile, name: string): ColumnProfile => {
  const found = profile.columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`There is no column ${name}.`);
  return found;
};

/** Types, values of them that statements have failed on elsewhere, and what a profile makes of them. */
const oddities: readonly (readonly [
  type: string,
  values: readonly string[],
  expected: {
    readonly kind: ColumnProfile['kind'];
    readonly distinct?: number;
    readonly range?: readonly [unknown, unknown];
  },
])[] = [
  ['double', ['1.5', '-1e308', '1e308'], { kind: 'number', distinct: 3, range: [-1e308, 1e308] }],
  ['float', ['3e38', '0.5'], { kind: 'number', distinct: 2, range: [0.5, 3e38] }],
  [
    'bigint unsigned',
    ['18446744073709551615', '0'],
    { kind: 'number', distinct: 2, range: [0, '18446744073709551615'] },
  ],
  [
    'decimal(65,30)',
    ['12345678901234567890123456789012345', '-0.5'],
    { kind: 'number', distinct: 2, range: [-0.5, `12345678901234567890123456789012345.${'0'.repeat(30)}`] },
  ],
  ['tinyint(1)', ['0', '1', '127'], { kind: 'number', distinct: 3, range: [0, 127] }],
  ['int zerofill', ['7'], { kind: 'number', distinct: 1, range: [7, 7] }],
  ['year', ['2024', '0'], { kind: 'number', distinct: 2, range: [0, 2024] }],
  [
    'date',
    ["'0000-00-00'", "'2024-00-10'", "'9999-12-31'", "'1000-01-01'"],
    { kind: 'time', distinct: 4, range: ['1000-01-01', '9999-12-31'] },
  ],
  [
    'datetime',
    ["'0000-00-00 00:00:00'", "'2024-01-31 12:00:00'"],
    { kind: 'time', distinct: 2, range: ['2024-01-31 12:00:00', '2024-01-31 12:00:00'] },
  ],
  [
    'timestamp null',
    ["'2024-01-31 12:00:00'"],
    { kind: 'time', distinct: 1, range: ['2024-01-31 12:00:00', '2024-01-31 12:00:00'] },
  ],
  ['varchar(20)', ["'a'", "'A'", "'a '", "''"], { kind: 'text', distinct: 4, range: ['', 'a '] }],
  ['varchar(20) character set latin1', ["'größe'"], { kind: 'text', distinct: 1, range: ['größe', 'größe'] }],
  [
    'longtext',
    ["repeat('x', 1000000)", "repeat('x', 1000001)"],
    { kind: 'text', distinct: 2, range: ['x'.repeat(200), 'x'.repeat(200)] },
  ],
  ["enum('sad','happy')", ["'sad'", "'happy'"], { kind: 'text', distinct: 2, range: ['happy', 'sad'] }],
  ["set('a','b')", ["'a,b'", "''"], { kind: 'text', distinct: 2, range: ['', 'a,b'] }],
  ['time', ["'-838:59:59'", "'10:00'"], { kind: 'other', distinct: 2 }],
  ['bit(10)', ["b'101'", "b'1'"], { kind: 'other', distinct: 2 }],
  ['uuid', ["'4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'"], { kind: 'other', distinct: 1 }],
  ['inet6', ["'fe80::1'"], { kind: 'other', distinct: 1 }],
  ['blob', ["x'deadbeef'"], { kind: 'other' }],
  ['varbinary(10)', ["x'ff'"], { kind: 'other' }],
  ['point', ['point(1, 2)'], { kind: 'other' }],
];

describe.skipIf(isMissing('mariadb'))('the profile of a MariaDB table', () => {
  let server: MariadbServer;
  let connection: mysql.Connection;
  const run = (sql: string): Promise<unknown> => connection.query(sql);
  const measure = (name: string, previewPercent?: number): Promise<TableProfile> =>
    profileInMysql(connection, name, previewPercent === undefined ? {} : { previewPercent });
  beforeAll(async () => {
    server = await startMariadb();
    connection = await mysql.createConnection({ uri: server.url(), multipleStatements: true });
  }, 60_000);
  afterAll(async () => {
    await connection.end();
    await server.stop();
  });

  it.each(oddities)('measures %s', async (type, values, { kind, distinct, range }) => {
    await run(`DROP VIEW IF EXISTS odd_view; DROP TABLE IF EXISTS odd; CREATE TABLE odd (x ${type});
      INSERT INTO odd VALUES ${values.map((value) => `(${value})`).join(', ')}, (NULL); CREATE VIEW odd_view AS SELECT * FROM odd`);
    for (const [table, percent] of [
      ['odd', undefined],
      ['odd_view', undefined],
      ['odd', 100],
      ['odd_view', 100],
    ] as const) {
      const profile = await measure(table, percent);
      const x = columnOf(profile, 'x');
      expect([x.kind, x.nulls.count, x.distinct?.count]).toEqual([kind, 1, distinct]);
      expect([x.range?.min, x.range?.max]).toEqual(range ?? [undefined, undefined]);
      expect(profile.duplicate_rows?.count).toBe(percent === undefined ? 0 : undefined);
    }
    for (const nothing of ['TRUNCATE odd', 'INSERT INTO odd VALUES (NULL), (NULL)']) {
      await run(nothing);
      const x = columnOf(await measure('odd'), 'x');
      expect([x.nulls.share, x.range, x.top_values, x.quantiles, x.shapes]).toEqual([
        nothing.startsWith('TRUNCATE') ? 0 : 1,
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it('counts equal rows among values longer than a function of the server can make', async () => {
    // Of each, QUOTE() would be longer than max_allowed_packet, 16 MiB as the server is installed.
    await run(`CREATE TABLE long_values (k int, body longtext, raw longblob);
      INSERT INTO long_values SELECT 1, concat(repeat('''', 9000000), seq), repeat('\\\\', 9000000) FROM seq_1_to_3;
      INSERT INTO long_values VALUES (1, 'short', NULL), (1, 'short', NULL), (1, 'short', ''), (1, NULL, NULL)`);
    const profile = await measure('long_values');
    expect(profile.duplicate_rows).toEqual({ basis: 'exact', count: 1 });
    expect(columnOf(profile, 'body').distinct?.count).toBe(4);
    await run('DROP TABLE long_values');
  });

  it('takes three statements for 300 columns of all kinds', async () => {
    const kinds = ['int', 'double', 'varchar(8)', 'decimal(10,2)', 'datetime', 'blob'];
    const values = ['i', 'i / 7', "concat('text ', i)", 'i / 2', "'2024-01-01' + INTERVAL i HOUR", "x'ff'"];
    await run(`CREATE TABLE wide (${Array.from({ length: 300 }, (_, at) => `\`spälte \`\`${at}\`\`\` ${kinds[at % kinds.length]}`).join(', ')});
      INSERT INTO wide SELECT ${Array.from({ length: 300 }, (_, at) => values[at % values.length]).join(', ')} FROM (SELECT seq AS i FROM seq_0_to_39) AS g`);
    const wide = await measure('wide');
    expect(wide.statements).toHaveLength(3);
    expect(Math.max(...wide.statements.map(({ length }) => length))).toBeLessThan(200_000);
    expect(wide.columns[294]?.range).toEqual({ basis: 'exact', min: 0, max: 39 });
    expect(wide.columns[295]?.quantiles?.p50).toBeCloseTo(19.5 / 7, 9);
    expect(wide.columns[299]).toMatchObject({ kind: 'other', nulls: { count: 0 } });
  });

  describe('of 300,000 rows', () => {
    const rows = 300_000;
    beforeAll(async () => {
      await run(`CREATE TABLE large (id bigint PRIMARY KEY, category int, word varchar(20), x double, KEY (category));
        INSERT INTO large SELECT seq, seq % 8, concat('word ', seq % 1000), IF(seq % 4 > 0, seq / 2, NULL) FROM seq_0_to_${rows - 1};
        CREATE TABLE keyless AS SELECT * FROM large; CREATE VIEW large_view AS SELECT * FROM large;
        ANALYZE TABLE large, keyless`);
    }, 120_000);

    it.each([
      ['large', 'key ranges', 'key ranges'],
      ['keyless', 'random', 'first rows'],
      ['large_view', 'random', 'first rows'],
    ])('of %s has a sample by %s, a preview by %s', async (table, method, previewMethod) => {
      const profile = await measure(table);
      expect([profile.rows, profile.statements.length]).toEqual([{ basis: 'exact', count: rows }, 3]);
      expect(profile.sample?.method).toBe(method);
      const [id, category, word, x] = ['id', 'category', 'word', 'x'].map((name) => columnOf(profile, name));
      expect(id?.range).toEqual({ basis: 'exact', min: 0, max: rows - 1 });
      expect(x?.nulls).toEqual({ basis: 'exact', count: rows / 4, share: 0.25 });
      expect(x?.moments?.mean).toBeCloseTo(rows / 4, 6);
      expect(id?.distinct?.basis).toBe(table === 'large' ? 'exact' : 'sample');
      expect(category?.distinct?.basis).toBe(table === 'large' ? 'planner' : 'sample');
      expect(word?.distinct?.basis).toBe('sample');
      const sampled = profile.sample?.rows ?? 0;
      expect(Math.abs(sampled / 30_000 - 1)).toBeLessThan(0.5);
      expect(sum((id?.histogram?.bins ?? []).map(({ count }) => count))).toBe(sampled);
      expect(sum((category?.top_values?.values ?? []).map(({ count }) => count))).toBe(sampled);
      expect(word?.shapes?.values).toBe(sampled);
      expect(Math.abs(Number(id?.quantiles?.p50) / rows - 0.5)).toBeLessThan(0.05);
      const preview = await measure(table, 1);
      expect(preview.sample?.method).toBe(previewMethod);
      expect(columnOf(preview, 'id').nulls).toEqual({ basis: 'sample', count: 0, share: 0 });
    });
  });
});
