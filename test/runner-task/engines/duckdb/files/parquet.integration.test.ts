import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { policyPython } from '../../../policy/policy-python.ts';
import { loadFolder, type LoadedFolder } from './loaded-folder.ts';

/** Parquet files as another writer makes them, of a table that Python describes. */
const write = (python: string, folder: string, code: string): void => {
  const prelude =
    'import sys, pyarrow as pa, pyarrow.parquet as pq, decimal, random\nD = decimal.Decimal\nfolder = sys.argv[1]\n';
  execFileSync(python, ['-I', '-c', prelude + code, folder], { stdio: 'pipe' });
};

describe('Parquet files of another writer', { timeout: 300_000 }, () => {
  let python: string;
  beforeAll(async () => {
    python = await policyPython();
  }, 600_000);

  const read = async <T>(code: string, ask: (folder: LoadedFolder) => Promise<T>): Promise<T> => {
    const path = mkdtempSync(join(tmpdir(), 'surveyor-parquet-'));
    write(python, path, code);
    const folder = await loadFolder(path);
    try {
      return await ask(folder);
    } finally {
      folder.close();
      rmSync(path, { recursive: true });
    }
  };
  const notes = (folder: LoadedFolder): string =>
    folder.tables.flatMap(({ notes }) => notes.map(({ kind, detail }) => `${kind}: ${detail}`)).join('\n');

  it.each([39, 50, 60, 75, 76])(
    'leave out decimals of %i digits, also within others, and read the rest',
    async (digits) => {
      const code = `
wide = pa.decimal256(${digits}, 5)
pq.write_table(pa.table({
  'id': pa.array([1, 2]),
  'wide': pa.array([D('1'), D('-3.75')], type=wide),
  'inside': pa.array([{'w': D('1')}, None], type=pa.struct([('a', pa.int64()), ('w', wide)])),
  'listed': pa.array([[D('1')], None], type=pa.list_(wide)),
  'plain': pa.array(['a', 'b']),
}), folder + '/t.parquet')`;
      await read(code, async (folder) => {
        expect(await folder.types('t')).toEqual({ id: 'BIGINT', plain: 'VARCHAR' });
        expect(await folder.rows('SELECT id::INTEGER, plain FROM t')).toEqual([
          [1, 'a'],
          [2, 'b'],
        ]);
        for (const column of ['wide', 'inside', 'listed'])
          expect(notes(folder)).toContain(
            `left_out: The column "${column}" is not read: it has decimals of more than 38 digits`,
          );
      });
    },
  );

  it('fail where nothing else is in them', async () => {
    await read(
      `pq.write_table(pa.table({'w': pa.array([D('1')], type=pa.decimal256(50, 5))}), folder + '/t.parquet')`,
      async (folder) => {
        expect(await folder.reason('t')).toMatch(/The column "w" is not read/);
      },
    );
  });

  it('keep each decimal of up to 38 digits, whatever it is stored in', async () => {
    const code = `
random.seed(7)
decimal.getcontext().prec = 80
columns, texts = {}, []
for kind in (pa.decimal128, pa.decimal256):
  for digits in (1, 5, 9, 10, 18, 19, 30, 38):
    for scale in sorted({0, digits // 2, digits}):
      number = D(random.choice([-1, 1]) * random.randrange(10 ** digits)).scaleb(-scale)
      columns[f'{kind.__name__}_{digits}_{scale}'] = pa.array([number], type=kind(digits, scale))
      texts.append(f'{number:f}')
pq.write_table(pa.table(columns), folder + '/t.parquet')
pq.write_table(pa.table({'text': texts}), folder + '/texts.parquet')`;
    await read(code, async (folder) => {
      const names = Object.keys(await folder.types('t'));
      expect(names).toHaveLength(46);
      const [values = []] = await folder.rows(`SELECT ${names.map((name) => `"${name}"::VARCHAR`).join(', ')} FROM t`);
      const texts = (await folder.rows('FROM texts')).map(([text]) => text);
      // DuckDB writes no zero before the point where a type has no room for one.
      const plain = (text: unknown): string =>
        String(text)
          .replace(/^(-?)\./, '$10.')
          .replace(/^-?0(\.0+)?$/, '0');
      expect(values.map(plain)).toEqual(texts.map(plain));
    });
  });

  it('say where nanoseconds are cut, and keep them where they can be kept', async () => {
    const code = `
n = [1700000000123456789]
pq.write_table(pa.table({
  'kept': pa.array(n, type=pa.timestamp('ns')), 'zoned': pa.array(n, type=pa.timestamp('ns', tz='UTC')),
  'time': pa.array([123456789], type=pa.time64('ns')), 'micro': pa.array([123456], type=pa.time64('us')),
}), folder + '/t.parquet')
pq.write_table(pa.table({'old': pa.array(n, type=pa.timestamp('ns'))}), folder + '/old.parquet', use_deprecated_int96_timestamps=True)`;
    await read(code, async (folder) => {
      expect(await folder.rows('SELECT kept::VARCHAR FROM t')).toEqual([['2023-11-14 22:13:20.123456789']]);
      const cut = folder.tables.map(({ table, notes }) => [table, notes.flatMap(({ columns }) => columns ?? [])]);
      expect(Object.fromEntries(cut)).toEqual({ t: ['zoned', 'time'], old: ['old'] });
    });
  });

  it('keep names that case divides, and say how they are called', async () => {
    await read(
      `pq.write_table(pa.table({'Name': [1], 'name': [2], 'NAME': [3]}), folder + '/t.parquet')`,
      async (folder) => {
        expect(await folder.rows('SELECT * FROM t')).toEqual([[1n, 2n, 3n]]);
        expect(notes(folder).match(/renamed: In the file its name is "(name|NAME)"/g)).toHaveLength(2);
      },
    );
  });
});
