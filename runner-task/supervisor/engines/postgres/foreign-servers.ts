import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits, TargetOf } from '../../../../src/contracts/sandbox.ts';
import { wholeMilliseconds } from '../../../../src/contracts/whole-milliseconds.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';
import { namesRelation } from '../names-relation.ts';
import type { ForeignReaderRow } from './catalog-rows.ts';
import { connect } from './connect.ts';
import { serverError } from './server-error.ts';
import { begin } from './session.ts';

/** Who answers a database at all answers a login within this; silence is that of a closed way, or of a machine that is gone. */
const answerSeconds = 10;

/** How long after its limit of time a statement that can be ended has ended. */
const graceSeconds = 1;

/** The other servers that tables of a database are read from. */
export type ForeignServers = {
  /** Fails with STATEMENT_FAILED where a statement reads from a server that is silent. */
  check(sql: string, limits: StatementLimits): Promise<void>;
};

const isSilent = async (
  target: TargetOf<'postgres'>,
  { schema_name, table_name }: ForeignReaderRow,
  seconds: number,
): Promise<boolean> => {
  const connection = await connect(target);
  try {
    await begin(connection, { seconds });
    const relation = `${quoteName(schema_name)}.${quoteName(table_name)}`;
    // Asks for no row, but logs in at the other server.
    const answer = connection.client.query(`SELECT FROM ${relation} LIMIT 0`).then(
      () => false,
      // Whatever else it says, somebody said it.
      (error: unknown) => serverError(error).code === '57014',
    );
    return await Promise.race([answer, wait(wholeMilliseconds((seconds + graceSeconds) * 1000), true)]);
  } finally {
    connection.destroy();
  }
};

/**
 * Before PostgreSQL 16 a login at a foreign server ends with nothing, no limit of time and no cancel, and what waits for
 * it keeps its session at the database for as long. So each server is asked once, on a connection of its own, when
 * a statement first reads from it; one that is silent is asked no more.
 */
export const createForeignServers = (
  target: TargetOf<'postgres'>,
  readers: readonly ForeignReaderRow[],
): ForeignServers => {
  const asked = new Map<string, Promise<boolean>>();
  return {
    async check(sql, limits) {
      // Half of the statement's own time at most: the rest is for saying so.
      const seconds = Math.min(answerSeconds, limits.seconds / 2);
      for (const reader of readers.filter(({ table_name }) => namesRelation(sql, table_name))) {
        const { server, table_name } = reader;
        const silent = asked.get(server) ?? isSilent(target, reader, seconds);
        asked.set(server, silent);
        // One that could not be asked is asked again.
        silent.catch(() => asked.delete(server));
        if (!(await silent)) continue;
        throw new Failure(
          'STATEMENT_FAILED',
          `${table_name} is read from the foreign server ${server}, which did not answer the database within ${seconds} s and is not asked again. Check the host and port that CREATE SERVER has of it and the network between, and give it the option connect_timeout.`,
        );
      }
    },
  };
};
