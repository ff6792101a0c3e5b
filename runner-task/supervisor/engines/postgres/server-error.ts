import * as z from 'zod';
import { withoutPasswords } from '../server/without-passwords.ts';

/**
 * What the driver and the server say about an error. `code` is the server's SQLSTATE of five characters, or the operating
 * system's or TLS's name of the problem; the rest is the server's alone.
 */
const ServerError = z.object({
  message: z.string(),
  code: z.string().optional(),
  severity: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  position: z.string().optional(),
});
export type ServerError = z.infer<typeof ServerError>;

/** Reads a thrown thing as an error of the driver or the server. */
export const serverError = (thrown: unknown): ServerError => {
  const read = ServerError.safeParse(thrown);
  if (!read.success) return { message: withoutPasswords(String(thrown)) };
  const { message, detail, hint, ...more } = read.data;
  return {
    ...more,
    message: withoutPasswords(message),
    ...(detail === undefined ? {} : { detail: withoutPasswords(detail) }),
    ...(hint === undefined ? {} : { hint: withoutPasswords(hint) }),
  };
};

/** Whether it was the server that said it, in the protocol's way. */
export const isFromServer = ({ code }: ServerError): boolean => code !== undefined && /^[0-9A-Z]{5}$/.test(code);

/** 57P01 to 57P05 and 25P03: the server ends the session. */
const lostStates = /^(?:57P0[1-5]|25P03)$/;

/** What the driver says without any code when a session is over. */
const lostMessages = /^Connection terminated|not queryable|^Client was closed/;

/** Whether the connection is gone with this error. */
export const isLost = (error: ServerError): boolean => {
  // Without FATAL, 08001 and its like are what another server did to this one, of which a foreign table is read.
  if (isFromServer(error)) return lostStates.test(error.code ?? '') || /^(?:FATAL|PANIC)$/.test(error.severity ?? '');
  // A code that is not the server's is the operating system's, as ECONNRESET.
  return error.code !== undefined || lostMessages.test(error.message);
};

/** 08 but from a session that lives, and HV: another server that a foreign table is read from. */
export const isForeign = (error: ServerError): boolean =>
  isFromServer(error) && /^(?:08|HV)/.test(error.code ?? '') && !isLost(error);
