import { isAscii } from 'node:buffer';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits, TargetOf } from '../../../../src/contracts/sandbox.ts';
import { narrowDatabase } from '../narrow-database.ts';
import { outsideOf } from '../outside-of.ts';
import type { TableAddress } from '../table-address.ts';
import type { OpenTarget } from '../open-engine.ts';
import { createPostgresPolicy } from './policy/postgres-policy.ts';
import { checkRole } from './check-role.ts';
import { connect, type PostgresConnection } from './connect.ts';
import { readOpaque } from './read-opaque.ts';
import { createForeignServers } from './foreign-servers.ts';
import { readEncoding } from './server-encoding.ts';
import { readSchema, type ReadSchema } from './read-schema.ts';
import { readResult, runStatement, type SentRows } from './run-statement.ts';
import { isLost, serverError } from './server-error.ts';
import { catalogSeconds } from '../server/bound-answer.ts';
import { begin, inTransaction, rollBack } from './session.ts';
import { statementFailure } from './statement-failure.ts';
import { createValueTypes } from './value-types.ts';

const checkTables = (
  { schema: { tables, not_visible } }: ReadSchema,
  { database, user }: TargetOf<'postgres'>,
): void => {
  if (tables.length > 0) return;
  throw new Failure(
    'DATABASE_EMPTY',
    not_visible.length === 0
      ? `Database ${database} has no table. Check that it is the one you mean.`
      : `Role ${user} may read no table of database ${database}. ${not_visible
          .slice(0, 3)
          .map(({ name, detail }) => `${name}: ${detail}`)
          .join(' ')}`,
  );
};

/** character_not_in_repertoire, untranslatable_character */
const unreadable: ReadonlySet<string> = new Set(['22021', '22P05']);

/** A statement under way: what it runs on once it does, and what was done to end it. */
type Running = {
  connection?: PostgresConnection;
  interrupted: boolean;
  isDone: boolean;
  cancelling?: Promise<void>;
};

const endedEarly = new Failure('RUNNER_TIMEOUT', 'The statement was interrupted before it was sent.');

const mostCancels = 40;
const betweenCancels = 50;

/**
 * Ends a statement on the server. A cancel that arrives there before the statement does is dropped, so it is sent until
 * the statement has ended. What cannot be cancelled ends with its connection, and at the server by its limit of time.
 */
const cancel = async (running: Running): Promise<void> => {
  for (let sent = 0; !running.isDone && sent < mostCancels; sent += 1) {
    const { connection } = running;
    await connection?.cancel().catch(() => connection.destroy());
    if (!running.isDone) await wait(betweenCancels);
  }
};

