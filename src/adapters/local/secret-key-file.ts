import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../contracts/failure.ts';

const keyBytes = 32;

/**
 * The key that seals the local secrets: 32 random bytes in base64, made on first use, in a file of mode 0600. A file that
 * others may read is set back to 0600 rather than refused: whoever could have read it has done so, and refusing to
 * start would not undo that. Fails with SETTING_INVALID where the file cannot be had or holds no key.
 */
export const readOrMakeSecretKey = (path: string): Buffer => {
  const text = explained(path, () => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) makeKeyFile(path);
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    return readFileSync(path, 'utf8');
  });
  const key = Buffer.from(text, 'base64');
  if (key.length === keyBytes) return key;
  throw new Failure(
    'SETTING_INVALID',
    `${path} holds no key (${keyBytes} bytes in base64). Put the right file back; or move it and the secrets away, and new ones are made.`,
    { where: path },
  );
};

/** Written apart and linked into place: of two processes that start at once one makes the key, and neither reads half of it. */
const makeKeyFile = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}`;
  try {
    writeFileSync(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    linkSync(draft, path);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
  } finally {
    rmSync(draft, { force: true });
  }
};

const explained = <T>(path: string, work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Failure(
      'SETTING_INVALID',
      `The key of the secrets, ${path}, cannot be used: ${message}. Check that its folder belongs to this user, or let XDG_CONFIG_HOME name another one.`,
      { where: path, cause: thrown },
    );
  }
};
