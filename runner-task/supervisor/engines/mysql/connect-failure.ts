import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { Failure, type FailureOptions } from '../../../../src/contracts/failure.ts';
import { mysqlNames } from '../../../../src/domain/engines/mysql/names.ts';
import { type DriverError, driverError, isLost, serverErrors } from './driver-error.ts';
import { checksCertificate } from '../server/certificates.ts';
import {
  certificateProblem,
  networkAdvice,
  networkProblem,
  noTls,
  placeOf,
  retryAfter,
} from '../server/connect-failure.ts';

const { quoteName } = mysqlNames;

/** A database's name in GRANT, where `_` and `%` stand for others. */
export const grantName = (database: string): string => `${quoteName(database.replaceAll(/[_%\\]/g, '\\$&'))}.*`;

/** `retryAfter`, where it passes. */
type Passing = Pick<FailureOptions, 'retryAfter'>;

const unreachable = (where: string, what: string, passing: Passing = {}): Failure =>
  new Failure('DATABASE_UNREACHABLE', what, { where, ...passing });
const refused = (where: string, what: string, passing: Passing = {}): Failure =>
  new Failure('DATABASE_REFUSED', what, { where, ...passing });

const certificateFailure = (target: TargetOf<'mysql'>, { message }: DriverError): string => {
  const reason = message.replace(/\.$/, '');
  if (!checksCertificate(target.tls))
    return `${placeOf(target)} could not set up TLS: ${reason}. It may speak only versions older than TLS 1.2.`;
  if (/altnames|does not match/i.test(reason)) return certificateProblem(target, 'other name', reason);
  return certificateProblem(target, /expired|not yet valid/i.test(reason) ? 'not valid now' : 'unknown signer', reason);
};

const handshakeFailure = (target: TargetOf<'mysql'>, where: string, error: DriverError): Failure => {
  const problem = networkProblem(target, error.code);
  if (problem !== undefined)
    return new Failure('DATABASE_UNREACHABLE', problem, {
      where,
      advice: networkAdvice(target, error.code),
      retryAfter: retryAfter(error.code),
    });
  switch (error.code) {
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return unreachable(where, noTls(target));
    case 'HANDSHAKE_SSL_ERROR':
      return unreachable(where, certificateFailure(target, error));
    case 'AUTH_SWITCH_PLUGIN_ERROR':
    case 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED':
      return unknownLogin(target, where);
    default:
      if (/authentication using unknown plugin/.test(error.message)) return unknownLogin(target, where);
      return unreachable(
        where,
        `${where} could not be spoken to: ${error.message}. Check that a MySQL or MariaDB server listens there.`,
        // A server that shuts down takes a connection and ends it without a word.
        { retryAfter: isLost(error) ? 1 : undefined },
      );
  }
};

const unknownLogin = ({ user }: TargetOf<'mysql'>, where: string): Failure =>
  refused(
    where,
    `${where} wants user ${user} to log in in a way that is not spoken here. Use a user with a password in caching_sha2_password, sha256_password or mysql_native_password.`,
  );

/** What is said where a server of PostgreSQL was taken for one of MySQL. */
export const isPostgres = (target: TargetOf<'mysql'>): Failure =>
  unreachable(
    placeOf(target),
    `A PostgreSQL server listens at ${placeOf(target)}, not a MySQL or MariaDB server. Write postgresql:// in place of mysql://, or check the port.`,
  );

/** Why a connection could not be had, in words that say what to do; never with the password. */
export const connectFailure = (target: TargetOf<'mysql'>, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = driverError(thrown);
  const where = placeOf(target);
  const { user, database } = target;
  const said = `The server said: ${error.sqlMessage ?? error.message}`;
  switch (error.errno) {
    case serverErrors.loginDenied:
    case serverErrors.loginWithoutPassword:
      return refused(
        where,
        `${where} refused user ${user}. Check user and password, that the user may log in from this machine’s address, and whether it must use TLS. A nameless account for that address (''@'localhost') hides one for any host ('%'). ${said}`,
      );
    case serverErrors.databaseDenied:
      // The server says the same whether the database is missing or hidden.
      return new Failure(
        'DATABASE_EMPTY',
        `User ${user} may read nothing in database ${database} at ${where}, or there is no such database. Check its name, or grant it: GRANT SELECT, SHOW VIEW ON ${grantName(database)} TO the user. ${said}`,
        { where },
      );
    case serverErrors.unknownDatabase:
      return refused(where, `There is no database ${database} at ${where}. SHOW DATABASES lists those that there are.`);
    case serverErrors.tooManyConnections:
    case serverErrors.userLimit:
    case serverErrors.resourceLimit:
      return refused(where, `${where} has no connection left for user ${user}. Wait, or raise the limit. ${said}`, {
        // As when all clients of a restarted server come at once.
        retryAfter: error.errno === serverErrors.tooManyConnections ? 1 : undefined,
      });
    case serverErrors.serverShutdown:
      return unreachable(where, `${where} is shutting down. Try again in a moment. ${said}`, { retryAfter: 1 });
    case serverErrors.hostBlocked:
    case serverErrors.hostDenied:
      return refused(where, `${where} takes no connection from this machine’s address. Allow it there. ${said}`);
    case serverErrors.insecureTransport:
      return refused(where, `${where} wants TLS, and sslmode=${target.tls} had none. Set sslmode=require. ${said}`);
    default:
      // Numbers below zero are the operating system’s, as of ECONNREFUSED.
      return error.errno !== undefined && error.errno > 0 && error.sqlMessage !== undefined
        ? refused(where, `${where} refused user ${user}. ${said}`)
        : handshakeFailure(target, where, error);
  }
};
