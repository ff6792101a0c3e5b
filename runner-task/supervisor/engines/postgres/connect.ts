import type { TargetOf } from '../../../../src/contracts/sandbox.ts';
import pg from 'pg';
import { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import * as z from 'zod';
import { cancelRequest } from './cancel-request.ts';
import { Failure } from '../../../../src/contracts/failure.ts';
import { answerTooLarge, boundAnswer, loginLimits } from '../server/bound-answer.ts';
import { connectSeconds, notUnderstood, placeOf } from '../server/connect-failure.ts';
import { connectFailure } from './connect-failure.ts';
import { guardMessages, type MessageGuard } from './guard-messages.ts';
import { isFromServer, serverError } from './server-error.ts';
import { openSocket } from '../server/open-socket.ts';
import { tlsOptions } from './tls.ts';

/** One session at a server. */
export type PostgresConnection = {
  readonly client: pg.Client;
  /** Sends statements of Surveyor's own whose answers are not read. */
  send(sql: string): Promise<void>;
  /** Sends a statement of Surveyor's own and reads its whole result. Fails with DATABASE_UNREACHABLE on one that is not what it asked for. */
  ask<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /** Ends what it runs, on the server. */
  cancel(): Promise<void>;
  isOver(): boolean;
  /** What stands before the driver. */
  readonly guard: MessageGuard;
  /** Ends it at once. */
  destroy(): void;
};

/** A comment can be long; together with its row it is not as long as this. */
const maxCatalogRowBytes = 16 * 1024 * 1024;

/** The session's key, which the driver keeps but does not declare. */
const SessionKey = z.object({ processID: z.number(), secretKey: z.number() });

/** The driver connects a socket that it is given. */
const guardedSocket = (): Socket => {
  const socket = new Socket();
  const connect = socket.connect.bind(socket);
  return Object.assign(socket, {
    connect: (port: number, host: string) => openSocket({ host, port }, (options) => connect(options)),
  });
};

const connectOnce = async (
  target: TargetOf<'postgres'>,
  ssl: ConnectionOptions | undefined,
): Promise<PostgresConnection> => {
  const { host, port, database, user, password, channel_binding } = target;
  const socket = guardedSocket();
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    // As a function: for an empty one the driver would look into ~/.pgpass.
    password: () => password,
    ssl: ssl ?? false,
    enableChannelBinding: ssl !== undefined,
    connectionTimeoutMillis: connectSeconds * 1000,
    keepAlive: true,
    stream: () => socket,
  });
  let over = false;
  const ended = (): void => void (over = true);
  // For its whole life: without a listener a lost connection would end the process.
  client.on('error', ended).on('end', ended);
  const destroy = (): void => {
    over = true;
    client.connection.stream.destroy();
  };
  const bytesRead = (): number => socket.bytesRead;
  let isBound = false;
  client.connection.once('authenticationSASL', ({ mechanisms }: { readonly mechanisms: readonly string[] }) => {
    isBound = ssl !== undefined && mechanisms.includes('SCRAM-SHA-256-PLUS');
  });
  try {
    await boundAnswer(target, { bytesRead, destroy }, () => client.connect(), loginLimits);
    if (channel_binding === 'require' && !isBound)
      throw new Failure(
        'DATABASE_REFUSED',
        `${placeOf(target)} lets user ${user} in without binding the login to its TLS channel, and channel_binding=require asks for that. Give the user a password in SCRAM-SHA-256 and turn TLS on, or leave channel_binding out.`,
        { where: placeOf(target) },
      );
  } catch (error) {
    destroy();
    throw error;
  }
  const guard = guardMessages(client.connection.stream, destroy);
  /** Waits for one answer, none of whose rows is larger than any of a catalog. */
  const bounded = async <T>(work: () => Promise<T>): Promise<T> => {
    guard.maxRowBytes = maxCatalogRowBytes;
    try {
      return await boundAnswer(target, { bytesRead, destroy }, work);
    } catch (error) {
      throw guard.tooLarge === undefined ? error : answerTooLarge(target, maxCatalogRowBytes);
    } finally {
      guard.maxRowBytes = Infinity;
    }
  };
  return {
    client,
    guard,
    send: async (sql) => void (await bounded(() => client.query(sql))),
    async ask(row, sql, values = []) {
      const { rows } = await bounded(() => client.query({ text: sql, values: [...values] }));
      const read = z.array(row).safeParse(rows);
      if (read.success) return read.data;
      throw new Failure('DATABASE_UNREACHABLE', notUnderstood(target, 'PostgreSQL'), {
        where: placeOf(target),
        cause: read.error,
      });
    },
    async cancel() {
      const { processID, secretKey } = SessionKey.parse(client);
      await cancelRequest({ host, port }, ssl, { processId: processID, secret: secretKey });
    },
    isOver: () => over,
    destroy,
  };
};

/** Whether a server that was asked for TLS may be asked again without: it has none, or lets nobody in with it. */
const wantsPlain = (thrown: unknown): boolean => {
  const error = serverError(thrown);
  return error.message.includes('SSL') && (!isFromServer(error) || error.code === '28000');
};

/** Connects as the target says. Fails with DATABASE_UNREACHABLE or DATABASE_REFUSED. */
export const connect = async (target: TargetOf<'postgres'>): Promise<PostgresConnection> => {
  try {
    return await connectOnce(target, tlsOptions(target)).catch((error: unknown) => {
      if (target.tls === 'prefer' && wantsPlain(error)) return connectOnce(target, undefined);
      throw error;
    });
  } catch (error) {
    throw connectFailure(target, error);
  }
};
