import { Failure } from '../../../../src/contracts/failure.ts';
import type { ResultTable } from '../../../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { checkDatabaseFile } from '../database-file.ts';
import { outsideOf } from '../outside-of.ts';
import { narrowDatabase } from '../narrow-database.ts';
import type { OpenTarget } from '../open-engine.ts';
import { addFunctions } from './add-functions.ts';
import { openFailure, openFile, type OpenedFile } from './open-file.ts';
import { createSqlitePolicy } from './policy/sqlite-policy.ts';
import { readSchema, type ReadSchema } from './read-schema.ts';
import { runStatement } from './run-statement.ts';
import type { Policy } from '../../policy/statement-policy.ts';

/** A file with its schema, and the policy that guards its connection. */
type Session = { readonly file: OpenedFile; readonly read: ReadSchema; readonly policy: Policy };

const openSession = (path: string, folder: string, wanted: WantedTables | undefined): Session => {
  let file: OpenedFile | undefined;
  try {
    file = openFile(path, folder);
    const found = readSchema(file.database);
    const read = { ...found, ...narrowDatabase(found, wanted) };
    addFunctions(file.database);
    const policy = createSqlitePolicy({
      database: file.database,
      tables: read.addresses,
      default_schema: 'main',
      unreadable: read.unreadable,
      names: read.names,
      boundary: outsideOf(read),
    });
    return { file, read, policy };
  } catch (error) {
    file?.close();
    throw openFailure(path, error);
  }
};

/** Opens a SQLite database file, read-only, in this process. */
export const openSqlite: OpenTarget<'sqlite'> = async ({ path }, { spill_folder }, wanted) => {
  await checkDatabaseFile('sqlite', 'SQLite', path);
  let session = openSession(path, spill_folder, wanted);
  const { schema, addresses, not_asked } = session.read;
  const fresh = (): Session => {
    if (!session.file.isStale()) return session;
    session.file.close();
    session = openSession(path, spill_folder, wanted);
    return session;
  };
  return {
    opened: { schema, addresses, ...(not_asked && { not_asked }) },
    async run(sql, limits) {
      for (let attempt = 1; ; attempt += 1) {
        const { file, policy } = fresh();
        let result: ResultTable | undefined;
        let failure: unknown;
        try {
          result = runStatement(file.database, await policy.admit(sql), limits);
        } catch (error) {
          failure = error;
        }
        // What was read while somebody wrote may be anything.
        if (!file.isStale()) {
          if (result) return result;
          throw failure;
        }
        if (attempt === 2)
          throw new Failure(
            'STATEMENT_FAILED',
            `${path} was written to while the statement read it, twice. Try again later, or survey a copy.`,
          );
      }
    },
    // It works without a pause: what takes too long ends with its process.
    interrupt: () => undefined,
    async close() {
      session.policy.close();
      session.file.close();
    },
  };
};
