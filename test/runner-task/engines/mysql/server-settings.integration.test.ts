import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { limits, open } from './mysql-target.ts';

const bounded = `SET GLOBAL sql_select_limit = 2, max_join_size = 10, div_precision_increment = 0, lc_time_names = 'de_DE',
  sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', time_zone = '+05:45', group_concat_max_len = 64,
  lock_wait_timeout = 1, sql_safe_updates = 1`;

describe.skipIf(isMissing('mariadb'))('a MariaDB whose defaults bound and change results', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await server.run(`CREATE TABLE ${name} (id INT PRIMARY KEY, word VARCHAR(40), day DATE);
        INSERT INTO ${name} SELECT seq, concat('word ', seq), '2024-01-31' FROM seq_1_to_40`);
  });
  afterAll(() => server.stop());

  const statements = [
    'SELECT count(*) FROM a JOIN b ON a.word = b.word',
    'SELECT avg(id) / 7 FROM a',
    'SELECT monthname(day) FROM a WHERE id = 1',
    'SELECT length(group_concat(word)) FROM a',
    String.raw`SELECT 'a\\b' || "c"`,
    'SELECT id FROM a ORDER BY id',
  ];

  const survey = async (): Promise<unknown> => {
    const engine = await open(server.port);
    try {
      const { tables } = engine.opened.schema;
      const rows: unknown[] = [];
      for (const sql of statements) rows.push((await engine.run(sql, limits)).values);
      return [tables.map(({ name, columns }) => `${name} ${columns.length}`), rows];
    } finally {
      await engine.close();
    }
  };

  it('is surveyed whole, and tells the same as any other', async () => {
    const plain = await survey();
    await server.run(bounded);
    expect(await survey()).toEqual(plain);
    expect(plain).toEqual([
      ['a 3', 'b 3', 'c 3', 'd 3', 'e 3'],
      expect.arrayContaining([[[40]], [['January']]]) as unknown,
    ]);
  });
});
