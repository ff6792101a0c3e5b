import { Failure } from '../../contracts/failure.ts';
import type { DatabaseTarget } from '../../contracts/sandbox.ts';
import { connectionLabel } from './connection-label.ts';
import { decodePercent, type Invalid } from './decode-percent.ts';
import { parseServerAddress } from './parse-server-address.ts';
import { serverForms } from './server-target.ts';

const fileForms = [
  'duckdb:///absolute/path.duckdb',
  'file:///absolute/path of a folder of CSV and Parquet files or of one such file',
];
const supported = `Supported are ${[serverForms.postgres, serverForms.mysql, ...fileForms].join(', ')}.`;

/** What a connection string says: what to open, and how to show it. */
export type ParsedConnection = { readonly target: DatabaseTarget; readonly label: string };

/** The engines by the schemes that name them. */
const engines: ReadonlyMap<string, DatabaseTarget['engine']> = new Map([
  ['postgresql', 'postgres'],
  ['postgres', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mysql'],
  ['duckdb', 'duckdb'],
  ['file', 'files'],
]);

/**
 * Reads a connection string. A plain absolute path is a DuckDB database where it ends in .duckdb, .ddb or .db, and else
 * a file or folder of files. `where` is the string's place in the request. Fails with UNSUPPORTED_DATABASE on another
 * scheme, INVALID_REQUEST on what cannot be read; no message repeats the string, which may hold a password wherever a
 * person happened to type one.
 */
export const parseConnectionString = (text: string, where = 'body.db_conn_string'): ParsedConnection => {
  const connection = text.trim();
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]{0,30}):\/\/(.*)$/is.exec(connection) ?? [];
  const engine = scheme === undefined ? pathEngine(connection) : engines.get(scheme.toLowerCase());
  if (engine === undefined)
    throw new Failure('UNSUPPORTED_DATABASE', `${scheme}:// databases are not supported. ${supported}`, { where });

  const invalid: Invalid = (problem) =>
    new Failure('INVALID_REQUEST', `The connection string ${problem}. ${helpOn(scheme, engine)}`, { where });
  const target: DatabaseTarget =
    engine === 'postgres' || engine === 'mysql'
      ? parseServerAddress(engine, rest, invalid)
      : { engine, path: scheme === undefined ? checkedPath(connection, invalid) : pathOf(rest, invalid) };
  return { target, label: connectionLabel(target) };
};

const pathEngine = (path: string): 'duckdb' | 'files' => (/\.(duckdb|ddb|db)$/i.test(path) ? 'duckdb' : 'files');

const helpOn = (scheme: string | undefined, engine: DatabaseTarget['engine']): string =>
  scheme !== undefined && (engine === 'postgres' || engine === 'mysql')
    ? `It is written ${serverForms[engine]}, with / ? # @ : and % in the user, password or database as %2F %3F %23 %40 %3A %25.`
    : supported;

const pathOf = (rest: string, invalid: Invalid): string => {
  if (/[?#]/.test(rest))
    throw invalid('has options after "?" or "#", and none are known; write these characters in a path as %3F and %23');
  return checkedPath(decodePercent(rest, 'path', invalid), invalid);
};

const checkedPath = (path: string, invalid: Invalid): string => {
  if (!path.startsWith('/')) throw invalid('does not name an absolute path: it must start with "/"');
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw invalid('has a control character in its path');
  if (path.split('/').includes('..')) throw invalid('has ".." in its path; write the path out');
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path;
};
