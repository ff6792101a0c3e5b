import { Failure } from '../../contracts/failure.ts';
import type { DatabaseTarget } from '../../contracts/sandbox.ts';
import { nearest } from '../nearest.ts';
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
    throw new Failure(
      'UNSUPPORTED_DATABASE',
      `${scheme}:// databases are not supported${meant(scheme ?? '')}. ${supported}`,
      { where },
    );

  const invalid: Invalid = (problem, part) =>
    new Failure(
      'INVALID_REQUEST',
      [`The connection string ${problem}.`, ...(part === 'options' ? [] : [helpOn(scheme, engine, problem)])].join(' '),
      { where },
    );
  if (/^jdbc:/i.test(connection)) throw invalid('starts with "jdbc:", which is for Java; drop "jdbc:"');
  if (scheme === undefined && !connection.startsWith('/'))
    throw invalid(
      'is neither a scheme and an address, as in postgresql://…, nor an absolute path, which starts with "/"',
    );
  const target: DatabaseTarget =
    engine === 'postgres' || engine === 'mysql'
      ? parseServerAddress(engine, rest, invalid)
      : { engine, path: scheme === undefined ? checkedPath(connection, invalid) : pathOf(rest, invalid) };
  return { target, label: connectionLabel(target) };
};

const pathEngine = (path: string): 'duckdb' | 'files' => (/\.(duckdb|ddb|db)$/i.test(path) ? 'duckdb' : 'files');

/** What other tools call the engines, where the letters alone would not tell. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['psql', 'postgresql'],
  ['pgsql', 'postgresql'],
  ['pg', 'postgresql'],
]);

/** Which scheme may have been meant; a driver's name behind `+` counts for nothing. */
const meant = (scheme: string): string => {
  const [word = ''] = scheme.toLowerCase().split('+');
  const close = aliases.get(word) ?? (engines.has(word) ? word : nearest(word, [...engines.keys()])[0]);
  return close === undefined ? '' : `; is ${close === 'postgres' ? 'postgresql' : close}:// meant?`;
};

/** Problems that a character of the user, password or database makes when it is not percent-encoded. */
const fromPlainCharacters = /"[@/#%]"|host|port|%00/;

const helpOn = (scheme: string | undefined, engine: DatabaseTarget['engine'], problem: string): string => {
  if (scheme === undefined || engine === 'duckdb' || engine === 'files') return supported;
  const encoding = ', with / ? # @ : and % in the user, password or database as %2F %3F %23 %40 %3A %25';
  return `It is written ${serverForms[engine]}${fromPlainCharacters.test(problem) ? encoding : ''}.`;
};

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
