import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { FileProblem } from './file-loader.ts';

/** Nothing that unpacks to less is refused: it is read in a second. */
const harmlessBytes = 256 * 1024 * 1024;

/** Texts of tables are packed to a tenth, very even ones to a fiftieth; gzip can make a thousand bytes of one. */
const maxRatio = 100;

const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;

/**
 * Fails with a FileProblem where a file unpacks to far more than it has: it would fill memory and disk of the sandbox. It is
 * unpacked no further than to there.
 */
export const checkUnpacked = async (
  path: string,
  packing: 'gzip' | 'zstd',
  bytes: number,
  signal?: AbortSignal,
): Promise<number> => {
  const maxBytes = Math.max(harmlessBytes, bytes * maxRatio);
  const source = createReadStream(path, { signal });
  const unpacking = packing === 'gzip' ? createGunzip() : createZstdDecompress();
  source.on('error', (error) => unpacking.destroy(error)).pipe(unpacking);
  let unpacked = 0;
  try {
    for await (const chunk of unpacking as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (unpacked > maxBytes)
        throw new FileProblem(
          `It has ${mebibytes(bytes)} and unpacks to more than ${mebibytes(maxBytes)}. Unpack it, and survey it if it is meant to be so large.`,
        );
    }
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new FileProblem(
      `It cannot be unpacked as ${packing} (${reason}), after ${unpacked} bytes: it is damaged or cut short. Copy it again.`,
      { cause: error },
    );
  } finally {
    source.destroy();
    unpacking.destroy();
  }
  return unpacked;
};
