import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasMariadb, startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { open } from './mysql-target.ts';

const data = process.env['SURVEYOR_TEST_DATA'];
if (data === undefined) console.log('LEFT OUT: Chinook on MariaDB, because SURVEYOR_TEST_DATA is not set.');

const ForeignKey = z.object({ table: z.string(), columns: z.array(z.string()), ref_table: z.string() });
const Truth = z.object({ tables: z.unknown(), foreign_keys: z.array(ForeignKey) });

/** `playlist_track` and `PlaylistTrack` are one name, written by two people. */
const alike = (name: string): string => name.replaceAll('_', '').toLowerCase();

describe.skipIf(!hasMariadb || data === undefined)('Chinook on MariaDB', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(readFileSync(join(data ?? '', 'chinook', 'Chinook_MySql.sql'), 'utf8'));
    await server.run(`CREATE USER reader IDENTIFIED BY 'r Pw-5'; GRANT SELECT ON Chinook.* TO reader`);
  });
  afterAll(() => server.stop());

  it('shows all its foreign keys to a role that has nothing but SELECT', async () => {
    const truth = Truth.parse(JSON.parse(readFileSync(join(data ?? '', 'chinook', 'ground_truth.json'), 'utf8')));
    const user = { database: 'Chinook', user: 'reader', password: 'r Pw-5', writable_role: 'refuse' } as const;
    const engine = await open(server.port, user);
    await engine.close();
    const found = engine.opened.schema.tables.flatMap(({ name, constraints }) =>
      constraints.flatMap(({ columns, references }) =>
        references === undefined ? [] : [[name, ...columns, references.table].map(alike).join(' ')],
      ),
    );
    const expected = truth.foreign_keys.map((key) => [key.table, ...key.columns, key.ref_table].map(alike).join(' '));
    expect(expected.length).toBeGreaterThan(5);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});
