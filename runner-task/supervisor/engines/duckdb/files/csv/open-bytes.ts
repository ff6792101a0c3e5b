import { constants, createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { FoundFile } from '../file-loader.ts';

/** Opened so that neither a link that has taken the file's place is followed nor a pipe waited for. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A file's bytes from its beginning, unpacked. */
export async function* openBytes({
  path,
  packing,
  signal,
}: Pick<FoundFile, 'path' | 'packing' | 'signal'>): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { flags: flags as unknown as string, highWaterMark: 1024 * 1024, signal });
  const unpacking = packing === 'gzip' ? createGunzip() : packing === 'zstd' ? createZstdDecompress() : undefined;
  if (unpacking) source.on('error', (error) => unpacking.destroy(error)).pipe(unpacking);
  try {
    yield* (unpacking ?? source) as AsyncIterable<Buffer>;
  } finally {
    source.destroy();
    unpacking?.destroy();
  }
}

/** The first bytes of a file, unpacked, and whether they are all that it has. */
export const readHead = async (
  file: Pick<FoundFile, 'path' | 'packing' | 'signal'>,
  bytes: number,
): Promise<{ readonly head: Buffer; readonly whole: boolean }> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of openBytes(file)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > bytes) break;
  }
  return { head: Buffer.concat(chunks).subarray(0, bytes), whole: length <= bytes };
};
