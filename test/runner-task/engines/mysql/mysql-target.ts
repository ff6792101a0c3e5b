import { openServer } from '../../../../runner-task/supervisor/engines/mysql/open-server.ts';
import type { OpenEngine } from '../../../../runner-task/supervisor/engines/open-engine.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits, TargetOf } from '../../../../src/contracts/sandbox.ts';
import { mariadbPassword } from '../../../support/mariadb-server.ts';

/** A target on a test's server: its owner, let through, unless said otherwise. */
export const targetOn = (port: number, changes: Partial<TargetOf<'mysql'>> = {}): TargetOf<'mysql'> => ({
  engine: 'mysql',
  host: '127.0.0.1',
  port,
  database: 'app',
  user: 'owner',
  password: mariadbPassword,
  tls: 'prefer',
  writable_role: 'accept',
  ...changes,
});

/** Opened without a policy before it: what the session itself refuses is what is tested. */
export const open = (port: number, changes: Partial<TargetOf<'mysql'>> = {}): Promise<OpenEngine> =>
  openServer(targetOn(port, changes));

export const limits: StatementLimits = { rows: 1_000, bytes: 1024 * 1024, seconds: 30 };

/** The failure that something ends in. */
export const failureOf = async (work: Promise<unknown>): Promise<Failure> => {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Failure) return outcome;
  throw new Error(`expected a Failure, got ${String(outcome)}`);
};
