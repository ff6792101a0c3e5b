import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IsolationLevel } from '../../../src/contracts/isolation.ts';
import { isAtLeast, isolationLevel } from '../../../runner-task/supervisor/isolation.ts';
import { jailedSession, kernelPython, type JailedSession } from './jailed-session.ts';
import { leaveOut } from '../../support/is-missing.ts';

const levels: readonly IsolationLevel[] = ['full', 'seccomp'];
const seconds = 120;

describe.each(levels)('in the jail of the level "%s"', (level) => {
  let session: JailedSession;
  beforeAll(async () => {
    session = await jailedSession(await kernelPython(), level, { memory_bytes: 4 * 1024 ** 3 });
    if (!isAtLeast(isolationLevel(session.isolation()), level))
      leaveOut('jail', `the level "${level}"; here is ${session.isolation()}`);
  });
  afterAll(() => session?.close());

  /** What code prints, and how it failed if it did. */
  const printed = async (code: string): Promise<string> => {
    const { stdout, error } = await session.cell(code, seconds);
    return `${stdout}${error ? `${error.name}: ${error.message}` : ''}`;
  };

  it('the first plot warns of nothing, leaves nothing, and takes the fonts that were found before', async () => {
    const cell = await session.cell(
      `
import logging, os, sys
heard = []
class Heard(logging.Handler):
    def emit(self, record): heard.append(record.getMessage())
logging.getLogger("matplotlib.font_manager").addHandler(Heard())
logging.getLogger("matplotlib.font_manager").setLevel(logging.DEBUG)
import matplotlib.pyplot as plt
plt.plot([1, 2, 3])
searched = any("generated new" in text or "Could not save" in text for text in heard)
print(os.listdir("."), searched, "MATPLOTLIBRC" in os.environ)`,
      seconds,
    );
    expect(cell.stdout).toBe('[] False False\n');
    expect(cell.outputs).toEqual([{ mime: 'image/png', data: expect.stringMatching(/^iVBORw0KGgo/) as string }]);
  });

  it('matplotlib writes PNG, SVG and PDF', async () => {
    const code = `
import io, matplotlib.pyplot as plt, numpy as np
figure, axes = plt.subplots(2, 2)
axes[0, 0].hist(np.random.default_rng(1).standard_normal(10_000), 50); axes[0, 1].imshow(np.eye(50))
axes[1, 0].set_title(r"Größe $\\frac{a}{b}$"); axes[1, 1].scatter(range(500), range(500))
def saved(format):
    data = io.BytesIO(); figure.savefig(data, format=format); return data.getvalue()[:4]
print([saved(format) for format in ("png", "svg", "pdf")])
plt.close("all")`;
    expect(await printed(code)).toBe(`[b'\\x89PNG', b'<?xm', b'%PDF']\n`);
  });

  it('numpy solves a system of 2,000 equations, and decomposes', async () => {
    const code = `
import numpy as np
a = np.random.default_rng(1).standard_normal((2000, 2000))
print(np.allclose(np.linalg.solve(a, a @ np.ones(2000)), 1, atol=1e-6))
u, s, v = np.linalg.svd(a[:300, :300]); print(np.allclose(u * s @ v, a[:300, :300]))
print(np.allclose(np.fft.irfft(np.fft.rfft(a[0])), a[0]))`;
    expect(await printed(code)).toBe('True\nTrue\nTrue\n');
  });

  it('polars groups five million rows, and streams them from a file', async () => {
    const code = `
import polars as pl
rows = 5_000_000
frame = pl.DataFrame({"key": pl.int_range(rows, eager=True) % 1000, "value": pl.int_range(rows, eager=True)})
sums = frame.lazy().group_by("key").agg(pl.col("value").sum()).collect()
print(sums.height, sums["value"].sum() == rows * (rows - 1) // 2)
frame.write_parquet("rows.parquet")
print(pl.scan_parquet("rows.parquet").group_by("key").len().collect(engine="streaming")["len"].sum())`;
    expect(await printed(code)).toBe('1000 True\n5000000\n');
  });

  it('duckdb computes in memory, on frames, and in files of the workspace', async () => {
    const code = `
import duckdb
local = duckdb.connect()
print(local.sql("SELECT count(*), sum(x)::BIGINT FROM range(5000000) t(x)").fetchall())
frame = pd.DataFrame({"key": [1, 1, 2], "value": [1.5, 2.5, 3.0]})
print(duckdb.sql("SELECT key, sum(value) AS total FROM frame GROUP BY key ORDER BY key").df().values.tolist())
kept = duckdb.connect("kept.duckdb"); kept.sql("CREATE TABLE t AS SELECT 42 AS answer"); kept.close()
print(duckdb.connect("kept.duckdb").sql("FROM t").fetchall())`;
    expect(await printed(code)).toBe('[(5000000, 12499997500000)]\n[[1.0, 4.0], [2.0, 3.0]]\n[(42,)]\n');
  });

  it('pandas and pyarrow group, join, and read what they wrote', async () => {
    const code = `
import numpy as np, pyarrow.dataset as ds, pyarrow.csv as pc
frame = pd.DataFrame({"key": np.arange(1_000_000) % 1000, "value": np.arange(1_000_000.0)})
print(frame.groupby("key").value.agg(["mean", "std"]).shape, frame.merge(frame.drop_duplicates("key"), on="key").shape)
frame.to_parquet("frame.parquet"); frame.head(1000).to_csv("frame.csv", index=False)
print(ds.dataset("frame.parquet").to_table(filter=ds.field("key") == 7).num_rows, pc.read_csv("frame.csv").num_rows)
print(pd.Series(pd.to_datetime(["2020-07-01"])).dt.tz_localize("Europe/Berlin").dt.tz_convert("UTC")[0])`;
    expect(await printed(code)).toBe('(1000, 2) (1000000, 3)\n1000 1000\n2020-06-30 22:00:00+00:00\n');
  });

  it('ibis compiles for each engine', async () => {
    const code = `
table = ibis.table({"kind": "string", "price": "float64"}, name="orders")
expression = table.group_by("kind").agg(total=table.price.sum(), rows=table.count()).order_by(ibis.desc("total"))
for dialect in ("duckdb", "postgres", "mysql", "sqlite"): print(str(ibis.to_sql(expression, dialect=dialect)).count("SUM("))`;
    expect(await printed(code)).toBe('1\n1\n1\n1\n');
  });

  it('pools of threads work, and one of processes says why it does not', async () => {
    const code = `
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import Pool, ThreadPool
with ThreadPoolExecutor(16) as pool: print(sum(pool.map(lambda n: n * n, range(100))))
with ThreadPool(4) as pool: print(sum(pool.map(abs, range(100))))
try: Pool(2)
except PermissionError as error: print(type(error).__name__, error.strerror)`;
    expect(await printed(code)).toBe('328350\n4950\nPermissionError Operation not permitted\n');
  });
});
