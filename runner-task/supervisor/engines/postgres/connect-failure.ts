import { Failure } from '../../../../src/contracts/failure.ts';
import { isFromServer, serverError, type ServerError } from './server-error.ts';
import { checksCertificate, type PostgresTarget } from './tls.ts';

/** How long the server may take to answer. */
export const connectSeconds = 15;

const certificateFailure = (target: PostgresTarget, where: string, { code, message }: ServerError): string => {
  const reason = message.replace(/\.$/, '');
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `The certificate of ${where} is for another name: ${reason}. Write the host as the certificate names it, or set sslmode=verify-ca, which checks only who signed it.`;
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return `The certificate of ${where} is not valid now: ${reason}. Renew it on the server.`;
    default:
      return `The certificate of ${where} is signed by nobody trusted here: ${reason}. ${
        target.ca === undefined
          ? 'Give the signer’s certificate as sslrootcert.'
          : 'The sslrootcert that was given did not sign it: give the one that did.'
      }`;
  }
};

const networkFailure = (target: PostgresTarget, where: string, error: ServerError): string => {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${target.host} is not known here. Check how it is written, and the DNS.`;
    case 'ECONNREFUSED':
      return `Nothing takes connections at ${where}. Check host and port, and that the server runs.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `There is no way from here to ${where}. Check the host, and the network’s routes.`;
    case 'ETIMEDOUT':
      return silent(where);
    default:
      return strangeFailure(target, where, error);
  }
};

const strangeFailure = (target: PostgresTarget, where: string, error: ServerError): string => {
  if (error.message === 'timeout expired') return silent(where);
  if (error.message.includes('does not support SSL')) {
    return `${where} offers no TLS, and sslmode=${target.tls} asks for it. Turn TLS on at the server, or set sslmode=prefer where the network is trusted.`;
  }
  if (/^ERR_(?:SSL|OSSL|CRYPTO)|^EPROTO/.test(error.code ?? '') && /PEM|base64|asn1/i.test(error.message)) {
    return `The certificate given as sslrootcert cannot be read: ${error.message}. Give one or more certificates in PEM.`;
  }
  if (checksCertificate(target.tls) && /CERT|SIGNED|ISSUER|LEAF/.test(error.code ?? '')) {
    return certificateFailure(target, where, error);
  }
  return `${where} could not be spoken to: ${error.message.replace(/\.+$/, '')}. Check that a PostgreSQL server listens there; of a MySQL or MariaDB server the string begins with mysql://.`;
};

const silent = (where: string): string =>
  `${where} did not answer within ${connectSeconds} s. Check host and port, and the firewalls and security groups on the way.`;

const refusal = ({ user, database, tls }: PostgresTarget, where: string, { code, message }: ServerError): string => {
  const said = `The server said: ${message}.`;
  switch (code) {
    case '28P01':
      return `${where} refused user ${user}. Check user and password. ${said}`;
    case '28000':
      return /pg_hba\.conf/.test(message)
        ? `${where} takes no login of user ${user} to database ${database} from this machine’s address with sslmode=${tls}. Allow it in pg_hba.conf, or try sslmode=require. ${said}`
        : `${where} refused user ${user}. Check the user’s name, and that it has LOGIN. ${said}`;
    case '3D000':
      return `There is no database ${database} at ${where}. Check how it is written: names are case-sensitive here.`;
    case '42501':
      return `User ${user} may not connect to database ${database} at ${where}. Grant it: GRANT CONNECT ON DATABASE … TO the user. ${said}`;
    case '53300':
      return `${where} has no connection left for user ${user}. Wait, or raise the limit. ${said}`;
    case '57P03':
      return `${where} is starting up or shutting down. Try again in a moment. ${said}`;
    default:
      return `${where} refused user ${user}. ${said}`;
  }
};

/** Why a connection could not be had, in words that say what to do; never with the password. */
export const connectFailure = (target: PostgresTarget, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = serverError(thrown);
  const where = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  if (isFromServer(error)) {
    return new Failure(
      error.code === '57P03' ? 'DATABASE_UNREACHABLE' : 'DATABASE_REFUSED',
      refusal(target, where, error),
      {
        where,
      },
    );
  }
  // The server asks for a password in a way that an empty or missing one cannot answer.
  if (error.message.startsWith('SASL:')) {
    return new Failure(
      'DATABASE_REFUSED',
      `${where} wants a password of user ${target.user} that was not given or cannot be checked (${error.message}). Check user and password.`,
      { where },
    );
  }
  return new Failure('DATABASE_UNREACHABLE', networkFailure(target, where, error), { where });
};
