import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import { Failure } from '../../../src/contracts/failure.ts';
import type { IsolationLevel } from '../../../src/contracts/isolation.ts';
import { isMissing } from '../../support/is-missing.ts';
import { jailedSession, kernelPython } from '../jail/jailed-session.ts';

const runnerTask = fileURLToPath(new URL('../../../runner-task', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'surveyor-measure-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of a file: how many lines ran, and the numbers of those that did not. */
const Report = z.record(z.string(), z.tuple([z.number(), z.array(z.number())]));

const columns = [
  ['INTEGER', ['1', null]], ['UHUGEINT', ['340282366920938463463374607431768211455', '1']], ['DOUBLE', [1.5, null]],
  ['BOOLEAN', [true, null]], ['TIMESTAMP', ['2024-01-01 10:00:00', null]], ['TIMESTAMP_NS', ['0044-03-15 (BC)', null]],
  ['INTEGER[]', ['[1]', null]], ['VARCHAR', ['a', null]],
] as const; // prettier-ignore

/** What an agent's code does on a long day. */
const cells = [
  '',
  'import matplotlib.pyplot as plt, pandas as pd\nfor _ in range(9): plt.figure(); plt.plot([1, 2])\npd.DataFrame({"a": [1]})',
  'print("x" * 10); "y" * 60_000',
  'raise ValueError("no")',
  'class Bad(Exception):\n  def __str__(self): raise RuntimeError\nraise Bad',
  'try:\n  1 / 0\nexcept ZeroDivisionError as error:\n  raise KeyError("k") from error',
  'class Shown:\n  def _repr_html_(self): return "<b>"\n  def _repr_svg_(self): return None\n  def _repr_png_(self): return (b"p", {})\n  def _repr_json_(self): raise ValueError\nShown()',
  'class Large:\n  def _repr_html_(self): return "x" * 600_000\nLarge()',
  'print(db.tables, db); db.query("SELECT everything")',
  'db.query("SELECT nothing")',
  'db.query(1)',
  'db.table("nowhere")',
  'orders = db.table("orders"); (orders.count().execute(), orders.id.execute(), db.query(orders), orders.id.name("n").to_pandas())',
  'import ibis\nibis.union(db.table("orders"), databases["other"].table("orders")).execute()',
  'import multiprocessing; multiprocessing.Lock()',
  'import sys; sys.stdout = None',
  'while True: pass',
];

const measured = async (level: IsolationLevel): Promise<z.infer<typeof Report>> => {
  const python = join(folder, `python-${level}`);
  const measure = fileURLToPath(new URL('measure.py', import.meta.url));
  writeFileSync(python, `#!/bin/sh\nexec '${await kernelPython()}' -I -B -X utf8 '${measure}' '${runnerTask}' "$@"\n`);
  chmodSync(python, 0o755);
  const tables = [
    { name: 'orders', schema: 'main', table: 'orders', columns: [{ name: 'id', type: 'BIGINT' }, { name: 'odd', type: '?' }] },
  ]; // prettier-ignore
  const session = await jailedSession(python, level, {
    databases: [
      { source: 'shop', engine: 'duckdb', tables },
      { source: 'other', engine: 'postgres', tables },
    ],
    runStatement: async ({ sql }) =>
      sql.includes('nothing')
        ? { ok: false, evidence_id: 'e0', failure: new Failure('STATEMENT_REFUSED', 'No.') }
        : {
            ok: true,
            evidence_id: 'e0',
            table: {
              columns: columns.map(([type], index) => ({ name: `c${index}`, type })),
              values: columns.map(([, values]) => values),
              rows: 2,
              truncated: true,
            },
          },
  });
  try {
    for (const code of cells) await session.cell(code, code.includes('while') ? 1 : 60);
    const { stdout } = await session.cell(
      'import sys; sys.stdout = sys.__stdout__; print(sys.modules["surveyor_measure"].report())',
    );
    return Report.parse(JSON.parse(stdout));
  } finally {
    await session.close();
  }
};

/**
 * The lines of kernel and warden that one agent’s session runs, without a jail and in the strictest. It does not see what
 * runs in processes that take no cells: the listener, the sweeper, the parser of MySQL; they have tests of their own.
 */
it.skipIf(isMissing('linux'))('cells run nine in ten lines of the kernel, and four in five of the warden', async () => {
  const runs = [await measured('process'), await measured('full')];
  const files = Object.keys(runs[0] ?? {}).map((path) => {
    const missed = runs
      .map((run) => run[path]?.[1] ?? [])
      .reduce((both, lines) => both.filter((line) => lines.includes(line)));
    const [ran = 0, left = []] = runs[0]?.[path] ?? [];
    return { file: relative(runnerTask, path), lines: ran + left.length, missed };
  });
  const share = (start: string): number => {
    const own = files.filter(({ file }) => file.startsWith(start));
    const lines = own.reduce((sum, one) => sum + one.lines, 0);
    return 1 - own.reduce((sum, one) => sum + one.missed.length, 0) / lines;
  };
  for (const { file, lines, missed } of files.filter((one) => one.missed.length > 0))
    console.log(`${file}: ${lines - missed.length} of ${lines} lines; not ${missed.join(', ')}`);
  expect(share('kernel/')).toBeGreaterThan(0.9);
  expect(share('warden/surveyor_warden/')).toBeGreaterThan(0.8);
});
