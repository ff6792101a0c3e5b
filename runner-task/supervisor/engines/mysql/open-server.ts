import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits, TargetOf } from '../../../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../../../src/domain/connection/narrow-schema.ts';
import { narrowDatabase } from '../narrow-database.ts';
import type { OpenEngine } from '../open-engine.ts';
import { checkRole } from './check-role.ts';
import { connect, type MysqlConnection } from './connect.ts';
import { driverError, isLost } from './driver-error.ts';
import type { OwnFunctions } from './policy/check-mysql-tree.ts';
import { readOwnFunctions } from './own-functions.ts';
import { readSchema } from './read-schema.ts';
import { runStatement } from './run-statement.ts';
import { borrowSession, catalogSettings, type GiveBack, readServer, statementSettings } from './session.ts';
import { statementFailure } from './statement-failure.ts';

/** A database on a server, open for whatever statement it is given. */
type OpenServer = OpenEngine & {
  /** Whether the server ignores the case of table names. */
  readonly folds_names: boolean;
  readonly own_functions: OwnFunctions;
};

/**
 * Opens a database on a MySQL or MariaDB server and runs statements there, which nobody has judged: only the session
 * keeps them from writing.
 */
export const openServer = async (target: TargetOf<'mysql'>, wanted?: WantedTables): Promise<OpenServer> => {
  const first = await connect(target);
  let connection: MysqlConnection | undefined = first;
  let running: MysqlConnection | undefined;
  /** Whether the statement that runs was asked to end, and what ends it. */
  let interrupted = false;
  let ending = Promise.resolve();

  const drop = (): void => {
    connection?.destroy();
    connection = undefined;
  };

  const firstRead = async () => {
    const about = await readServer(first);
    const giveBack = await borrowSession(first, about, catalogSettings(about));
    const read = await readSchema(first, target, about);
    const own_functions = await readOwnFunctions(first, target);
    await giveBack();
    const role = await checkRole(target, about, read.schema.tables);
    return { about, own_functions, opened: narrowDatabase({ ...read, schema: { ...read.schema, role } }, wanted) };
  };
  const { about, own_functions, opened } = await firstRead().catch((error: unknown) => {
    drop();
    if (error instanceof Failure) throw error;
    const read = driverError(error);
    throw new Failure('DATABASE_UNREACHABLE', `The database could not be read: ${read.sqlMessage ?? read.message}.`, {
      retryAfter: isLost(read) ? 1 : undefined,
    });
  });

  /** Ends a connection’s statement on the server, from a second connection; where none is to be had, with its own. */
  const kill = async (killing: MysqlConnection): Promise<void> => {
    try {
      const second = await connect(target);
      try {
        // 1094: it has ended by itself.
        await second.ask(`KILL QUERY ${killing.driver.threadId}`).catch(() => undefined);
      } finally {
        second.destroy();
      }
    } catch {
      killing.destroy();
    }
  };

  /** A connection in whose transaction a statement can run. One that was lost while idle is replaced, once. */
  const beginStatement = async (
    limits: StatementLimits,
  ): Promise<{ readonly used: MysqlConnection; readonly giveBack: GiveBack }> => {
    for (let attempt = 1; ; attempt += 1) {
      connection ??= await connect(target);
      try {
        const giveBack = await borrowSession(connection, about, statementSettings(about, limits));
        return { used: connection, giveBack };
      } catch (error) {
        if (!isLost(driverError(error))) throw error;
        drop();
        if (attempt === 2) throw error;
      }
    }
  };

  return {
    opened,
    folds_names: about.folds_names,
    own_functions,
    async run(sql, limits) {
      interrupted = false;
      try {
        const { used, giveBack } = await beginStatement(limits);
        try {
          if (interrupted) throw new Failure('RUNNER_TIMEOUT', 'The statement was interrupted before it began.');
          running = used;
          return await runStatement(used, sql, limits, () => kill(used));
        } finally {
          running = undefined;
          // Or its KILL would end a later statement.
          await ending;
          // What cannot be given back as it was is not used again.
          await giveBack().catch(drop);
        }
      } catch (error) {
        throw statementFailure(error, limits, interrupted);
      }
    },
    interrupt() {
      interrupted = true;
      if (running) ending = kill(running);
    },
    async close() {
      drop();
    },
  };
};
