import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { FileProblem } from '../file-loader.ts';

/** An entry of an archive, by where it lies and how it is packed. */
type ZipEntry = { readonly method: number; readonly packed: number; readonly at: number };

/** A ZIP archive that is read entry by entry. */
export type ZipArchive = {
  /** The size of the archive itself. */
  readonly bytes: number;
  has(name: string): boolean;
  /** An entry's text, in pieces as it is unpacked; none where there is no such entry. */
  text(name: string): AsyncGenerator<string>;
};

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;

/** An archive's end lies before a comment of at most so many bytes. */
const endBytes = 22 + 65_535;
const maxDirectoryBytes = 16 * 1024 * 1024;

/** Sheets are packed to a twentieth, empty ones to a hundredth. */
const harmlessBytes = 256 * 1024 * 1024;
const maxRatio = 100;

const damaged = (what: string): FileProblem =>
  new FileProblem(`It is damaged or cut short: ${what}. Copy it again, or save it again from Excel.`);

const readAt = async (file: FileHandle, at: number, bytes: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at);
  if (bytesRead < bytes) throw damaged('the archive ends too early');
  return buffer;
};

const readDirectory = async (file: FileHandle, size: number): Promise<ReadonlyMap<string, ZipEntry>> => {
  const tail = await readAt(file, Math.max(0, size - endBytes), Math.min(size, endBytes));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end -= 1;
  if (end < 0) throw damaged('the archive has no end');
  const [bytes, at] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  // A workbook beyond 4 GiB has its directory in another form.
  if (at === 0xffffffff || bytes > maxDirectoryBytes)
    throw new FileProblem('It is too large: a workbook of more than 4 GiB is not read.');
  const directory = await readAt(file, at, bytes);
  const entries = new Map<string, ZipEntry>();
  for (let place = 0; place + 46 <= directory.length && directory.readUInt32LE(place) === entrySignature;) {
    const names = directory.readUInt16LE(place + 28);
    const name = directory.toString('utf8', place + 46, place + 46 + names);
    if ((directory.readUInt16LE(place + 8) & 1) === 1)
      throw new FileProblem('It is encrypted. Save it without a password.');
    entries.set(name.replaceAll('\\', '/').toLowerCase(), {
      method: directory.readUInt16LE(place + 10),
      packed: directory.readUInt32LE(place + 20),
      at: directory.readUInt32LE(place + 42),
    });
    place += 46 + names + directory.readUInt16LE(place + 30) + directory.readUInt16LE(place + 32);
  }
  return entries;
};

/** Opens a ZIP archive. All that is unpacked of it together is bounded: what is meant to fill the machine ends there. */
export const openZip = async (path: string, signal?: AbortSignal): Promise<ZipArchive> => {
  const file = await open(path);
  let size = 0;
  let entries: ReadonlyMap<string, ZipEntry>;
  try {
    ({ size } = await file.stat());
    entries = await readDirectory(file, size);
  } finally {
    await file.close();
  }
  const maxBytes = Math.max(harmlessBytes, size * maxRatio);

  const startOf = async ({ at }: ZipEntry): Promise<number> => {
    const again = await open(path);
    try {
      const header = await readAt(again, at, 30);
      return at + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    } finally {
      await again.close();
    }
  };
  return {
    bytes: size,
    has: (name) => entries.has(name.toLowerCase()),
    async *text(name) {
      const entry = entries.get(name.toLowerCase());
      if (entry === undefined || entry.packed === 0) return;
      if (entry.method !== 0 && entry.method !== 8) throw damaged(`${name} is packed in an unknown way`);
      const start = await startOf(entry);
      const source = createReadStream(path, { start, end: start + entry.packed - 1, signal });
      const stream = entry.method === 0 ? source : source.pipe(createInflateRaw({ chunkSize: 1024 * 1024 }));
      source.on('error', (error) => stream.destroy(error));
      const decoder = new TextDecoder();
      let unpacked = 0;
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          unpacked += chunk.length;
          if (unpacked > maxBytes)
            throw new FileProblem(
              `It has ${Math.round(size / 1024)} KiB and unpacks to more than ${Math.round(maxBytes / 1024 ** 2)} MiB. Save the sheet as CSV if it is meant to be so large.`,
            );
          yield decoder.decode(chunk, { stream: true });
        }
      } catch (error) {
        if (error instanceof FileProblem) throw error;
        throw damaged(`${name} cannot be unpacked (${error instanceof Error ? error.message : String(error)})`);
      } finally {
        source.destroy();
        stream.destroy();
      }
      yield decoder.decode();
    },
  };
};
