import { connectionForms, SourceKind } from '../../contracts/engine.ts';
import { Failure } from '../../contracts/failure.ts';
import type { DatabaseTarget, TargetOf } from '../../contracts/sandbox.ts';
import type { Invalid } from '../engines/address/decode-percent.ts';
import { fromKeyValues, isKeyValueForm } from '../engines/address/key-value-form.ts';
import { bareConnectionString } from './bare-connection-string.ts';
import { checkedPath } from '../engines/address/file-address.ts';
import { fileKind } from '../engines/file-kind.ts';
import { sourceAddresses } from '../engines/registry.ts';
import { nearest } from '../nearest.ts';

const supported = `Supported are ${Object.values(connectionForms).join(', ')}.`;

/** What a connection string says: what to open, and how to show it. */
export type ParsedConnection = { readonly target: DatabaseTarget; readonly label: string };

const addresses = SourceKind.options.map((kind) => ({ kind, ...sourceAddresses[kind] }));
const kinds = new Map(addresses.flatMap(({ kind, schemes }) => schemes.map((scheme) => [scheme, kind] as const)));
const nicknames = new Map(
  addresses.flatMap(({ nicknames: own, schemes }) => own.map((name) => [name, schemes[0]] as const)),
);

/**
 * Reads a connection string: an address, or libpq's keys and values. A plain absolute path is a database where it ends as one of an engine does, and else a file or
 * folder of files. `where` is the string's place in the request. Fails with UNSUPPORTED_DATABASE on another scheme,
 * INVALID_REQUEST on what cannot be read; no message repeats the string, which may hold a password wherever a person
 * happened to type one.
 */
export const parseConnectionString = (text: string, where = 'body.db_conn_string'): ParsedConnection => {
  const connection = bareConnectionString(text);
  const isKeyValue = isKeyValueForm(connection);
  const [, written, behind = ''] = /^([a-z][a-z0-9+._-]{0,40}):\/\/(.*)$/is.exec(connection) ?? [];
  const scheme = isKeyValue ? 'postgresql' : written;
  const kind = scheme === undefined ? fileKind(connection) : kindOf(scheme);
  if (kind === undefined)
    throw new Failure(
      'UNSUPPORTED_DATABASE',
      `${scheme}:// databases are not supported${meant(scheme ?? '')} ${supported}`,
      { where },
    );

  const invalid: Invalid = (problem, part) =>
    new Failure(
      'INVALID_REQUEST',
      [`The connection string ${problem}.`, ...(part === 'options' ? [] : [helpOn(scheme, kind, problem)])].join(' '),
      { where },
    );
  if (/^jdbc:/i.test(connection))
    throw invalid(
      'starts with "jdbc:", which is for Java; drop "jdbc:" and write user and password before the host, with : between and @ behind them',
    );
  if (!isKeyValue && isAssignments.test(connection))
    throw invalid('is a list of assignments with ";" between them, as in .NET; write it as an address');
  if (scheme === undefined && !connection.startsWith('/'))
    throw invalid(
      'is neither a scheme and an address, as in postgresql://…, nor an absolute path, which starts with "/"',
    );
  return parseAs(
    kind,
    scheme === undefined
      ? checkedPath(connection, invalid).replaceAll(/[%?#]/g, encodeURIComponent)
      : isKeyValue
        ? fromKeyValues(connection, invalid)
        : behind,
    invalid,
  );
};

/** `Server=db;Database=shop;User Id=reader;Password=…` */
const isAssignments = /^\s*(server|host|data source|user id|uid|username|database|port)\s*=[^;'"]*;/i;

/** A driver's name behind the scheme, as in `postgresql+psycopg2`, is for the program that it was written for. */
const kindOf = (scheme: string): SourceKind | undefined => {
  const [name = '', driver] = scheme.toLowerCase().split('+', 2);
  const kind = kinds.get(name);
  return driver === undefined || (kind !== undefined && sourceAddresses[kind].hasCredentials) ? kind : undefined;
};

const parseAs = <K extends SourceKind>(kind: K, rest: string, invalid: Invalid): ParsedConnection => {
  const target: TargetOf<K> = sourceAddresses[kind].parse(rest, invalid);
  return { target, label: sourceAddresses[kind].label(target) };
};

/** Which scheme may have been meant; a driver's name behind `+` counts for nothing. */
const meant = (scheme: string): string => {
  const [word = ''] = scheme.toLowerCase().split('+');
  const known = [...kinds.keys(), ...nicknames.keys()];
  const close = known.includes(word) ? word : nearest(word, [...kinds.keys()])[0];
  return close === undefined ? '.' : `; is ${nicknames.get(close) ?? close}:// meant?`;
};

/** Problems that a character of the user, password or database makes when it is not percent-encoded. */
const fromPlainCharacters = /"[@/#%]"|host|port|%00/;

const helpOn = (scheme: string | undefined, kind: SourceKind, problem: string): string => {
  if (scheme === undefined || !sourceAddresses[kind].hasCredentials) return supported;
  const encoding = ', with / ? # @ : and % in the user, password or database as %2F %3F %23 %40 %3A %25';
  return `It is written ${connectionForms[kind]}${fromPlainCharacters.test(problem) ? encoding : ''}.`;
};
