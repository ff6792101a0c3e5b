import { constants } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { Failure } from '../../src/contracts/failure.ts';
import { inMebibytes } from './memory-watch.ts';

/** In base64 it is below 11 MiB, and an answer holds one. */
export const mostArtifactBytes = 8 * 1024 * 1024;

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = constants;
/** macOS has no folders under /proc to open beneath, but a flag that follows no link in a whole path. */
const macNoFollowAny = 0x2000_0000;

/**
 * Opens a path beneath a folder, one part after the other and each relative to the one before, so that code which swaps
 * a folder for a link meanwhile changes nothing. O_NONBLOCK: a FIFO without a writer would be waited for without end.
 */
const openBeneath = async (folder: string, parts: readonly string[]): Promise<FileHandle> => {
  if (process.platform === 'darwin') {
    return open([await realpath(folder), ...parts].join('/'), O_RDONLY | O_NONBLOCK | macNoFollowAny);
  }
  let opened = await open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  for (const [index, part] of parts.entries()) {
    const above = opened;
    try {
      const kind = index < parts.length - 1 ? O_DIRECTORY : O_NONBLOCK;
      opened = await open(`/proc/self/fd/${above.fd}/${part}`, O_RDONLY | O_NOFOLLOW | kind);
    } finally {
      await above.close();
    }
  }
  return opened;
};

/** What an error of the system says about a path, in words that the one who asked can act on. */
const failureOf = (name: string, { code }: NodeJS.ErrnoException): Failure => {
  if (code === 'ENOENT') return new Failure('NOT_FOUND', `There is no file ${name} in the workspace.`);
  const reason = code === 'ELOOP' || code === 'ENOTDIR' ? 'a part of its path is a link or no folder' : code;
  return new Failure('CONFLICT', `${name} cannot be read: ${reason}. Write a plain file and name its own path.`);
};

/** Reads a file that hostile code may have made: a regular one, of one name, within the limit of size. */
export const readArtifact = async (workspace: string, name: string): Promise<Buffer> => {
  const file = await openBeneath(workspace, name.split('/')).catch((error: unknown) => {
    throw failureOf(name, error as NodeJS.ErrnoException);
  });
  try {
    const status = await file.stat();
    if (!status.isFile() || status.nlink > 1) {
      throw new Failure('CONFLICT', `${name} is no plain file of the workspace alone. Write one and name that.`);
    }
    if (status.size > mostArtifactBytes) {
      throw new Failure(
        'REQUEST_TOO_LARGE',
        `${name} holds ${inMebibytes(status.size)}, and at most ${inMebibytes(mostArtifactBytes)} are read. Write a smaller file.`,
      );
    }
    // It can grow or shrink meanwhile; what it held when it was looked at is the most that is read.
    const content = Buffer.alloc(status.size);
    let filled = 0;
    while (filled < content.length) {
      const { bytesRead } = await file.read(content, filled, content.length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return content.subarray(0, filled);
  } finally {
    await file.close();
  }
};
