import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { FileProblem, type FoundFile } from './file-loader.ts';

/** Smaller files are read whole in no time, and their zero bytes told by lines. */
const minBytes = 1024 * 1024;
const places = 64;
const placeBytes = 4096;

/** One may be the end that was being written as the power went. */
const minEmpty = 2;

/**
 * Fails with a FileProblem where parts of a text file are zero bytes alone, as in files that were made in their full size and never
 * filled: they have any size and take no room. A few places of it tell, so that it takes no time either.
 */
export const checkWritten = async ({ path, bytes }: Pick<FoundFile, 'path' | 'bytes'>): Promise<void> => {
  if (bytes < minBytes) return;
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const empty: number[] = [];
    for (let place = 0; place < places; place += 1) {
      const at = Math.floor(((bytes - placeBytes) / (places - 1)) * place);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(placeBytes), 0, placeBytes, at);
      if (bytesRead > 0 && buffer.subarray(0, bytesRead).every((byte) => byte === 0)) empty.push(at);
    }
    if (empty.length < minEmpty) return;
    throw new FileProblem(
      `It holds nothing but zero bytes at ${empty.length} of ${places} places that were looked at, the first of them byte ${empty[0] ?? 0} of ${bytes}: it was never written to its end. Copy it again.`,
    );
  } finally {
    await file.close();
  }
};
