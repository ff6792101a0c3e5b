import { Failure } from '../../src/contracts/failure.ts';

/** What can be wrong with a disk: it is full, may not be written, or does not work. */
type Trouble = 'full' | 'closed' | 'broken';

/** What the system calls it. */
const systemTroubles: ReadonlyMap<unknown, Trouble> = new Map([
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['EFBIG', 'full'],
  ['EROFS', 'closed'],
  ['EACCES', 'closed'],
  ['EPERM', 'closed'],
  ['EIO', 'broken'],
  ['ESTALE', 'broken'],
]);

/** What SQLite calls it: FULL, READONLY, CANTOPEN, IOERR. */
const sqliteTroubles: ReadonlyMap<unknown, Trouble> = new Map([
  [13, 'full'],
  [8, 'closed'],
  [14, 'closed'],
  [10, 'broken'],
]);

/** Whatever does not touch a file has other reasons: a port below 1024, a program that may not be run. */
const touchesFile = (error: Error): boolean =>
  !('syscall' in error && /^(spawn|listen|bind|connect|kill|getaddrinfo)/.test(String(error.syscall)));

/** The error, itself or among its causes, that tells of a trouble of the disk. */
const culpritOf = (thrown: unknown): { readonly error: Error; readonly trouble: Trouble } | undefined => {
  if (!(thrown instanceof Error)) return undefined;
  const trouble =
    ('code' in thrown && touchesFile(thrown) ? systemTroubles.get(thrown.code) : undefined) ??
    ('errcode' in thrown && typeof thrown.errcode === 'number' ? sqliteTroubles.get(thrown.errcode & 0xff) : undefined);
  return trouble === undefined ? culpritOf(thrown.cause) : { error: thrown, trouble };
};

/** Whether an error, or what caused it, is that the disk is full. */
export const isDiskFull = (thrown: unknown): boolean => culpritOf(thrown)?.trouble === 'full';

/**
 * A disk that is full, read-only or broken as STORAGE_FAILED, whatever was about to be written; anything else as it was
 * thrown, and so is a failure that has said all. `home` is named where the error tells no place.
 */
export const storageFailure = (thrown: unknown, home?: string): unknown => {
  const culprit = culpritOf(thrown);
  if (culprit === undefined) return thrown;
  const { error, trouble } = culprit;
  if (thrown instanceof Failure && trouble !== 'full')
    return thrown.kind === 'SETTING_INVALID' ? asStorageFailed(thrown, thrown.message) : thrown;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : undefined;
  return asStorageFailed(thrown, messages[trouble](path ?? homeText(home), error.message), path);
};

const homeText = (home: string | undefined): string =>
  home === undefined ? 'SURVEYOR_HOME' : `SURVEYOR_HOME (${home})`;

const asStorageFailed = (cause: unknown, message: string, where = 'SURVEYOR_HOME'): Failure =>
  new Failure('STORAGE_FAILED', message, {
    where: (cause instanceof Failure ? cause.where : undefined) ?? where,
    cause,
  });

const messages: Readonly<Record<Trouble, (place: string, reason: string) => string>> = {
  full: (place) => `The disk of ${place} is full. Make room on it, or set SURVEYOR_HOME to a folder on another disk.`,
  closed: (place, reason) =>
    `Nothing can be written at ${place}: ${reason}. Make the folder one that this user may write, or set SURVEYOR_HOME to another one.`,
  broken: (place, reason) =>
    `${place} cannot be read or written: ${reason}. Look at the disk, or set SURVEYOR_HOME to a folder on another one.`,
};
