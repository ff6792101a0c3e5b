import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { PostgresConnection } from './connect.ts';

const windows1252 = new TextDecoder('windows-1252');

/** What is UTF-8 stays; what is not is read as Windows-1252, which has a letter for each byte. */
const toUtf8 = (value: Buffer): Buffer => (isUtf8(value) ? value : Buffer.from(windows1252.decode(value)));

/**
 * Has a session to a database whose encoding is SQL_ASCII send texts as they are, and reads them here: the server would check
 * that they are UTF-8, and send nothing of a row in which one is not.
 */
export const readAsSqlAscii = ({ guard }: PostgresConnection): void => {
  guard.rewriteValue = toUtf8;
};
