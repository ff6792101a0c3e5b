import { reportOf } from '../../../../src/contracts/failure-report.ts';
import { modelText } from '../../../../src/domain/agent/model-advice.ts';
import { tmpdir } from 'node:os';
import { openPostgres } from '../../../../runner-task/supervisor/engines/postgres/open-postgres.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { postgresPassword, type PostgresServer } from '../../../support/postgres-server.ts';

/** A database of a test's server, as a sandbox is told of it; its superuser unless more is said. */
export const targetOf = (server: PostgresServer, more: Partial<TargetOf<'postgres'>> = {}): TargetOf<'postgres'> => ({
  engine: 'postgres',
  host: '127.0.0.1',
  port: server.port,
  database: 'app',
  user: 'owner',
  password: postgresPassword,
  tls: 'prefer',
  writable_role: 'refuse',
  ...more,
});

export const bounds = { memory_bytes: 256 * 1024 * 1024, spill_folder: tmpdir(), python: 'python3' };
export const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };

export const openAs = (server: PostgresServer, more: Partial<TargetOf<'postgres'>> = {}): Promise<OpenEngine> =>
  openPostgres(targetOf(server, more), bounds);

/** What came of it, in one line: its kind and message where it failed. */
export const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${modelText(reportOf(error))}` : String(error)),
  );
