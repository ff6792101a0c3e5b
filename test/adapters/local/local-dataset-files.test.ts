import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localDatasetFiles } from '../../../src/adapters/local/local-dataset-files.ts';
import { findDataset } from '../../../src/domain/datasets/registry.ts';

const names = ['customers.csv', 'products.csv', 'orders.csv'];

describe('the files of the sample datasets', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'surveyor-datasets-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

  it('are made where they are missing, whole', async () => {
    const seeded = await localDatasetFiles({ dir }).seed('ecommerce');
    expect(seeded).toEqual({ path: join(dir, 'ecommerce'), written: names });
    const dataset = findDataset('ecommerce');
    for (const { name, file } of dataset.schema.tables) {
      expect(hashOf(join(seeded.path, file))).toBe(dataset.sha256(name));
    }
    expect(readdirSync(seeded.path).sort()).toEqual(names.toSorted());
  });

  it('are left alone where they are whole', async () => {
    const files = localDatasetFiles({ dir });
    const { path } = await files.seed('ecommerce');
    const before = names.map((name) => statSync(join(path, name)).ino);
    expect((await files.seed('ecommerce')).written).toEqual([]);
    expect(names.map((name) => statSync(join(path, name)).ino)).toEqual(before);
  });

  it('are repaired where one is damaged or gone, and only that one', async () => {
    const files = localDatasetFiles({ dir });
    const { path } = await files.seed('ecommerce');
    const products = join(path, 'products.csv');
    const whole = readFileSync(products);
    // One byte in the middle, then a file cut short, then none.
    const damages: readonly (() => void)[] = [
      () => {
        const bytes = Buffer.from(whole);
        bytes[whole.length >> 1] = (bytes[whole.length >> 1] ?? 0) ^ 1;
        writeFileSync(products, bytes);
      },
      () => writeFileSync(products, whole.subarray(0, 1_000)),
      () => rmSync(products),
    ];
    for (const damage of damages) {
      damage();
      expect((await files.seed('ecommerce')).written).toEqual(['products.csv']);
      expect(readFileSync(products).equals(whole)).toBe(true);
    }
    damages[0]?.();
    expect(await files.target('ecommerce')).toEqual({ engine: 'files', path });
    expect(readFileSync(products).equals(whole)).toBe(true);
  });

  it('fail by name where there is no such dataset, and where the folder cannot be written', async () => {
    await expect(localDatasetFiles({ dir }).target('weather')).rejects.toMatchObject({ kind: 'DATASET_NOT_FOUND' });
    const blocked = join(dir, 'a-file');
    writeFileSync(blocked, '');
    await expect(localDatasetFiles({ dir: blocked }).seed('support')).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringContaining('The dataset support could not be written') as string,
      where: join(blocked, 'support'),
    });
  });

  it('leave what else is in their folder alone', async () => {
    const files = localDatasetFiles({ dir });
    const { path } = await files.seed('support');
    rmSync(join(path, 'tickets.csv'));
    writeFileSync(join(path, 'note.txt'), 'mine');
    expect((await files.seed('support')).written).toEqual(['tickets.csv']);
    expect(readFileSync(join(path, 'note.txt'), 'utf8')).toBe('mine');
  });
});
