import { Failure } from '../../contracts/failure.ts';
import type { DatabaseTarget } from '../../contracts/sandbox.ts';
import { connectionLabel } from './connection-label.ts';

const where = 'body.db_conn_string';
const supported =
  'Supported are duckdb:///absolute/path.duckdb, and file:///absolute/path of a folder of CSV and Parquet files or of one such file.';

/** What a connection string says: what to open, and how to show it. */
export type Connection = { readonly target: DatabaseTarget; readonly label: string };

// No message repeats the string: it may hold a password wherever a person happened to type one.
const invalid = (problem: string): Failure =>
  new Failure('INVALID_REQUEST', `The connection string ${problem}. ${supported}`, { where });

const decodedPath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalid('has a "%" that no two hexadecimal digits follow; write a percent sign as %25');
  }
};

const checkedPath = (path: string): string => {
  if (!path.startsWith('/')) throw invalid('does not name an absolute path: it must start with "/"');
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw invalid('has a control character in its path');
  if (path.split('/').includes('..')) throw invalid('has ".." in its path; write the path out');
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
};

const targetOf = (engine: DatabaseTarget['engine'], path: string): Connection => {
  const target: DatabaseTarget = { engine, path: checkedPath(path) };
  return { target, label: connectionLabel(target) };
};

const isDuckdbFile = (path: string): boolean => /\.(duckdb|ddb|db)$/i.test(path);

/**
 * Reads a connection string. A plain absolute path is a DuckDB database where it ends in .duckdb, .ddb or .db, and else
 * a file or folder of files. Fails with UNSUPPORTED_DATABASE on another scheme, INVALID_REQUEST on what cannot be read.
 */
export const parseConnectionString = (text: string): Connection => {
  const connection = text.trim();
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(connection) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return targetOf(isDuckdbFile(connection) ? 'duckdb' : 'files', connection);
    case 'duckdb':
    case 'file':
      if (/[?#]/.test(rest))
        throw invalid(
          'has options after "?" or "#", and none are known; write these characters in a path as %3F and %23',
        );
      return targetOf(scheme?.toLowerCase() === 'duckdb' ? 'duckdb' : 'files', decodedPath(rest));
    default:
      throw new Failure('UNSUPPORTED_DATABASE', `${scheme}:// databases are not supported. ${supported}`, { where });
  }
};
