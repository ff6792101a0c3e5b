import { readFileSync, statSync } from 'node:fs';
import type { RemoteSettings } from '../local/settings.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/** A key as it is sent, and the setting that it comes from. */
export type RemoteKey = { readonly key: string; readonly from: 'SURVEYOR_API_KEY' | 'SURVEYOR_API_KEY_FILE' };

const invalid = (message: string, cause?: unknown): Failure =>
  new Failure('SETTING_INVALID', message, { where: 'SURVEYOR_API_KEY_FILE', cause });

/** What of a file's mode lets others than its owner in. */
const others = 0o077;

const fromFile = (file: string): string => {
  try {
    const found = statSync(file);
    // A pipe (`/dev/stdin`) is nobody else's.
    if (found.isFile() && (found.mode & others) !== 0 && process.platform !== 'win32')
      throw invalid(`Others may read the API key in ${file}. Close it to them: chmod 600 ${file}`);
    const key = readFileSync(file, 'utf8').trim();
    if (/^[\x21-\x7e]+$/.test(key)) return key;
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw invalid(`The API key cannot be read from ${file}: ${reason}.`, thrown);
  }
  throw invalid(`${file} does not hold an API key, which is one line without blanks.`);
};

/** The key for an API that runs elsewhere: from the environment, or from a file that its owner alone may read. */
export const remoteKey = ({ url, key, keyFile }: RemoteSettings): RemoteKey => {
  if (key !== undefined) return { key, from: 'SURVEYOR_API_KEY' };
  if (keyFile !== undefined) return { key: fromFile(keyFile), from: 'SURVEYOR_API_KEY_FILE' };
  throw new Failure(
    'SETTING_INVALID',
    `${url} asks for an API key. Set SURVEYOR_API_KEY to it, or SURVEYOR_API_KEY_FILE to a file with mode 600 that holds it. Make one: ${programName} keys add me --role operator --stack <stack> --tenant <tenant>`,
    { where: 'SURVEYOR_API_KEY' },
  );
};
