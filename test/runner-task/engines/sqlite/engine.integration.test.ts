import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { describeEngineContract } from '../../../contracts/engine-contract.ts';
import { makeSqliteFile } from '../../../support/sqlite-file.ts';

describeEngineContract({
  engine: 'sqlite',
  types: {
    whole: 'INTEGER',
    small: 'SMALLINT',
    big: 'BIGINT',
    decimal: 'DECIMAL(12,3)',
    double: 'REAL',
    word: 'VARCHAR(50)',
    text: 'TEXT',
    long: 'TEXT',
    day: 'DATE',
    moment: 'DATETIME',
  },
  start: async (statements) => {
    const file = makeSqliteFile();
    file.write(statements.join(';\n'));
    return {
      target: { engine: 'sqlite', path: file.path },
      // The file’s bytes, and that there is no other file beside it.
      fingerprint: async () =>
        createHash('sha256').update(readFileSync(file.path)).update(readdirSync(file.folder).join()).digest('hex'),
      stop: async () => file.remove(),
    };
  },
  attempts: [
    "ATTACH '/tmp/other.sqlite' AS other",
    "VACUUM INTO '/tmp/copy.sqlite'",
    'VACUUM',
    'REINDEX',
    'ANALYZE',
    'PRAGMA writable_schema = ON',
    'PRAGMA journal_mode = WAL',
    'PRAGMA user_version = 7',
    "SELECT load_extension('/tmp/x.so')",
    'SELECT * FROM dbstat',
    'REPLACE INTO customers VALUES (1, NULL, NULL)',
    'CREATE TEMP TABLE made (a)',
    'CREATE VIRTUAL TABLE made USING fts5(a)',
    'SAVEPOINT made',
  ],
});