/** Opens a database on a PostgreSQL server with all its schemas. */
export const openPostgres: OpenTarget<'postgres'> = async (target, _bounds, wanted) => {
  let connection = await connect(target);
  let running: Running | undefined;

  const firstRead = async (): Promise<ReadSchema & { readonly opaque?: readonly TableAddress[] }> => {
    const read = await inTransaction(connection, { seconds: catalogSeconds }, () =>
      readSchema(connection, wanted?.asked),
    );
    const schemas = [...new Set(read.addresses.map(({ schema }) => schema ?? read.default_schema))];
    const role = await checkRole(connection, target, schemas);
    checkTables(read, target);
    const narrowed = { ...read, ...narrowDatabase({ ...read, schema: { ...read.schema, role } }, wanted) };
    if (narrowed.not_asked === undefined) return narrowed;
    const opaque = await inTransaction(connection, { seconds: catalogSeconds }, () => readOpaque(connection, narrowed));
    return { ...narrowed, opaque };
  };
  const opened = await firstRead().catch((error: unknown) => {
    connection.destroy();
    if (error instanceof Failure) throw error;
    const read = serverError(error);
    throw new Failure('DATABASE_UNREACHABLE', `The database could not be read: ${read.message}.`, {
      cause: error,
      retryAfter: isLost(read) ? 1 : undefined,
    });
  });
  const { own, searchPath } = opened;
  const valueTypes = createValueTypes(opened.default_schema);
  const reconnect = async (): Promise<PostgresConnection> => {
    const fresh = await connect(target);
    if (opened.encoding === 'SQL_ASCII') fresh.guard.rewriteValue = readEncoding(opened.encoding);
    return fresh;
  };
  const policy = createPostgresPolicy({
    tables: opened.addresses,
    default_schema: opened.default_schema,
    own,
    columns: opened.schema.tables.map(({ columns }) => columns.map(({ name }) => name)),
    ...(opened.opaque && { opaque: opened.opaque }),
    views: outsideOf(opened)?.views ?? [],
  });

  const foreign = createForeignServers(target, opened.foreignReaders);

  /** A session in whose transaction a statement can run. One that was lost while idle is replaced, once. */
  const beginStatement = async ({ seconds }: StatementLimits): Promise<PostgresConnection> => {
    if (!connection.isOver()) {
      try {
        await begin(connection, { seconds, searchPath });
        return connection;
      } catch (error) {
        if (!isLost(serverError(error))) throw error;
        connection.destroy();
      }
    }
    connection = await reconnect();
    await begin(connection, { seconds, searchPath });
    return connection;
  };

  /** Sends a statement in a transaction of its own. `mine` tells whether and how it is ended meanwhile. */
  const send = async (sql: string, limits: StatementLimits, mine: Running): Promise<SentRows> => {
    const used = await beginStatement(limits);
    let rows: SentRows;
    mine.isDone = false;
    try {
      if (mine.interrupted) throw endedEarly;
      mine.connection = used;
      rows = await runStatement(used, sql, limits);
    } finally {
      mine.isDone = true;
      // A cancel that is still under way would end what comes next.
      await mine.cancelling;
      await rollBack(used);
    }
    // Where a cancel found no way to the server, the session was ended with its statement.
    if (used.isOver()) connection = await reconnect();
    return rows;
  };

  /** As `send`, with values as the database holds them, where the server has no UTF-8 for one of them. */
  const sendReadable = async (sql: string, limits: StatementLimits, mine: Running): Promise<SentRows> => {
    try {
      return await send(sql, limits, mine);
    } catch (error) {
      const { code } = serverError(error);
      // Sent without being converted too, a statement has to be the same in each encoding.
      const canBeRaw = connection.guard.rewriteValue === undefined && isAscii(Buffer.from(sql));
      if (!(canBeRaw && unreadable.has(code ?? '')) || mine.interrupted) throw error;
      connection.guard.rewriteValue = readEncoding(opened.encoding);
      try {
        return await send(sql, limits, mine);
      } finally {
        connection.guard.rewriteValue = undefined;
      }
    }
  };

  return {
    opened: {
      schema: opened.schema,
      addresses: opened.addresses,
      ...(opened.not_asked && { not_asked: opened.not_asked }),
    },
    async run(sql, limits, author) {
      const mine: Running = { interrupted: false, isDone: false };
      running = mine;
      let sent = sql;
      try {
        sent = await policy.admit(sql, author);
        await foreign.check(sql, limits);
        const rows = await sendReadable(sent, limits, mine);
        return await readResult(rows, (oids) =>
          valueTypes.resolve(oids, (read) =>
            inTransaction(connection, { seconds: catalogSeconds, searchPath }, () => read(connection)),
          ),
        );
      } catch (error) {
        throw statementFailure(error, { written: sql, sent }, limits, mine.interrupted);
      } finally {
        mine.isDone = true;
      }
    },
    interrupt() {
      if (!running || running.isDone) return;
      running.interrupted = true;
      running.cancelling ??= cancel(running);
    },
    async close() {
      policy.close();
      if (connection.isOver()) return;
      await connection.client.end().catch(() => undefined);
    },
  };
};
