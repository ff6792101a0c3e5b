import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';
import {
  askForLess,
  endedByOther,
  endedLate,
  gaveWay,
  lockedByOther,
  lostConnection,
  wouldWrite,
} from '../server/statement-failure.ts';
import { driverError, isLost, serverErrors } from './driver-error.ts';

/** Why a statement failed. `interrupted` tells whether it was asked to end. */
export const statementFailure = (thrown: unknown, limits: StatementLimits, interrupted: boolean): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = driverError(thrown);
  const said = error.sqlMessage ?? error.message;
  const { errno } = error;
  if (isLost(error)) {
    return interrupted
      ? new Failure('RUNNER_TIMEOUT', 'The statement was interrupted, together with its connection.')
      : lostConnection(said);
  }
  if (errno === serverErrors.mariadbTimeout || errno === serverErrors.mysqlTimeout) return endedLate(limits);
  if (errno === serverErrors.interrupted) {
    return interrupted
      ? new Failure('RUNNER_TIMEOUT', 'The statement was interrupted on the server.', { advice: askForLess })
      : endedByOther(said);
  }
  // The login went well long ago: it is the definer of a view whom the server turns away, and it names the one who asked.
  if (errno === serverErrors.loginDenied || errno === serverErrors.definerGone)
    return new Failure(
      'STATEMENT_FAILED',
      `A view that the statement reads runs with the rights of its definer, who is no longer a user of the server. Somebody who may can make it anew: ALTER DEFINER = … VIEW …. The server said: ${said}`,
    );
  if (errno === serverErrors.lockTimeout) return lockedByOther(said);
  if (errno === serverErrors.deadlock) return gaveWay(said);
  if (errno === serverErrors.readOnly) return wouldWrite(said);
  return new Failure('STATEMENT_FAILED', error.code === undefined ? said : `${said} (${error.code})`, {
    advice: errno === serverErrors.noSuchTable ? { kind: 'look_for_table' } : undefined,
  });
};
