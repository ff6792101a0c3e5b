import { describe, expect, it } from 'vitest';
import { type LoadedFolder, withFolder } from './loaded-folder.ts';

const names = ({ tables }: LoadedFolder): readonly string[] => tables.map(({ table }) => table);

describe('a folder with files beside its partitions', () => {
  it('has a table of the partitions, and one of each file, which fails alone', async () => {
    const files = {
      'year=2024/a.csv': 'id\n1\n2\n',
      'year=2025/a.csv': 'id\n3\n',
      'prices.csv': 'item,price\nx,1\n',
      'cut.json': '{"a": 1',
    };
    await withFolder(files, async (folder) => {
      const set = names(folder).find((name) => !['prices', 'cut'].includes(name)) ?? '';
      expect(names(folder)).toHaveLength(3);
      expect(await folder.rows(`SELECT id::INTEGER, year::INTEGER FROM "${set}" ORDER BY id`)).toEqual([
        [1, 2024],
        [2, 2024],
        [3, 2025],
      ]);
      expect(await folder.rows('SELECT price::INTEGER FROM prices')).toEqual([[1]]);
      expect(await folder.reason('cut')).toMatch(/cut\.json/);
    });
  });
});

describe('a folder of partitions', () => {
  it('is one table, with columns of what the folders’ names hold', async () => {
    const files = {
      'sales/year=2024/month=01/a.csv': 'id,amount\n1,1.5\n2,2.5\n',
      'sales/year=2024/month=02/a.csv': 'id,amount\n3,3.5\n',
      'sales/year=2025/month=01/b.json': '[{"id":4,"amount":4.5,"note":"n"}]',
      'sales/year=__HIVE_DEFAULT_PARTITION__/month=K%C3%B6ln/c.csv': 'amount,id\n5.5,5\n',
      'sales/_SUCCESS': '',
      'sales/_delta_log/0.json': '{}',
      'sales/readme.txt': 'no data',
      'other.csv': 'a\n1\n',
    };
    await withFolder(files, async (folder) => {
      expect(names(folder)).toEqual(['other', 'sales']);
      expect(await folder.types('sales')).toEqual({
        id: 'BIGINT',
        amount: 'DOUBLE',
        note: 'VARCHAR',
        year: 'BIGINT',
        month: 'VARCHAR',
      });
      expect(
        await folder.rows('SELECT id::INTEGER, amount, note, year::INTEGER, month FROM sales ORDER BY id'),
      ).toEqual([
        [1, 1.5, null, 2024, '01'],
        [2, 2.5, null, 2024, '01'],
        [3, 3.5, null, 2024, '02'],
        [4, 4.5, 'n', 2025, '01'],
        [5, 5.5, null, null, 'Köln'],
      ]);
      const sales = folder.tables.find(({ table }) => table === 'sales');
      expect(sales?.notes[0]).toMatchObject({
        kind: 'read_as',
        detail: '4 files of sales are one table. The names of their folders hold "year", "month".',
      });
      expect(folder.left_out.map(({ name }) => name)).toEqual(['sales/readme.txt']);
    });
  });

  it('may be the source itself, or be written in parts by Spark', async () => {
    await withFolder({ 'day=2024-01-05/a.csv': 'n\n1\n', 'day=2024-01-06/a.csv': 'n\n2\n' }, async (folder, path) => {
      expect(names(folder)).toEqual([path.split('/').at(-1)]);
      expect(await folder.rows(`SELECT day::VARCHAR, n::INTEGER FROM "${names(folder)[0] ?? ''}" ORDER BY n`)).toEqual([
        ['2024-01-05', 1],
        ['2024-01-06', 2],
      ]);
    });
    const spark = { 'out.csv/part-00000.csv': 'n\n1\n', 'out.csv/part-00001.csv': 'n\n2\n', 'out.csv/_SUCCESS': '' };
    await withFolder(spark, async (folder) => {
      expect(names(folder)).toEqual(['out']);
      expect(await folder.rows('SELECT sum(n)::INTEGER FROM out')).toEqual([[3]]);
    });
  });

  it('keeps what is written where its parts have other types, and says so', async () => {
    const files = { 's/k=1/a.csv': 'code,late\n7,1\n', 's/k=2/a.csv': 'code,late\nA7,\n' };
    await withFolder(files, async (folder) => {
      expect(await folder.rows('SELECT code FROM s ORDER BY code')).toEqual([['7'], ['A7']]);
      const notes = folder.tables[0]?.notes ?? [];
      expect(notes.find(({ columns }) => columns?.includes('code'))?.detail).toMatch(
        /The parts have it as BIGINT, VARCHAR; here it is VARCHAR/,
      );
    });
  });

  it('makes doubles of whole numbers that they hold, and texts of others', async () => {
    const files = {
      's/k=1/a.csv': 'price,id\n10,9007199254740993\n',
      's/k=2/a.csv': 'price,id\n10.5,0.5\n',
    };
    await withFolder(files, async (folder) => {
      expect(await folder.types('s')).toMatchObject({ price: 'DOUBLE', id: 'VARCHAR' });
      expect(await folder.rows('SELECT price, id FROM s ORDER BY price')).toEqual([
        [10, '9007199254740993'],
        [10.5, '0.5'],
      ]);
    });
  });

  it('fails whole, with the part and the reason, where a part cannot be read', async () => {
    const files = { 's/k=1/a.csv': 'a\n1\n', 's/k=2/b.csv': '', 'good.csv': 'a\n1\n' };
    await withFolder(files, async (folder) => {
      expect(await folder.reason('s')).toMatch(/Its part s\/k=2\/b\.csv: It is empty/);
      expect(await folder.rows('SELECT a::INTEGER FROM good')).toEqual([[1]]);
    });
  });
});
