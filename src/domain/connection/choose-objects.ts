import { Failure } from '../../contracts/failure.ts';
import type { LeftOut } from '../../contracts/schema.ts';
import { dataFileEndings, isDataFile } from '../engines/duckdb/data-file.ts';
import { objectsAddress } from '../engines/address/objects-address.ts';
import { maxObjectBytes, maxObjects, maxObjectsBytes } from './object-limits.ts';

/** An object of a bucket. */
export type ListedObject = { readonly key: string; readonly bytes: number };

/** An object that is surveyed, and the file that it becomes. */
export type ChosenObject = ListedObject & { readonly name: string };

const gibibytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;

/** What of a bucket is surveyed, and what is left out, by its name in it. */
export type ChosenObjects = { readonly chosen: readonly ChosenObject[]; readonly left_out: readonly LeftOut[] };

/** Objects that are named one by one as left out. */
const maxNamed = 100;

const shown = (name: string): string => JSON.stringify(name).slice(1, -1);

/** Why an object cannot be a file of the sandbox; a key is any text. */
const problemOf = ({ name, bytes }: ChosenObject): string | undefined => {
  if (!isDataFile(name)) return `By its name it is no data file: those end in ${dataFileEndings}.`;
  if (name.length > 128 || /[\p{Cc}\\]/u.test(name))
    return 'It cannot be a file: at most 128 characters, no control characters and no backslash. Rename it.';
  if (bytes > maxObjectBytes)
    return `It has ${gibibytes(bytes)}, of ${gibibytes(maxObjectBytes)} that one may have. Split it.`;
  return undefined;
};

/**
 * The data files right beneath a prefix, or the one that it is the key of, as in a folder: hidden files and what lies deeper
 * are not read, and what is wrong with one object leaves it out alone. Fails with DATABASE_EMPTY, DATABASE_UNREACHABLE.
 */
export const chooseObjects = (
  { bucket, prefix }: { readonly bucket: string; readonly prefix: string },
  listed: readonly ListedObject[],
): ChosenObjects => {
  const where = objectsAddress.label({ engine: 'objects', bucket, prefix, objects: [] });
  const fail = (problem: string): Failure => new Failure('DATABASE_UNREACHABLE', problem, { where });
  const folder = prefix === '' ? '' : `${prefix}/`;
  const beneath = listed.flatMap((object): readonly ChosenObject[] => {
    const name = object.key === prefix ? (prefix.split('/').at(-1) ?? '') : object.key.slice(folder.length);
    const isBeneath = object.key === prefix || (object.key.startsWith(folder) && !name.includes('/'));
    return isBeneath && name !== '' && !name.startsWith('.') ? [{ ...object, name }] : [];
  });
  const judged = beneath.map((object) => ({ object, problem: problemOf(object) }));
  const chosen = judged.flatMap(({ object, problem }) => (problem === undefined ? [object] : []));
  const others = judged.flatMap(({ object, problem }): readonly LeftOut[] =>
    problem === undefined ? [] : [{ name: shown(object.name), detail: problem }],
  );
  if (chosen.length === 0)
    throw new Failure(
      'DATABASE_EMPTY',
      `There is no table at ${where}: no object right beneath it that can be read ends in ${dataFileEndings} (what lies deeper is not read).${others
        .slice(0, 3)
        .map(({ name, detail }) => ` ${name}: ${detail}`)
        .join('')}`,
      { where },
    );
  if (chosen.length > maxObjects)
    throw fail(
      `${where} holds ${chosen.length} data files; at most ${maxObjects} can be surveyed at once. Name a longer prefix.`,
    );
  const all = chosen.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all > maxObjectsBytes)
    throw fail(
      `The data files at ${where} have ${gibibytes(all)} together, of ${gibibytes(maxObjectsBytes)} that a source may have. Name a longer prefix.`,
    );
  const more = others.length - maxNamed;
  const detail = `${more} more objects are left out, for reasons like these.`;
  return { chosen, left_out: more > 0 ? [...others.slice(0, maxNamed), { name: '…', detail }] : others };
};
