import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/contracts/failure.ts';
import { DatasetSchema } from '../../../src/contracts/dataset.ts';
import { datasetNames } from '../../../src/domain/datasets/dataset-names.ts';
import type { Dataset } from '../../../src/domain/datasets/dataset.ts';
import { datasets, findDataset } from '../../../src/domain/datasets/registry.ts';
import { flawedDatasets, flawsOf } from '../../planted-flaws.ts';

const textOf = (dataset: Dataset, table: string): string => [...dataset.csv(table)].join('');

/** A dataset’s CSV text as tables of DuckDB, typed as declared: a value that does not fit its type fails the load. */
const load = async (connection: DuckDBConnection, dataset: Dataset, folder: string): Promise<void> => {
  for (const { name, columns } of dataset.schema.tables) {
    const file = join(folder, `${dataset.schema.name}-${name}.csv`);
    writeFileSync(file, textOf(dataset, name));
    const types = columns.map((column) => `'${column.name}': '${column.type}'`).join(', ');
    await connection.run(
      `create table "${name}" as from read_csv('${file}', header = true, auto_detect = false, quote = '"', escape = '"', columns = {${types}})`,
    );
  }
};

it('The names of the datasets are told without making them', () => {
  expect(datasets.map(({ schema }) => schema.name)).toEqual(datasetNames);
});

describe('the registry of datasets', () => {
  it('lists the three, with their totals', () => {
    expect(datasets.map(({ schema }) => [schema.name, schema.rows, schema.tables.map(({ file }) => file)])).toEqual([
      ['ecommerce', 13_526, ['customers.csv', 'products.csv', 'orders.csv']],
      ['support', 6_417, ['tickets.csv']],
      ['sensors', 49_950, ['readings.csv']],
    ]);
  });

  it('declares each as the contract has it', () => {
    for (const { schema } of datasets) expect(DatasetSchema.parse(schema)).toEqual(schema);
  });

  it('finds one by its name, and names them all where there is no such', () => {
    expect(findDataset('support').schema.name).toBe('support');
    expect(() => findDataset('weather')).toThrow(Failure);
    expect(() => findDataset('weather')).toThrow(/"weather".*ecommerce, support, sensors/);
  });

  it('has planted flaws for each', () => {
    expect(flawedDatasets).toEqual(datasets.map(({ schema }) => schema.name));
  });
});

for (const dataset of datasets) {
  describe(`the dataset ${dataset.schema.name}`, () => {
    let folder: string;
    let instance: DuckDBInstance;
    let connection: DuckDBConnection;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'surveyor-datasets-'));
      instance = await DuckDBInstance.create(':memory:');
      connection = await instance.connect();
      await load(connection, dataset, folder);
    });
    afterAll(() => {
      connection?.closeSync();
      instance?.closeSync();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    const count = async (sql: string): Promise<number> => {
      const [row] = (await connection.runAndReadAll(sql)).getRows();
      return Number(row?.[0]);
    };

    it('has the same bytes on every call, those whose hash it declares', () => {
      for (const { name } of dataset.schema.tables) {
        const hashes = [textOf(dataset, name), textOf(dataset, name)].map((text) =>
          createHash('sha256').update(text).digest('hex'),
        );
        expect([name, ...hashes]).toEqual([name, dataset.sha256(name), dataset.sha256(name)]);
      }
    });

    it('has the declared columns as the header of each file', () => {
      for (const { name, columns } of dataset.schema.tables) {
        const [header] = textOf(dataset, name).split('\n', 1);
        expect(header).toBe(columns.map((column) => column.name).join(','));
      }
    });

    it('has as many rows as declared, and values that fit their types', async () => {
      for (const { name, rows } of dataset.schema.tables) {
        expect([name, await count(`select count(*) from "${name}"`)]).toEqual([name, rows]);
      }
    });

    it('has no table but those declared', () => {
      expect(() => dataset.csv('elsewhere')).toThrow(`The dataset ${dataset.schema.name} has no table elsewhere`);
      expect(() => dataset.sha256('elsewhere')).toThrow(RangeError);
    });

    const name = flawedDatasets.find((flawed) => flawed === dataset.schema.name);
    const flaws = name === undefined ? [] : flawsOf(name);

    it.each(flaws.map((flaw) => [flaw.id, flaw] as const))('has the planted flaw %s', async (_, flaw) => {
      expect(await count(flaw.counted_by)).toBe(flaw.rows);
      expect(flaw.rows).toBeGreaterThan(0);
    });

    it('names each flaw once, with columns that exist', () => {
      expect(new Set(flaws.map(({ id }) => id)).size).toBe(flaws.length);
      const { tables } = dataset.schema;
      const known = tables.flatMap(({ columns }) => columns.map((column) => column.name));
      expect(new Set(flaws.map(({ table }) => table))).toEqual(new Set(tables.map((table) => table.name)));
      for (const { columns } of flaws) expect(known).toEqual(expect.arrayContaining([...columns]));
    });
  });
}

it('plants every kind of flaw that a survey should see', () => {
  const kinds = new Set(flawedDatasets.flatMap((name) => flawsOf(name).map(({ kind }) => kind)));
  for (const kind of ['missing values', 'outliers', 'broken reference', 'late data', 'personal data'] as const) {
    expect(kinds).toContain(kind);
  }
});
