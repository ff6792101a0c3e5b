import { Failure } from '../../../../src/contracts/failure.ts';
import type { StatementLimits } from '../../../../src/contracts/sandbox.ts';
import { driverError, isLost, serverErrors } from './driver-error.ts';

/** Why a statement failed. `interrupted` tells whether it was asked to end. */
export const statementFailure = (thrown: unknown, { seconds }: StatementLimits, interrupted: boolean): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = driverError(thrown);
  const said = error.sqlMessage ?? error.message;
  const { errno } = error;
  if (isLost(error)) {
    return interrupted
      ? new Failure('RUNNER_TIMEOUT', 'The statement was interrupted, together with its connection.')
      : new Failure(
          'DATABASE_LOST',
          `The connection to the database broke while the statement ran: ${said}. The next statement connects anew; if it fails too, check that the server runs.`,
        );
  }
  if (errno === serverErrors.mariadbTimeout || errno === serverErrors.mysqlTimeout) {
    return new Failure(
      'RUNNER_TIMEOUT',
      `The statement took longer than ${seconds} s and was ended on the server. Ask for less at once.`,
    );
  }
  if (errno === serverErrors.interrupted) {
    return interrupted
      ? new Failure('RUNNER_TIMEOUT', 'The statement was interrupted on the server. Ask for less at once.')
      : new Failure('STATEMENT_FAILED', `Somebody ended the statement on the server: ${said}.`);
  }
  if (errno === serverErrors.readOnly) {
    return new Failure('STATEMENT_REFUSED', `Rule "read-only": ${said}. Compute what you need in a SELECT.`);
  }
  return new Failure('STATEMENT_FAILED', error.code === undefined ? said : `${said} (${error.code})`);
};
