import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runPython, startSupervisor, startTask, type ContainedSupervisor, type ContainerOptions } from './container.ts';
import { describeAttacks, type Attacked } from './describe-attacks.ts';
import { describeTask } from './describe-task.ts';
import { describeWalks } from './describe-walks.ts';
import { expectOpenFolderSwept } from './open-folder.ts';
import { isMissing } from '../support/is-missing.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };
const mostMebibytes = 1_000;

/** Every path of a tree with what changes when it is written to. */
const listing = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((path) => {
      const { mode, size, mtimeMs, ctimeMs } = lstatSync(join(folder, path));
      return [path, mode, size, mtimeMs, ctimeMs].join(' ');
    });

const startAttackedTask = async (options: ContainerOptions & { readonly data: string }): Promise<Attacked> => {
  const volume = mkdtempSync(join(tmpdir(), 'surveyor-volume-'));
  chmodSync(volume, 0o755);
  const task = await startTask(options, volume);
  return {
    call: (operation, input) => task.call(operation, input),
    kernels: task.kernels.pid,
    async end() {
      await task.end();
      rmSync(volume, { recursive: true, force: true });
    },
  };
};

describe.skipIf(isMissing('linux', 'x64', 'root', 'debian'))('the image', () => {
  /** Building takes minutes; SURVEYOR_IMAGE_ROOT names a root that is there already. */
  const given = process.env['SURVEYOR_IMAGE_ROOT'];
  let work: string;
  let options: ContainerOptions & { readonly data: string };

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'surveyor-image-'));
    if (given === undefined) {
      execFileSync('/bin/sh', [join(project, 'runner-task/image/build-root.sh'), project, work], { stdio: 'inherit' });
    }
    const data = join(work, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'orders.csv'), 'id,country,amount\n1,NO,10.5\n2,NO,4.5\n3,CH,7\n');
    options = { root: given ?? join(work, 'root'), data };
  }, 1_200_000);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  describe('its files', () => {
    it('hold no shell, no compiler and no package manager', () => {
      expect(readdirSync(join(options.root, 'usr/bin')).sort()).toEqual(['chmod', 'node', 'python3.13', 'rm']);
      expect(readdirSync(join(options.root, 'usr/sbin'))).toEqual([]);
      expect(readdirSync(join(options.root, 'opt/python/bin')).every((name) => name.startsWith('python'))).toBe(true);
      for (const name of ['pip', 'ensurepip', 'npm']) {
        expect(listing(options.root).some((line) => line.split(' ')[0]?.endsWith(`/${name}`))).toBe(false);
      }
    });

    it('belong to root, open to no one else for writing, with no setuid bit', () => {
      const wrong = listing(options.root)
        .map((line) => line.split(' ')[0] ?? '')
        .filter((path) => {
          const entry = lstatSync(join(options.root, path));
          return entry.uid !== 0 || (!entry.isSymbolicLink() && (entry.mode & 0o6022) !== 0);
        });
      expect(wrong).toEqual([]);
    });

    it('come with bills of materials that name what runs', () => {
      const names = (file: string): string[] => {
        const bill = JSON.parse(readFileSync(join(options.root, 'usr/share/sbom', file), 'utf8')) as {
          bomFormat: string;
          components: readonly { name: string; group?: string; version: string }[];
        };
        expect(bill.bomFormat).toBe('CycloneDX');
        return bill.components.map(({ name, group, version }) => `${group ? `${group}/` : ''}${name} ${version}`);
      };
      const locked = JSON.parse(readFileSync(join(project, 'runner-task/image/package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      const npm = names('npm.cdx.json');
      for (const [name, version] of Object.entries(locked.dependencies)) expect(npm).toContain(`${name} ${version}`);
      const python = names('python.cdx.json').map((line) => line.split(' ')[0]);
      expect(python).toEqual(expect.arrayContaining(['pandas', 'polars', 'ibis-framework', 'duckdb', 'matplotlib']));
      const debian = names('debian.cdx.json').map((line) => line.split(' ')[0]?.replace('debian/', ''));
      const shipped = readdirSync(join(options.root, 'var/lib/dpkg/status.d'));
      const list = readFileSync(join(project, 'runner-task/image/debian-packages.txt'), 'utf8');
      expect(shipped).toHaveLength(list.match(/\.deb$/gm)?.length ?? 0);
      expect(debian).toEqual(expect.arrayContaining(shipped));
    });

    it(`take less than ${mostMebibytes} MiB`, () => {
      const mebibytes = Number(execFileSync('du', ['-sm', options.root], { encoding: 'utf8' }).split('\t')[0]);
      console.log(`the root file system takes ${mebibytes} MiB`);
      expect(mebibytes).toBeLessThan(mostMebibytes);
    });
  });

  it('has all shared libraries that its programs and Python modules need', async () => {
    const tried = await runPython(
      options,
      `import importlib, os, subprocess, sys
for program in ("/bin/rm", "/bin/chmod", "/usr/bin/node"):
    subprocess.run([program, "--version"], check=True, stdout=subprocess.DEVNULL)
# Without a terminal, and without software that nobody asked for.
unwanted = {"_curses", "_curses_panel", "readline", "_dbm", "_gdbm", "_tkinter", "_crypt", "nis"}
folder = next(path for path in sys.path if path.endswith("lib-dynload"))
failed = []
for file in os.listdir(folder):
    name = file.split(".")[0]
    try:
        importlib.import_module(name)
    except ImportError as error:
        if name not in unwanted and "lib" in str(error):
            failed.append(f"{name}: {error}")
print(failed)`,
    );
    expect(tried).toBe('[]');
  });

  it('cannot be written to by root in the container', async () => {
    const tried = await runPython(
      options,
      `import errno, json, os
answers = {}
for path in ("/new", "/opt/new", "/opt/surveyor/new", "/usr/new", "/etc/new", "/run/new", "/run/surveyor/data/new", "/tmp/new", "/run/surveyor/new"):
    try:
        open(path, "w").close()
        answers[path] = "written"
    except OSError as error:
        answers[path] = errno.errorcode[error.errno]
print(json.dumps(answers))`,
    );
    expect(JSON.parse(tried)).toEqual({
      '/new': 'EROFS',
      '/opt/new': 'EROFS',
      '/opt/surveyor/new': 'EROFS',
      '/usr/new': 'EROFS',
      '/etc/new': 'EROFS',
      '/run/new': 'EROFS',
      '/run/surveyor/data/new': 'EROFS',
      '/tmp/new': 'EROFS',
      '/run/surveyor/new': 'written',
    });
  });

  it('has in the container what Fargate leaves: these capabilities, this network, new privileges not denied', async () => {
    const status = await runPython(
      options,
      `import os
print(*[line.strip() for line in open("/proc/self/status") if line.startswith(("CapPrm", "CapBnd", "NoNewPrivs"))])
print(*sorted(os.listdir("/sys/class/net")))`,
    );
    expect(status.replaceAll(/\s+/g, ' ')).toBe('CapPrm: 00000000a80425fb CapBnd: 00000000a80425fb NoNewPrivs: 0 lo');
  });

  describe('a run in the container', () => {
    let before: string[];
    let supervisor: ContainedSupervisor;
    beforeAll(async () => {
      before = listing(options.root);
      supervisor = await startSupervisor(options);
      await supervisor.call('open', { source: 'shop', target: { engine: 'files', path: '/run/surveyor/data' } });
    });
    afterAll(() => supervisor.end());

    const python = async (code: string) =>
      (await supervisor.call('execute_python', { agent: 'cataloging', code, seconds: 60 })).cell;

    it('runs SQL', async () => {
      const sql = 'SELECT country, sum(amount) FROM orders GROUP BY country ORDER BY country';
      const { table } = await supervisor.call('execute_sql', { source: 'shop', sql, limits, origin: 'tool' });
      expect(table.values).toEqual([
        ['CH', 'NO'],
        [7, 15],
      ]);
    });

    it('gives Python the full jail, without a privilege that Fargate withholds', async () => {
      const { isolation, python: version } = await supervisor.call('start_session', {
        agent: 'cataloging',
        statement_limit: 10,
      });
      console.log(`Python ${version}; ${isolation}`);
      expect(version).toMatch(/^3\.13\./);
      expect(isolation).toMatch(/^full: .*own user.*system call filter/);
    });

    it('runs pandas, polars and ibis on the database', async () => {
      const cell = await python(`import polars as pl
frame = db.query("SELECT * FROM orders")
table = db.table("orders")
by_country = db.execute(table.group_by("country").agg(total=table.amount.sum()).order_by("country"))
print(frame.amount.sum(), pl.from_pandas(frame).height, by_country.total.tolist())`);
      expect(cell.error).toBeUndefined();
      expect(cell.stdout).toBe('22.0 3 [7.0, 15.0]\n');
    });

    it('draws a figure with the fonts of the image', async () => {
      const cell = await python(`import matplotlib.pyplot as plt
plt.plot([1, 2, 3]); plt.title("orders")
None`);
      expect([cell.error, cell.stdout]).toEqual([undefined, '']);
      const png = cell.outputs.find(({ mime }) => mime === 'image/png');
      expect(
        Buffer.from(png?.data ?? '', 'base64')
          .subarray(1, 4)
          .toString(),
      ).toBe('PNG');
    });

    it('computes with numpy, pyarrow and duckdb as libraries', async () => {
      const cell = await python(`import numpy as np, pyarrow as pa, pyarrow.parquet as pq
pq.write_table(pa.table({"n": np.arange(5)}), "n.parquet")
print(np.linalg.norm([3, 4]), pq.read_table("n.parquet").num_rows)`);
      expect(cell.error).toBeUndefined();
      expect(cell.stdout).toBe('5.0 5\n');
    });

    it('lets the code read nothing but its libraries and reach no one', async () => {
      const cell = await python(`import os, socket
for attempt in (lambda: os.listdir("/run/surveyor/sandbox"), lambda: open("/proc/1/environ").read(),
                lambda: socket.socket(), lambda: os.kill(1, 0), lambda: open("/run/surveyor/new", "w")):
    try:
        attempt(); print("got through")
    except OSError as error:
        print(type(error).__name__)`);
      expect(cell.stdout.trim().split('\n')).toEqual(Array<string>(5).fill('PermissionError'));
    });

    it('ends the session and leaves nothing of it', async () => {
      await supervisor.call('end_session', {});
      const folder = `/proc/${supervisor.pid}/root/run/surveyor`;
      expect(readdirSync(folder).sort()).toEqual(['data', 's', 'sandbox']);
      expect(readdirSync(join(folder, 'sandbox')).filter((name) => name.startsWith('workspace'))).toEqual([]);
    });

    it('writes on tmpfs alone', () => {
      const writable = readFileSync(`/proc/${supervisor.pid}/mountinfo`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' '))
        .filter((fields) => fields[5]?.split(',').includes('rw'))
        .map((fields) => fields[fields.indexOf('-') + 1]);
      expect(new Set(writable)).toEqual(new Set(['proc', 'tmpfs']));
      expect(listing(options.root)).toEqual(before);
    });
  });

  describeTask(() => options);

  describeAttacks('in one container with the supervisor', async () => {
    const supervisor = await startSupervisor(options);
    return { ...supervisor, kernels: supervisor.pid };
  });
  describeAttacks('in a container of kernels', () => startAttackedTask(options));
  describeAttacks(
    'in a container of kernels, where the system has no Landlock',
    () => startAttackedTask({ ...options, landlock: false }),
    // It can, while its session lasts; see what removes it. And arguments are open to all, so no secret is in them.
    { except: ['leaves something in shared memory', "reads the supervisor's arguments"] },
  );

  describeWalks('in a container of kernels', () => options);
  describeWalks('in a container of kernels, where the system has no Landlock', () => ({ ...options, landlock: false }));

  const withSession = async <T>(
    more: Partial<ContainerOptions>,
    work: (isolation: string, supervisor: ContainedSupervisor) => T | Promise<T>,
  ): Promise<T> => {
    const supervisor = await startSupervisor({ ...options, ...more });
    try {
      const { isolation } = await supervisor.call('start_session', { agent: 'cataloging', statement_limit: 1 });
      return await work(isolation, supervisor);
    } finally {
      await supervisor.end();
    }
  };
  const isolationOf = (more: Partial<ContainerOptions>): Promise<string> => withSession(more, (isolation) => isolation);

  it('gives Python the full jail where the system has no Landlock, and removes what it left in open folders', async () => {
    await withSession({ landlock: false }, async (isolation, supervisor) => {
      console.log(`without Landlock: ${isolation}`);
      expect(isolation).toMatch(/^full: (?!.*Landlock)/);
      await expectOpenFolderSwept(supervisor);
    });
  });

  it('says that the jail is a weaker one where the supervisor is not root', async () => {
    const isolation = await isolationOf({ user: 10_001 });
    console.log(`as user 10001: ${isolation}`);
    expect(isolation).toMatch(/^seccomp: /);
    expect(await isolationOf({ user: 10_001, landlock: false })).toMatch(/^process: /);
  });
});
