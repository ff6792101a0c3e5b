import { lookUp } from '../../../../../src/contracts/look-up.ts';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { LeftOut } from '../../../../../src/contracts/schema.ts';
import type { DiskFile } from './file-loader.ts';
import { shownName } from './name-tables.ts';

/** What lies right in a folder: files, folders, and what is neither, with the reason why it is left out. */
export type FolderEntries = {
  readonly files: readonly DiskFile[];
  readonly folders: readonly string[];
  readonly left_out: readonly LeftOut[];
};

type Entry = { readonly kind: 'file'; readonly file: DiskFile } | { readonly kind: 'folder' } | LeftOut;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const unopened: Readonly<Record<string, string>> = {
  ENOENT: 'It is a link that leads to nothing, or its name is no UTF-8: nothing can be opened by it.',
  ELOOP: 'It is a link that leads in a circle.',
  EACCES: 'It cannot be looked at: the permission is missing.',
};

/**
 * One entry. A link is followed only to a file beneath `root`, where it is read in the place that it really has: whoever can
 * lay a link into a folder would else publish any file of this machine.
 */
const entryOf = async (root: string, folder: string, entry: string): Promise<Entry> => {
  const name = relative(root, join(folder, entry));
  const leftOut = (detail: string): LeftOut => ({ name: shownName(name), detail });
  try {
    const found = await lstat(join(folder, entry));
    const path = found.isSymbolicLink() ? await realpath(join(folder, entry)) : join(folder, entry);
    if (found.isSymbolicLink()) {
      if (!path.startsWith(join(root, '/')))
        return leftOut('It is a link that leads out of the folder. Put what it leads to there itself, or survey that.');
      if (dirname(path) === folder) return leftOut(`It is a link to ${shownName(basename(path))} beside it.`);
    }
    const info = found.isSymbolicLink() ? await lstat(path) : found;
    if (info.isFile()) return { kind: 'file', file: { name, path, bytes: info.size } };
    if (!info.isDirectory()) return leftOut('It is a pipe, a socket or a device, not a file.');
    return found.isSymbolicLink() ? leftOut('It is a link to a folder, which is not followed.') : { kind: 'folder' };
  } catch (error) {
    return leftOut(lookUp(unopened, codeOf(error)) ?? `It cannot be looked at: ${codeOf(error)}.`);
  }
};

/** Looks at each entry of a folder beneath `root` that is not hidden. None is opened: opening a pipe waits. */
export const folderEntries = async (root: string, folder: string): Promise<FolderEntries> => {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  const files: DiskFile[] = [];
  const folders: string[] = [];
  const left_out: LeftOut[] = [];
  for (const name of names) {
    const entry = await entryOf(root, folder, name);
    if (!('kind' in entry)) left_out.push(entry);
    else if (entry.kind === 'file') files.push(entry.file);
    else folders.push(name);
  }
  return { files, folders, left_out };
};
