import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../contracts/failure.ts';
import type { Dataset } from '../../domain/datasets/dataset.ts';
import { findDataset } from '../../domain/datasets/registry.ts';
import type { DatasetFiles } from '../../ports/dataset-files.ts';

/** The sample datasets as folders of CSV files, and the making of them ahead of need. */
export type LocalDatasetFiles = DatasetFiles & {
  /** Makes what is missing or damaged. Fails with DATASET_NOT_FOUND, STORAGE_FAILED. */
  seed(dataset: string): Promise<{ readonly path: string; readonly written: readonly string[] }>;
};

const hashOfFile = async (path: string): Promise<string | undefined> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
  return hash.digest('hex');
};

/** Writes beside the file and renames: another process never reads half of it. */
const writeWhole = async (path: string, chunks: Iterable<string>): Promise<void> => {
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, chunks);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
};

const makeFiles = async (dataset: Dataset, folder: string): Promise<readonly string[]> => {
  await mkdir(folder, { recursive: true });
  const written: string[] = [];
  for (const { name, file } of dataset.schema.tables) {
    const path = join(folder, file);
    if ((await hashOfFile(path)) === dataset.sha256(name)) continue;
    await writeWhole(path, dataset.csv(name));
    written.push(file);
  }
  return written;
};

/** Keeps the sample datasets in `dir`, one folder each; a file whose hash is not the declared one is made anew. */
export const localDatasetFiles = ({ dir }: { readonly dir: string }): LocalDatasetFiles => {
  const seed: LocalDatasetFiles['seed'] = async (name) => {
    const dataset = findDataset(name);
    const path = join(dir, dataset.schema.name);
    try {
      return { path, written: await makeFiles(dataset, path) };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const advice = 'Check that the disk has room and that the folder may be written.';
      throw new Failure('STORAGE_FAILED', `The dataset ${name} could not be written: ${reason}. ${advice}`, {
        where: path,
        cause,
      });
    }
  };
  return { seed, target: async (name) => ({ engine: 'files', path: (await seed(name)).path }) };
};
