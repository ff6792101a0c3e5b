import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeEngineContract } from '../../../contracts/engine-contract.ts';

describeEngineContract({
  engine: 'duckdb',
  types: {
    whole: 'INTEGER',
    small: 'SMALLINT',
    big: 'BIGINT',
    decimal: 'DECIMAL(12,3)',
    double: 'DOUBLE',
    word: 'VARCHAR',
    text: 'VARCHAR',
    long: 'VARCHAR',
    day: 'DATE',
    moment: 'TIMESTAMP',
  },
  start: async (statements) => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-duckdb-'));
    const path = join(folder, 'test.duckdb');
    const instance = await DuckDBInstance.create(path);
    const connection = await instance.connect();
    for (const sql of statements) await connection.run(sql);
    connection.closeSync();
    instance.closeSync();
    return {
      target: { engine: 'duckdb', path },
      fingerprint: async () => createHash('sha256').update(readFileSync(path)).digest('hex'),
      stop: async () => rmSync(folder, { recursive: true }),
    };
  },
  attempts: [
    "COPY orders TO '/tmp/orders.csv'",
    "ATTACH '/tmp/other.duckdb'",
    "EXPORT DATABASE '/tmp/exported'",
    'INSTALL httpfs',
    'SET threads = 1',
    'CHECKPOINT',
    "SELECT * FROM read_csv('/etc/passwd')",
  ],
});
