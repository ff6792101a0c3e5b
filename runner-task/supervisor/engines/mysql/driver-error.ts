import * as z from 'zod';
import { Failure } from '../../../../src/contracts/failure.ts';
import { withoutPasswords } from '../server/without-passwords.ts';

/** What the driver and the server say of an error: `errno` is the server's number, absent where it did not answer. */
const DriverError = z.object({
  message: z.string(),
  code: z.string().optional(),
  errno: z.number().optional(),
  sqlMessage: z.string().optional(),
  fatal: z.boolean().optional(),
});
export type DriverError = z.infer<typeof DriverError>;

/** Reads a thrown thing as an error of the driver. */
export const driverError = (thrown: unknown): DriverError => {
  const read = DriverError.safeParse(thrown);
  if (!read.success) return { message: withoutPasswords(String(thrown)) };
  const { message, sqlMessage, ...more } = read.data;
  return {
    ...more,
    message: withoutPasswords(message),
    ...(sqlMessage === undefined ? {} : { sqlMessage: withoutPasswords(sqlMessage) }),
    // A failure of our own, as of an answer that did not come, has ended the connection.
    ...(thrown instanceof Failure ? { fatal: true } : {}),
  };
};

/** The numbers of the server's errors that mean something here, the same in MySQL and MariaDB where both have them. */
export const serverErrors = {
  tooManyConnections: 1040,
  databaseDenied: 1044,
  loginDenied: 1045,
  unknownDatabase: 1049,
  serverShutdown: 1053,
  parse: 1064,
  hostBlocked: 1129,
  hostDenied: 1130,
  tableDenied: 1142,
  noSuchTable: 1146,
  lockTimeout: 1205,
  deadlock: 1213,
  userLimit: 1203,
  resourceLimit: 1226,
  privilegeMissing: 1227,
  interrupted: 1317,
  definerGone: 1449,
  loginWithoutPassword: 1698,
  readOnly: 1792,
  /** MariaDB: the connection was killed, not the statement alone. */
  connectionKilled: 1927,
  mariadbTimeout: 1969,
  mysqlTimeout: 3024,
  insecureTransport: 3159,
} as const;

const lostCodes = new Set([
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ERROR',
  'PROTOCOL_UNEXPECTED_PACKET',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether the connection is gone with this error. */
export const isLost = ({ code, errno, fatal }: DriverError): boolean =>
  fatal === true ||
  errno === serverErrors.serverShutdown ||
  errno === serverErrors.connectionKilled ||
  (code !== undefined && lostCodes.has(code));
