import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import { isFromServer, serverError, type ServerError } from './server-error.ts';
import { checksCertificate } from '../server/certificates.ts';
import {
  certificateProblem,
  networkAdvice,
  networkProblem,
  noTls,
  placeOf,
  retryAfter,
} from '../server/connect-failure.ts';

const certificateFailure = (target: TargetOf<'postgres'>, { code, message }: ServerError): string => {
  const reason = message.replace(/\.$/, '');
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return certificateProblem(target, 'other name', reason);
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return certificateProblem(target, 'not valid now', reason);
    default:
      return certificateProblem(target, 'unknown signer', reason);
  }
};

const codeOf = ({ message, code }: ServerError): string | undefined =>
  // What the driver says without a code where nothing answered.
  message === 'timeout expired' ? 'ETIMEDOUT' : code;

const handshakeFailure = (target: TargetOf<'postgres'>, where: string, error: ServerError): string => {
  const problem = networkProblem(target, codeOf(error));
  if (problem !== undefined) return problem;
  if (error.message.includes('does not support SSL')) return noTls(target);
  if (/^ERR_(?:SSL|OSSL|CRYPTO)|^EPROTO/.test(error.code ?? '') && /PEM|base64|asn1/i.test(error.message)) {
    return `The certificate given as sslrootcert cannot be read: ${error.message}. Give one or more certificates in PEM.`;
  }
  if (checksCertificate(target.tls) && /CERT|SIGNED|ISSUER|LEAF/.test(error.code ?? '')) {
    return certificateFailure(target, error);
  }
  return `${where} could not be spoken to: ${error.message.replace(/\.+$/, '')}. Check that a PostgreSQL server listens there; of a MySQL or MariaDB server the string begins with mysql://.`;
};

const refusal = (
  { user, database, tls }: TargetOf<'postgres'>,
  where: string,
  { code, message }: ServerError,
): string => {
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

/** Starting up or shutting down; no connection left, as when all clients of a restarted server come at once; a pooler without its server. */
const passes = ({ code, message }: ServerError): boolean =>
  /^(?:57P0[1-5]|53300)$/.test(code ?? '') || (code?.startsWith('08') === true && /server/.test(message));

/** Why a connection could not be had, in words that say what to do; never with the password. */
export const connectFailure = (target: TargetOf<'postgres'>, thrown: unknown): Failure => {
  if (thrown instanceof Failure) return thrown;
  const error = serverError(thrown);
  const where = placeOf(target);
  if (isFromServer(error)) {
    return new Failure(
      error.code === '57P03' ? 'DATABASE_UNREACHABLE' : 'DATABASE_REFUSED',
      refusal(target, where, error),
      { where, retryAfter: passes(error) ? 1 : undefined },
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
  return new Failure('DATABASE_UNREACHABLE', handshakeFailure(target, where, error), {
    where,
    advice: networkAdvice(target, codeOf(error)),
    // Without a code: the server ended the connection before it had said a word, as one does that shuts down.
    retryAfter: error.message.startsWith('Connection terminated') ? 1 : retryAfter(codeOf(error)),
  });
};
