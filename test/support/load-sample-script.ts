import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.env['SURVEYOR_TEST_DATA'] ?? '';

/** The path of a script with a real database; undefined, and said, where the folder of test data is not there. */
export const findSampleScript = (path: string): string | undefined => {
  const found = join(folder, path);
  if (folder !== '' && existsSync(found)) return found;
  console.log(`LEFT OUT: a real database. Set SURVEYOR_TEST_DATA to a folder that holds ${path}.`);
  return undefined;
};

/** A script without what chooses a database or is no SQL, so that it fills the one it is run in. */
export const readSampleScript = (path: string): string =>
  readFileSync(path, 'utf8').replaceAll(/^(DROP DATABASE|CREATE DATABASE|USE|\\c|SET default_with_oids)\b.*$/gm, '');
