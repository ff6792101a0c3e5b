import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { checkDatabaseFile } from '../database-file.ts';
import { loadFiles } from './files/load-files.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { narrowDatabase } from '../narrow-database.ts';
import type { DatabaseBounds, OpenedDatabase } from '../open-engine.ts';
import { openFailure } from './open-failure.ts';
import { makeRunCatalogs } from './policy/make-run-catalogs.ts';
import { readSchema } from './read-schema.ts';

type FileTarget = TargetOf<'duckdb' | 'files'>;

/** Opens a database read-only and locks DuckDB down: no other file, no network, no extension, no setting can follow. */
export const openDatabase = async (
  target: FileTarget,
  bounds: DatabaseBounds,
  wanted?: WantedTables,
): Promise<{ instance: DuckDBInstance; opened: OpenedDatabase }> => {
  if (target.engine === 'duckdb') await checkDatabaseFile('duckdb', 'DuckDB', target.path);
  const instance = await DuckDBInstance.create(target.engine === 'duckdb' ? target.path : ':memory:', {
    ...(target.engine === 'duckdb' ? { access_mode: 'READ_ONLY' } : {}),
    threads: '2',
    memory_limit: `${bounds.memory_bytes}B`,
    // Without this DuckDB would spill into a folder beside the user's database.
    temp_directory: bounds.spill_folder,
    max_temp_directory_size: '4GiB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
  }).catch((error: unknown) => {
    throw openFailure(target.path, error);
  });
  const connection: DuckDBConnection = await instance.connect();
  try {
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    const loaded = target.engine === 'files' ? await loadFiles(connection, target.path) : undefined;
    const opened = narrowDatabase(await readSchema(connection, loaded), wanted);
    if (opened.not_asked !== undefined) await makeRunCatalogs(connection, opened);
    // The order counts: allowed paths can be set only before external access goes, anything only before the lock.
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
    return { instance, opened };
  } finally {
    connection.closeSync();
  }
};
