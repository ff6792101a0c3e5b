import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CatalogRequest } from '../../src/contracts/catalog.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { parseConnectionString } from '../../src/domain/connection/parse-connection-string.ts';
import { isKeyValueForm } from '../../src/domain/engines/address/key-value-form.ts';
import { fileKind, tellingBytes } from '../../src/domain/engines/file-kind.ts';
import { sourceAddresses } from '../../src/domain/engines/registry.ts';
import { datasets } from '../../src/domain/datasets/registry.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { programName } from '../program-name.ts';
import { connectionName } from './connection-name.ts';
import { folderSources } from './folder-sources.ts';

/** The part of a request that says what is surveyed, and a word for it that a prefix can hold. */
export type CatalogSource = {
  readonly source: Pick<CatalogRequest, 'connection' | 'dataset' | 'db_conn_string'>;
  readonly label: string;
};

const names = datasets.map(({ schema }) => schema.name);

/** A name as a path segment of a prefix can be. */
const segment = (name: string): string =>
  name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'database';

const startOf = (file: string): string => {
  const start = Buffer.alloc(tellingBytes);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, start, 0, tellingBytes, 0);
  } finally {
    closeSync(opened);
  }
  return start.toString('latin1');
};

const fromPath = (path: string): CatalogSource => {
  const { pathname } = pathToFileURL(path);
  const label = segment(basename(path).replace(/\.[^.]+$/, ''));
  const kind = statSync(path).isFile() ? fileKind(path, startOf(path)) : 'files';
  return { source: { db_conn_string: `${sourceAddresses[kind].schemes[0]}://${pathname}` }, label };
};

/** Fails with DATASET_NOT_FOUND, saying which one may have been meant. */
export const checkDataset = (name: string): string => {
  if (names.includes(name)) return name;
  const [likely] = nearest(name, names);
  const hint = likely === undefined ? '' : ` Did you mean ${likely}?`;
  throw new Failure(
    'DATASET_NOT_FOUND',
    `There is no sample dataset "${name}".${hint} There are: ${names.join(', ')}.`,
    {
      where: 'dataset',
    },
  );
};

const notHere = (given: string, api: string): Failure =>
  new Failure(
    'INVALID_REQUEST',
    `${given} is a path of this machine, and ${api} opens none of its files. Put data files into a bucket that the deployment may read (sourceBuckets of its context, docs/deploy.md), and survey that: ${programName} catalog s3://bucket/prefix\n` +
      `Or survey it with Surveyor on this machine: SURVEYOR_API_URL= ${programName} catalog ${given}`,
    { where: 'database' },
  );

const connectionMark = 'connection:';

/** The name of what a connection string leads to; none of one that cannot be read, of which the service tells why. */
const databaseOf = (given: string): string => {
  try {
    return basename(parseConnectionString(given).label);
  } catch {
    return '';
  }
};

/**
 * What a person means by a word after `catalog`: a sample dataset by its name, a named connection by `connection:` before
 * it, a connection string by its `://`, else a file or folder, whose path may be relative to where the command was given.
 * An API that runs elsewhere (`api`) opens no file of this machine. What was typed nowhere (`isHidden`) may hold a password in
 * any form, so that no message repeats it.
 */
export const catalogSource = (given: string, folder: string, api?: string, isHidden = false): CatalogSource => {
  if (names.includes(given)) return { source: { dataset: given }, label: given };
  if (given.startsWith(connectionMark)) {
    const connection = connectionName(given.slice(connectionMark.length));
    return { source: { connection }, label: segment(connection) };
  }
  if (given.includes('://') || isKeyValueForm(given)) {
    // The database alone: a user and a password may stand before it.
    return { source: { db_conn_string: given }, label: segment(databaseOf(given).replace(/\.[^.]+$/, '')) };
  }
  const path = resolve(folder, given);
  if (existsSync(path)) {
    if (api !== undefined) throw notHere(given, api);
    return fromPath(path);
  }
  if (isHidden) parseConnectionString(given, 'standard input');
  if (/[/\\.]/.test(given)) {
    throw new Failure(
      'INVALID_REQUEST',
      `There is no file or folder ${path}. Check the path, or give a connection string.`,
      {
        where: 'dataset-or-url',
      },
    );
  }
  return { source: { dataset: checkDataset(given) }, label: given };
};

/** How many databases one survey has. */
const maxSources = 10;

/**
 * What a word after `catalog` comes to: one source, or of a folder that holds databases each of them, after the folder's data
 * files if it has any. A folder whose `tables` are chosen is what has those tables: its data files.
 */
export const catalogSources = (
  given: string,
  folder: string,
  {
    api,
    choosesTables,
    isHidden,
  }: { readonly api?: string | undefined; readonly choosesTables: boolean; readonly isHidden?: boolean | undefined },
): readonly CatalogSource[] => {
  const source = catalogSource(given, folder, api, isHidden);
  const path = resolve(folder, given);
  const isFolder =
    source.source.db_conn_string?.startsWith(`${sourceAddresses.files.schemes[0]}:`) === true && !given.includes('://');
  if (choosesTables || !isFolder || !statSync(path).isDirectory()) return [source];
  const { databases, hasData } = folderSources(path);
  const sources = [
    ...(hasData || databases.length === 0 ? [source] : []),
    ...databases.map((file) => ({ ...fromPath(file), label: source.label })),
  ];
  if (sources.length > maxSources)
    throw new Failure(
      'INVALID_REQUEST',
      `The folder ${path} holds ${databases.length} databases, of ${maxSources} that one survey has. Name the files: ${programName} catalog ${databases.slice(0, 2).join(' ')}`,
      { where: 'database' },
    );
  return sources;
};
