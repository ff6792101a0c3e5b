import { Failure, toFailure } from '../../src/contracts/failure.ts';
import type { DatabaseTarget } from '../../src/contracts/sandbox.ts';
import type { DatabaseReply, DatabaseRequest } from './database-messages.ts';
import type { DatabaseBounds, OpenEngine } from './engines/open-engine.ts';

/**
 * The process that one database of a sandbox is opened in, apart from the supervisor so that it can be killed: DuckDB's
 * `memory_limit` does not bound every allocation (`repeat('x', 4e9)` takes 7.7 GiB), and a statement may not respond to an
 * interrupt. The credential comes as a message and lives here alone.
 */

let engine: OpenEngine | undefined;

/** The Python that parses MySQL, given where the process is started before it is known what for. */
const python = process.argv[2];
let parserAhead =
  python === undefined
    ? undefined
    : import('./engines/mysql/policy/mysql-parser.ts').then(({ createMysqlParser }) => createMysqlParser(python));

/** Each engine is loaded on need: a driver that is not used costs time and memory in every one of these processes. */
const engines = {
  duckdb: () => import('./engines/duckdb/open-duckdb.ts'),
  postgres: () => import('./engines/postgres/open-postgres.ts'),
  mysql: () => import('./engines/mysql/open-mysql.ts'),
} as const;

const openTarget = async (target: DatabaseTarget, bounds: DatabaseBounds): Promise<OpenEngine> => {
  const parser = await parserAhead;
  parserAhead = undefined;
  if (target.engine !== 'mysql') parser?.close();
  switch (target.engine) {
    case 'duckdb':
    case 'files': {
      const { openDuckdb } = await engines.duckdb();
      return openDuckdb(target, bounds);
    }
    case 'postgres': {
      const { openPostgres } = await engines.postgres();
      return openPostgres(target, bounds);
    }
    case 'mysql': {
      const { openMysql } = await engines.mysql();
      return openMysql(target, bounds, parser);
    }
  }
};

const perform = async (request: Extract<DatabaseRequest, { do: 'open' | 'run' }>): Promise<DatabaseReply> => {
  if (request.do === 'open') {
    const before = engine;
    engine = undefined;
    await before?.close();
    engine = await openTarget(request.target, request.bounds);
    return { did: 'open', opened: engine.opened };
  }
  if (!engine) throw new Failure('CONFLICT', 'No database is open in this process. Open one first.');
  return { did: 'run', table: await engine.run(request.sql, request.limits) };
};

const send = (reply: DatabaseReply): void => void process.send?.(reply);

process.on('message', (request: DatabaseRequest) => {
  if (request.do === 'interrupt') return engine?.interrupt();
  if (request.do === 'judge_ahead') return engine?.judgeAhead?.(request.sql);
  perform(request).then(send, (error: unknown) => {
    const { kind, message, where } = toFailure(error);
    send({ did: 'fail', failure: { kind, message, ...(where === undefined ? {} : { where }) } });
  });
});
// The supervisor is gone.
process.on('disconnect', () => process.exit());
// Loaded while nobody waits: together they take half a second.
if (python !== undefined) for (const load of Object.values(engines)) await load();
