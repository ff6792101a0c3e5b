import { FileEngine } from '../../../src/contracts/engine.ts';
import type { PlacedKind, TargetOf } from '../../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../../src/domain/connection/narrow-schema.ts';
import { pathKind } from './database-file.ts';
import type { DatabaseBounds, LoadedEngine, OpenEngine } from './open-engine.ts';

/**
 * How each kind of source is opened, where it is. Loaded on need: a driver that is not used costs time and memory in every database
 * process. With `python`, the kernel's interpreter, an engine starts what takes long before it is known what is opened.
 */
export const engines: { readonly [K in PlacedKind]: (python?: string) => Promise<LoadedEngine<K>> } = {
  duckdb: async () => ({ open: (await import('./duckdb/open-duckdb.ts')).openDuckdb }),
  sqlite: async () => ({ open: (await import('./sqlite/open-sqlite.ts')).openSqlite }),
  postgres: async () => ({ open: (await import('./postgres/open-postgres.ts')).openPostgres }),
  mysql: async (python) => (await import('./mysql/open-mysql.ts')).loadMysql(python),
  files: async () => ({
    // A file may turn out to be a database: its name need not tell.
    open: async ({ path }, bounds, wanted) => {
      const { data: engine } = FileEngine.safeParse(await pathKind(path));
      if (engine !== undefined) return openFileOf(engine, path, bounds, wanted);
      return (await import('./duckdb/open-duckdb.ts')).openDuckdb({ engine: 'files', path }, bounds, wanted);
    },
  }),
};

const openFileOf = async <E extends FileEngine>(
  engine: E,
  path: string,
  bounds: DatabaseBounds,
  wanted?: WantedTables,
): Promise<OpenEngine> => {
  const { open }: LoadedEngine<E> = await engines[engine]();
  // The compiler does not see through the condition that TargetOf is made by.
  return open({ engine, path } as TargetOf<E>, bounds, wanted);
};
