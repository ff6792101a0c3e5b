import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { supervisorUser } from '../../lib/sandbox/sandbox-containers.ts';
import { runPython, startTask, type ContainerOptions, type Task } from './container.ts';
import { expectOpenFolderSwept } from './open-folder.ts';

/** What a user that no one else is gets at, as the one that a kernel becomes: none of the jail but the user. */
const kernelUser = 1_900_000_001;
const limits = { rows: 1_000, bytes: 1_000_000, seconds: 20 };

const statusOf = (pid: number, field: string): string =>
  new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

/** The processes that one has started, seen from outside. */
const childrenOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

/** A task of two containers from one image: the supervisor with the databases, and kernels with nothing. */
export const describeTask = (optionsOf: () => ContainerOptions & { readonly data: string }): void => {
  describe('as two containers of a task', () => {
    let task: Task;
    let volume: string;
    const start = async (more: Partial<ContainerOptions> = {}): Promise<void> => {
      volume = mkdtempSync(join(tmpdir(), 'surveyor-volume-'));
      chmodSync(volume, 0o755);
      chownSync(volume, more.user ?? 0, 0);
      task = await startTask({ ...optionsOf(), ...more }, volume);
      await task.call('open', { source: 'shop', target: { engine: 'files', path: '/run/surveyor/data' } });
    };
    const stop = async (): Promise<void> => {
      await task?.end();
      rmSync(volume, { recursive: true, force: true });
    };
    const session = async () => task.call('start_session', { agent: 'cataloging', statement_limit: 10 });
    const python = async (code: string, seconds = 60) =>
      (await task.call('execute_python', { agent: 'cataloging', code, seconds })).cell;

    describe('a run', () => {
      beforeAll(() => start());
      afterAll(stop);

      it('has a supervisor without any privilege and kernels with five, in name spaces of their own but one network', () => {
        const { pid, kernels } = task;
        expect([statusOf(pid, 'Uid'), statusOf(pid, 'CapBnd')]).toEqual([String(supervisorUser), '0000000000000000']);
        expect([statusOf(kernels.pid, 'Uid'), statusOf(kernels.pid, 'CapBnd')]).toEqual(['0', '00000000000000e3']);
        const shared = ['net', 'pid', 'mnt', 'ipc'].filter(
          (name) => readlinkSync(`/proc/${pid}/ns/${name}`) === readlinkSync(`/proc/${kernels.pid}/ns/${name}`),
        );
        expect(shared).toEqual(['net']);
      });

      it('runs SQL', async () => {
        const sql = 'SELECT country, sum(amount) FROM orders GROUP BY country ORDER BY country';
        const { table } = await task.call('execute_sql', { source: 'shop', sql, limits, origin: 'tool' });
        expect(table.values).toEqual([
          ['CH', 'NO'],
          [7, 15],
        ]);
      });

      it('gives Python the full jail', async () => {
        const { isolation } = await session();
        console.log(`in a container of its own: ${isolation}`);
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

      it('draws a figure', async () => {
        const cell = await python('import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.title("orders")\nNone');
        expect(cell.error).toBeUndefined();
        const png = Buffer.from(cell.outputs.find(({ mime }) => mime === 'image/png')?.data ?? '', 'base64');
        expect(png.subarray(1, 4).toString()).toBe('PNG');
      });

      it('passes files in both directions', async () => {
        const content_base64 = Buffer.from('n\n1\n2\n').toString('base64');
        await task.call('write_file', { name: 'given.csv', content_base64 });
        const cell = await python(`frame = pd.read_csv("given.csv")
with open("given.csv", "a") as file: file.write("3\\n")
import os
os.mkdir("below")
frame.to_csv("below/made.csv", index=False)`);
        expect(cell.error).toBeUndefined();
        const read = async (name: string) =>
          Buffer.from((await task.call('read_artifact', { name })).content_base64, 'base64').toString();
        expect([await read('given.csv'), await read('below/made.csv')]).toEqual(['n\n1\n2\n3\n', 'n\n1\n2\n']);
        await task.call('write_file', { name: 'given.csv', content_base64 });
        expect(await read('given.csv')).toBe('n\n1\n2\n');
      });

      it('interrupts a cell that does not end, and keeps its variables', async () => {
        const { error, state_lost } = await python('kept = 42\nwhile True: pass', 1);
        expect([error?.kind, state_lost]).toEqual(['RUNNER_TIMEOUT', false]);
        expect((await python('kept')).result).toBe('42');
      });

      it('kills a cell that ignores interrupts, and one that stops itself', async () => {
        const stubborn = 'while True:\n    try:\n        while True: pass\n    except BaseException: pass';
        for (const code of [
          `import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n${stubborn}`,
          'import os, signal; os.kill(os.getpid(), signal.SIGSTOP)',
        ]) {
          const { error, state_lost } = await python(code, 1);
          expect([error?.kind, state_lost]).toEqual(['RUNNER_TIMEOUT', true]);
        }
      });

      it('gives a cell no more memory than it may have', async () => {
        const { error, state_lost } = await python(`held = []
while True: held.append(bytearray(b"x" * (64 << 20)))`);
        // Pages of libraries are in memory too: with them it is killed before, or told by the system.
        expect([
          ['RUNNER_MEMORY', true],
          ['MemoryError', false],
        ]).toContainEqual([error?.name, state_lost]);
      });

      it('says that the disk is full where a workspace would hold too much, in a folder that only its code may read', async () => {
        const { error, state_lost } = await python(`import os
os.mkdir("hidden", 0o700)
for n in range(20):
    with open(f"hidden/{n}", "wb") as file: file.write(bytes(64 << 20))`);
        expect([state_lost, error?.message]).toEqual([false, expect.stringContaining('No space left')]);
        expect((await python('import shutil; shutil.rmtree("hidden"); os.listdir(".")')).result).not.toContain(
          'hidden',
        );
      });

      it('shows the kernels’ container nothing of the supervisor, though its root had all capabilities', () => {
        const seen = execFileSync(
          'nsenter',
          ['--target', String(task.kernels.pid), '--mount', '--pid', '--', '/opt/python/bin/python', '-I', '-c']
            .concat(`
import os
names = sorted({open(f"/proc/{pid}/comm").read().strip() for pid in os.listdir("/proc") if pid.isdigit()})
tried = []
for path in ("environ", "mem", "root", "maps"):
    try: open(f"/proc/${task.pid}/{path}")
    except OSError as error: tried.append(type(error).__name__)
print(*names, *tried)`),
          { encoding: 'utf8' },
        );
        expect(seen.trim()).toBe(`python${' FileNotFoundError'.repeat(4)}`);
      });

      it('lets jailed code reach neither the listener, nor the supervisor, nor another workspace', async () => {
        const cell = await python(`import os, socket
attempts = [lambda: socket.socket(socket.AF_UNIX), lambda: socket.socket(socket.AF_INET)]
for path in ("/run/surveyor", "/run/surveyor/sandbox", "/run/surveyor/workspaces", "/run/surveyor/spare", "/run/surveyor/data"):
    attempts.append(lambda path=path: os.listdir(path))
for attempt in attempts:
    try: attempt(); print("got through")
    except OSError as error: print(type(error).__name__)`);
        expect(cell.stdout.trim().split('\n')).toEqual(Array<string>(7).fill('PermissionError'));
      });

      it('has files that close listener, supervisor and workspaces to a kernel’s user, also without its jail', async () => {
        const code = `import glob, os, socket
def connect(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        s.settimeout(5)
        return "sent away" if s.recv(1) == b"" else "answered"
for attempt in (lambda: connect("/run/surveyor/kernels.socket"), lambda: os.listdir("/run/surveyor/workspaces"),
                lambda: os.listdir("/run/surveyor/workspaces/${readdirSync(join(volume, 'workspaces'))[0]}"),
                lambda: os.listdir("/run/surveyor/sandbox")):
    try: print(attempt())
    except (OSError, TimeoutError) as error: print(type(error).__name__)`;
        const options = { root: optionsOf().root, volume, network_of: task.kernels.pid, capabilities: [] };
        const refused = Array<string>(4).fill('PermissionError');
        expect((await runPython({ ...options, user: kernelUser }, code)).split('\n')).toEqual(refused);
        // Were the socket open to everyone, the listener would still ask who is there.
        chmodSync(join(volume, 'kernels.socket'), 0o666);
        const [answer] = (await runPython({ ...options, user: kernelUser }, code)).split('\n');
        chmodSync(join(volume, 'kernels.socket'), 0o660);
        expect(answer).toBe('sent away');
        // The supervisor's user gets in, where it is waited for: what is tried can succeed.
        const [waited] = (await runPython({ ...options, user: supervisorUser }, code)).split('\n');
        expect(['TimeoutError', 'sent away']).toContain(waited);
      });

      it('ends the session and leaves nothing of it', async () => {
        await task.call('end_session', {});
        expect(readdirSync(join(volume, 'workspaces'))).toEqual([]);
        // The one that waits for the next session, and the watch beside it.
        await vi.waitFor(() => expect(childrenOf(task.kernels.pid)).toHaveLength(2));
      });
    });

    describe('when a part of it is gone', () => {
      afterEach(stop);

      it('says that the process is lost, and then that there is none, when the listener is killed', async () => {
        await start();
        await session();
        const running = python('import time\nprint("begun")\ntime.sleep(60)');
        await vi.waitFor(() => expect(childrenOf(task.kernels.pid)).toHaveLength(4));
        process.kill(task.kernels.pid, 'SIGKILL');
        const { error, state_lost } = await running;
        expect([error?.kind, state_lost]).toEqual(['SANDBOX_LOST', true]);
        await expect(python('1')).rejects.toMatchObject({ kind: 'SANDBOX_UNAVAILABLE' });
        await expect(session()).rejects.toMatchObject({ kind: 'SANDBOX_UNAVAILABLE' });
        const sql = { source: 'shop', sql: 'SELECT 1', limits, origin: 'tool' } as const;
        expect((await task.call('execute_sql', sql)).table.values).toEqual([[1]]);
      });

      it('has no kernel and no workspace left when the supervisor is killed', async () => {
        await start();
        await session();
        const running = python('open("left", "w").close()\nwhile True: pass').catch((error: unknown) => error);
        const workspaces = join(volume, 'workspaces');
        await vi.waitFor(() => expect(readdirSync(workspaces, { recursive: true })).toHaveLength(2), 20_000);
        expect(childrenOf(task.kernels.pid)).toHaveLength(4);
        process.kill(task.pid, 'SIGKILL');
        expect(await running).toMatchObject({ kind: 'SANDBOX_LOST' });
        await vi.waitFor(() => expect(childrenOf(task.kernels.pid)).toEqual([]), 20_000);
        await vi.waitFor(() => expect(readdirSync(workspaces)).toEqual([]), 20_000);
      });
    });

    it('gives Python the full jail where the system has no Landlock, and removes what it left in open folders', async () => {
      await start({ landlock: false });
      try {
        const { isolation } = await session();
        console.log(`in a container of its own, without Landlock: ${isolation}`);
        expect(isolation).toMatch(/^full: (?!.*Landlock)/);
        await expectOpenFolderSwept(task);
      } finally {
        await stop();
      }
    });

    it('says that the jail is a weaker one where the kernels are not root, and works all the same', async () => {
      await start({ user: supervisorUser });
      try {
        const { isolation } = await session();
        console.log(`in a container of its own, as user ${supervisorUser}: ${isolation}`);
        expect(isolation).toMatch(/^seccomp: /);
        await python('open("made", "w").write("x")');
        expect((await task.call('read_artifact', { name: 'made' })).bytes).toBe(1);
        expect((await python('while True: pass', 1)).state_lost).toBe(false);
        const { state_lost, error } = await python('import os; os.mkdir("locked"); os.chmod("locked", 0)');
        expect([state_lost, error?.message]).toEqual([true, expect.stringContaining('cannot be looked at')]);
        await task.call('end_session', {});
        expect(readdirSync(join(volume, 'workspaces'))).toEqual([]);
      } finally {
        await stop();
      }
    });
  });
};
