import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { checkDatabaseFile } from '../database-file.ts';
import { loadFiles } from './files/load-files.ts';
import { wantedFiles } from './files/wanted-files.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { narrowDatabase } from '../narrow-database.ts';
import type { DatabaseBounds, OpenedDatabase } from '../open-engine.ts';
import { openFailure } from './open-failure.ts';
import { makeRunCatalogs } from './policy/make-run-catalogs.ts';
import { readSchema } from './read-schema.ts';
import { attachFile, databaseName, hasCapturingMacros, hasSchemaOfItsName, showAttached } from './set-apart.ts';

type FileTarget = TargetOf<'duckdb' | 'files'>;

const openInstance = (path: string | undefined, target: FileTarget, bounds: DatabaseBounds): Promise<DuckDBInstance> =>
  DuckDBInstance.create(path ?? ':memory:', {
    ...(path === undefined ? {} : { access_mode: 'READ_ONLY' }),
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

/** A file by itself, or where it has macros with built-in names or a schema of its own name, beside an empty database, under the name that it has there. */
const openFile = async (
  target: TargetOf<'duckdb'>,
  bounds: DatabaseBounds,
): Promise<{ readonly instance: DuckDBInstance; readonly attached?: string }> => {
  await checkDatabaseFile('duckdb', 'DuckDB', target.path);
  const instance = await openInstance(target.path, target, bounds);
  const connection = await instance.connect();
  const isCapturing = await hasCapturingMacros(connection);
  const name = await databaseName(connection);
  // Asked of a file whose macros would answer, it would be theirs.
  const isTaken = !isCapturing && (await hasSchemaOfItsName(connection, name));
  connection.closeSync();
  if (!isCapturing && !isTaken) return { instance };
  instance.closeSync();
  const apart = await openInstance(undefined, target, bounds);
  const attaching = await apart.connect();
  try {
    return { instance: apart, attached: await attachFile(attaching, target.path, name, isTaken) };
  } catch (error) {
    throw openFailure(target.path, error);
  } finally {
    attaching.closeSync();
  }
};

/** Opens a database read-only and locks DuckDB down: no other file, no network, no extension, no setting can follow. */
export const openDatabase = async (
  target: FileTarget,
  bounds: DatabaseBounds,
  wanted?: WantedTables,
): Promise<{
  readonly instance: DuckDBInstance;
  readonly opened: OpenedDatabase;
  readonly catalog: string;
  /** Where the tables are, if beside the database that statements run in. */
  readonly attached: string | undefined;
}> => {
  const { instance, attached } =
    target.engine === 'duckdb'
      ? await openFile(target, bounds)
      : { instance: await openInstance(undefined, target, bounds), attached: undefined };
  const connection: DuckDBConnection = await instance.connect();
  try {
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    const loaded =
      target.engine === 'files' ? await loadFiles(connection, target.path, wantedFiles(wanted)) : undefined;
    const catalog = attached ?? (await databaseName(connection));
    const read = await readSchema(connection, catalog, loaded);
    if (attached !== undefined) await showAttached(connection, attached, read);
    const opened = narrowDatabase(read, wanted);
    if (opened.not_asked !== undefined) await makeRunCatalogs(connection, opened, catalog);
    // The order counts: allowed paths can be set only before external access goes, anything only before the lock.
    await connection.run('SET GLOBAL enable_external_access = false');
    await connection.run('SET GLOBAL lock_configuration = true');
    return { instance, opened, catalog, attached };
  } finally {
    connection.closeSync();
  }
};
