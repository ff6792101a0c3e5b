import { Failure } from '../../contracts/failure.ts';
import { dataFileEndings, isDataFile } from '../engines/duckdb/data-file.ts';
import { objectsAddress } from '../engines/address/objects-address.ts';
import { maxObjectBytes, maxObjects, maxObjectsBytes } from './object-limits.ts';

/** An object of a bucket. */
export type ListedObject = { readonly key: string; readonly bytes: number };

/** An object that is surveyed, and the file that it becomes. */
export type ChosenObject = ListedObject & { readonly name: string };

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/**
 * The data files right beneath a prefix, or the one that it is the key of, as in a folder: other endings, hidden files and
 * what lies deeper are not read. A key is any text: one that is not a plain name of a file is refused, not mended. Fails with
 * DATABASE_EMPTY, DATABASE_UNREACHABLE.
 */
export const chooseObjects = (
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  listed: readonly ListedObject[],
): readonly ChosenObject[] => {
  const where = objectsAddress.label({ engine: 'objects', bucket, prefix, objects: [] });
  const fail = (problem: string): Failure => new Failure('DATABASE_UNREACHABLE', problem, { where });
  const folder = prefix === '' ? '' : `${prefix}/`;
  const named = listed.flatMap((object): readonly ChosenObject[] => {
    const name = object.key === prefix ? (prefix.split('/').at(-1) ?? '') : object.key.slice(folder.length);
    const isBeneath = object.key === prefix || (object.key.startsWith(folder) && !name.includes('/'));
    return isBeneath && isDataFile(name) ? [{ ...object, name }] : [];
  });
  if (named.length === 0)
    throw new Failure(
      'DATABASE_EMPTY',
      `There is no table at ${where}: no object right beneath it ends in ${dataFileEndings} (what lies deeper is not read).`,
      { where },
    );
  if (named.length > maxObjects)
    throw fail(
      `${where} holds ${named.length} data files; at most ${maxObjects} can be surveyed at once. Name a longer prefix.`,
    );
  const odd = named.find(({ name }) => name.length > 128 || /[\p{Cc}\\]/u.test(name));
  if (odd !== undefined)
    throw fail(
      `The object ${JSON.stringify(odd.name)} at ${where} cannot be a file: at most 128 characters, no control characters and no backslash. Rename it.`,
    );
  const large = named.find(({ bytes }) => bytes > maxObjectBytes);
  if (large !== undefined)
    throw fail(
      `The object ${large.name} at ${where} has ${gibibytes(large.bytes)}, of ${gibibytes(maxObjectBytes)} that one may have. Split it, or name others.`,
    );
  const all = named.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all > maxObjectsBytes)
    throw fail(
      `The data files at ${where} have ${gibibytes(all)} together, of ${gibibytes(maxObjectsBytes)} that a source may have. Name a longer prefix.`,
    );
  return named;
};
