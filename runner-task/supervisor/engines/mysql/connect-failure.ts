import { Failure } from '../../../../src/contracts/failure.ts';
import { sqlNames } from '../../../../src/domain/sql-name.ts';
import { type DriverError, driverError, serverErrors } from './driver-error.ts';
import { checksCertificate, type MysqlTarget } from './tls.ts';

/** How long the server may take to answer. */
export const connectSeconds = 15;

const { quoteName } = sqlNames('mysql');

/** A database's name in GRANT, where `_` and `%` stand for others. */
export const grantName = (database: string): string => `${quoteName(database.replaceAll(/[_%\\]/g, '\\$&'))}.*`;

const unreachable = (where: string, what: string): Failure => new Failure('DATABASE_UNREACHABLE', what, { where });
const refused = (where: string, what: string): Failure => new Failure('DATABASE_REFUSED', what, { where });

const certificateFailure = (target: MysqlTarget, where: string, { message }: DriverError): Failure => {
  const reason = message.replace(/\.$/, '');
  if (!checksCertificate(target.tls)) {
    return unreachable(
      where,
      `${where} could not set up TLS: ${reason}. It may speak only versions older than TLS 1.2.`,
    );
  }
  if (/altnames|does not match/i.test(reason)) {
    return unreachable(
      where,
      `The certificate of ${where} is for another name: ${reason}. Write the host as the certificate names it, or set sslmode=verify-ca, which checks only who signed it.`,
    );
  }
  if (/expired|not yet valid/i.test(reason)) {
    return unreachable(where, `The certificate of ${where} is not valid now: ${reason}. Renew it on the server.`);
  }
  return unreachable(
    where,
    `The certificate of ${where} is signed by nobody trusted here: ${reason}. ${
      target.ca === undefined
        ? 'Give the signer’s certificate as sslrootcert.'
        : 'The sslrootcert that was given did not sign it: give the one that did.'
    }`,
  );
};

const networkFailure = (target: MysqlTarget, where: string, error: DriverError): Failure => {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return unreachable(where, `The host ${target.host} is not known here. Check how it is written, and the DNS.`);
    case 'ECONNREFUSED':
      return unreachable(
        where,
        `Nothing takes connections at ${where}. Check host and port, and that the server runs.`,
      );
    case 'ETIMEDOUT':
      return unreachable(
        where,
        `${where} did not answer within ${connectSeconds} s. Check host and port, and the firewalls and security groups on the way.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return unreachable(where, `There is no way from here to ${where}. Check the host, and the network’s routes.`);
    case 'HANDSHAKE_NO_SSL_SUPPORT':
      return unreachable(
        where,
        `${where} offers no TLS, and sslmode=${target.tls} asks for it. Turn TLS on at the server, or set sslmode=prefer where the network is trusted.`,
      );
    case 'HANDSHAKE_SSL_ERROR':
      return certificateFailure(target, where, error);
    case 'AUTH_SWITCH_PLUGIN_ERROR':
    case 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED':
      return unknownLogin(target, where);
    default:
      if (/authentication using unknown plugin/.test(error.message)) return unknownLogin(target, where);
      return unreachable(
        where,
        `${where} could not be spoken to: ${error.message}. Check that a MySQL or MariaDB server listens there.`,
      );
  }
};

const unknownLogin = ({ user }: MysqlTarget, where: string): Failure =>
  refused(
    where,
    `${where} wants user ${user} to log in in a way that is not spoken here. Use a user with a password in caching_sha2_password, sha256_password or mysql_native_password.`,
  );

const placeOf = ({ host, port }: MysqlTarget): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What is said where a server of PostgreSQL was taken for one of MySQL. */
export const isPostgres = (target: MysqlTarget): Failure =>
  unreachable(
    placeOf(target),
    `A PostgreSQL server listens at ${placeOf(target)}, not a MySQL or MariaDB server. Write postgresql:// in place of mysql://, or check the port.`,
  );

/** Why a connection could not be had, in words that say what to do; never with the password. */
export const connectFailure = (target: MysqlTarget, thrown: unknown): Failure => {
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
        `${where} refused user ${user}. Check user and password, that the user may log in from this machine’s address, and whether it must use TLS. ${said}`,
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
      return refused(where, `${where} has no connection left for user ${user}. Wait, or raise the limit. ${said}`);
    case serverErrors.hostBlocked:
    case serverErrors.hostDenied:
      return refused(where, `${where} takes no connection from this machine’s address. Allow it there. ${said}`);
    case serverErrors.insecureTransport:
      return refused(where, `${where} wants TLS, and sslmode=${target.tls} had none. Set sslmode=require. ${said}`);
    default:
      // Numbers below zero are the operating system’s, as of ECONNREFUSED.
      return error.errno !== undefined && error.errno > 0 && error.sqlMessage !== undefined
        ? refused(where, `${where} refused user ${user}. ${said}`)
        : networkFailure(target, where, error);
  }
};
