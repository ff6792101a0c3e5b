import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { Failure, toFailure } from '../../../src/contracts/failure.ts';
import { checkStatement } from './check-statement.ts';
import type { DatabaseReply, DatabaseRequest } from './messages.ts';
import { openDatabase } from './open-database.ts';
import { runStatement } from './run-statement.ts';

/**
 * The process that DuckDB lives in, apart from the supervisor so that it can be killed: `memory_limit` does not bound
 * every allocation (`repeat('x', 4e9)` takes 7.7 GiB), and a statement may not heed an interrupt.
 */

let instance: DuckDBInstance | undefined;
let running: DuckDBConnection | undefined;

const perform = async (request: Exclude<DatabaseRequest, { do: 'interrupt' }>): Promise<DatabaseReply> => {
  if (request.do === 'open') {
    instance?.closeSync();
    instance = undefined;
    const database = await openDatabase(request.target, request.bounds);
    instance = database.instance;
    return { did: 'open', opened: database.opened };
  }
  if (!instance) throw new Failure('CONFLICT', 'No database is open in this sandbox. Open one first.');
  // A connection for each statement: nothing of one (a pending result, a transaction) can reach the next.
  running = await instance.connect();
  try {
    await checkStatement(running, request.sql);
    return { did: 'run', table: await runStatement(running, request.sql, request.limits) };
  } finally {
    running.closeSync();
    running = undefined;
  }
};

const send = (reply: DatabaseReply): void => void process.send?.(reply);

process.on('message', (request: DatabaseRequest) => {
  if (request.do === 'interrupt') return running?.interrupt();
  perform(request).then(send, (error: unknown) => {
    const { kind, message, where } = toFailure(error);
    send({ did: 'fail', failure: { kind, message, ...(where === undefined ? {} : { where }) } });
  });
});
// The supervisor is gone.
process.on('disconnect', () => process.exit());
