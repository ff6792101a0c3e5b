import * as z from 'zod';

/**
 * What the driver and the server say about an error. `code` is the server's SQLSTATE of five characters, or the operating
 * system's or TLS's name of the problem; the rest is the server's alone.
 */
const ServerError = z.object({
  message: z.string(),
  code: z.string().optional(),
  detail: z.string().optional(),
  hint: z.string().optional(),
  position: z.string().optional(),
});
export type ServerError = z.infer<typeof ServerError>;

/** Reads a thrown thing as an error of the driver or the server. */
export const serverError = (thrown: unknown): ServerError => {
  const read = ServerError.safeParse(thrown);
  return read.success ? read.data : { message: String(thrown) };
};

/** Whether it was the server that said it, in the protocol's way. */
export const isFromServer = ({ code }: ServerError): boolean => code !== undefined && /^[0-9A-Z]{5}$/.test(code);

/** 57P01 to 57P05: the server ends the session; 08: the connection broke. */
const lostStates = /^(?:57P0[1-5]|08...|25P03)$/;

/** What the driver says without any code when a session is over. */
const lostMessages = /^Connection terminated|not queryable|^Client was closed/;

/** Whether the connection is gone with this error. */
export const isLost = (error: ServerError): boolean => {
  if (isFromServer(error)) return lostStates.test(error.code ?? '');
  // A code that is not the server's is the operating system's, as ECONNRESET.
  return error.code !== undefined || lostMessages.test(error.message);
};
