import type { SourceKind } from '../../../src/contracts/engine.ts';
import { pathKind } from './database-file.ts';
import type { LoadedEngine } from './open-engine.ts';

/**
 * How each kind of source is opened. Loaded on need: a driver that is not used costs time and memory in every database
 * process. With `python`, the kernel's interpreter, an engine starts what takes long before it is known what is opened.
 */
export const engines: { readonly [K in SourceKind]: (python?: string) => Promise<LoadedEngine<K>> } = {
  duckdb: async () => ({ open: (await import('./duckdb/open-duckdb.ts')).openDuckdb }),
  sqlite: async () => ({ open: (await import('./sqlite/open-sqlite.ts')).openSqlite }),
  postgres: async () => ({ open: (await import('./postgres/open-postgres.ts')).openPostgres }),
  mysql: async (python) => (await import('./mysql/open-mysql.ts')).loadMysql(python),
  files: async () => {
    const { openDuckdb } = await import('./duckdb/open-duckdb.ts');
    return {
      // A file may turn out to be a database: its name need not tell.
      open: async ({ path }, bounds) => {
        switch (await pathKind(path)) {
          case 'duckdb':
            return openDuckdb({ engine: 'duckdb', path }, bounds);
          case 'sqlite':
            return (await engines.sqlite()).open({ engine: 'sqlite', path }, bounds);
          default:
            return openDuckdb({ engine: 'files', path }, bounds);
        }
      },
    };
  },
};
