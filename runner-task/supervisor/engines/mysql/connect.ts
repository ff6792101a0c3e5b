import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import type { Socket } from 'node:net';
import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2';
import { connectFailure, isPostgres } from './connect-failure.ts';
import { signerCheck } from '../server/certificates.ts';
import { openSocket } from '../server/open-socket.ts';
import { boundAnswer, loginLimits } from '../server/bound-answer.ts';
import { connectSeconds } from '../server/connect-failure.ts';
import { driverError } from './driver-error.ts';
import { speaksPostgres } from './speaks-postgres.ts';
import { wholeMilliseconds } from '../../../../src/contracts/whole-milliseconds.ts';

/** One connection to a server. */
export type MysqlConnection = {
  /** The driver’s own, for streaming results. */
  readonly driver: Connection;
  /** How many bytes have come in, TLS and all. */
  bytesRead(): number;
  /** Sends a statement of Surveyor’s own and reads its whole result. Fails with DATABASE_UNREACHABLE where that does not come. */
  ask(sql: string, values?: readonly string[]): Promise<readonly RowDataPacket[]>;
  destroy(): void;
};

/** Opens the socket, which the driver then speaks through. */
const socketOf = ({ host, port }: TargetOf<'mysql'>): Socket =>
  // Node checks a certificate against `_host` where a TLS socket has no server name, and it has none for an IP
  // address. Unset it would be "localhost": any address would pass with a certificate for that.
  Object.assign(openSocket({ host, port }).setNoDelay(true).setKeepAlive(true), { _host: host });

/** A server greets within milliseconds; who is silent for so long may be asked whether it is something else. */
const silentSeconds = 2;

/** Calls once where the server has taken the connection, says nothing, and turns out to be one of PostgreSQL. */
const watchSilence = (socket: Socket, target: TargetOf<'mysql'>, foundPostgres: () => void): void => {
  const ask = async (): Promise<void> => {
    if (socket.bytesRead === 0 && (await speaksPostgres(target)) && socket.bytesRead === 0) foundPostgres();
  };
  let timer: NodeJS.Timeout | undefined;
  socket.once('connect', () => (timer = setTimeout(() => void ask(), wholeMilliseconds(silentSeconds * 1000))));
  socket.once('data', () => clearTimeout(timer)).once('close', () => clearTimeout(timer));
};

const connectOnce = async (target: TargetOf<'mysql'>, ssl: ConnectionOptions['ssl']): Promise<MysqlConnection> => {
  const socket = socketOf(target);
  const driver = mysql.createConnection({
    host: target.host,
    port: target.port,
    user: target.user,
    password: target.password,
    database: target.database,
    connectTimeout: connectSeconds * 1000,
    charset: 'UTF8MB4_UNICODE_CI',
    stream: () => socket,
    // A server could otherwise ask for any file of this machine.
    flags: ['-LOCAL_FILES'],
    multipleStatements: false,
    dateStrings: true,
    supportBigNumbers: true,
    ...(ssl === undefined ? {} : { ssl }),
  });
  const bytesRead = (): number => socket.bytesRead;
  const logIn = (): Promise<void> =>
    new Promise<void>((resolve, reject) => {
      driver.once('connect', () => resolve());
      // For the connection’s whole life: without a listener a lost connection would end the process.
      driver.on('error', reject);
      watchSilence(socket, target, () => reject(isPostgres(target)));
    });
  await boundAnswer(target, { bytesRead, destroy: () => driver.destroy() }, logIn, loginLimits).catch(
    (error: unknown) => {
      driver.destroy();
      throw error;
    },
  );
  const destroy = (): void => {
    driver.destroy();
    // The driver tells nobody; a statement may be waiting.
    driver.emit('error', Object.assign(new Error('the connection was closed'), { fatal: true }));
  };
  return {
    driver,
    bytesRead,
    ask: async (sql, values = []) =>
      boundAnswer(
        target,
        { bytesRead, destroy },
        () =>
          new Promise((resolve, reject) => {
            driver.query<RowDataPacket[]>(sql, [...values], (error, rows) => (error ? reject(error) : resolve(rows)));
          }),
      ),
    destroy,
  };
};

/** What the driver is told about TLS; undefined for none at all. */
const tlsOptions = (target: TargetOf<'mysql'>): ConnectionOptions['ssl'] => {
  const signer = signerCheck(target);
  return signer && { ...signer, verifyIdentity: target.tls === 'verify-full' };
};

/** Connects as the target says. Fails with DATABASE_UNREACHABLE, DATABASE_REFUSED or DATABASE_EMPTY. */
export const connect = async (target: TargetOf<'mysql'>): Promise<MysqlConnection> => {
  try {
    return await connectOnce(target, tlsOptions(target)).catch((error: unknown) => {
      const withoutTls = ['HANDSHAKE_NO_SSL_SUPPORT', 'HANDSHAKE_SSL_ERROR'].includes(driverError(error).code ?? '');
      if (target.tls === 'prefer' && withoutTls) return connectOnce(target, undefined);
      throw error;
    });
  } catch (error) {
    throw connectFailure(target, error);
  }
};
