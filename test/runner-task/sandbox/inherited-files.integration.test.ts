import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { connectKernels } from '../../../runner-task/supervisor/connect-kernel.ts';
import { kernelPython } from '../jail/jailed-session.ts';
import { isMissing } from '../../support/is-missing.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Opens a file at the numbers 200 and 700 and leaves it open to a program, as an init system or a shell may. */
const leaveOpen = `
import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
opened = os.open(sys.argv[1], os.O_RDONLY)
for number in (200, 700): os.dup2(opened, number, inheritable=True)
os.execv(sys.argv[2], sys.argv[2:])`;

describe.skipIf(isMissing('linux'))('a file that whoever starts the service has left open', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-inherited-'));
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'secret', { mode: 0o600 });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (program: readonly string[]): string =>
    execFileSync('/usr/bin/python3', ['-I', '-c', leaveOpen, secret, ...program], { encoding: 'utf8' });
  const whoHas = (pids: readonly number[]): readonly number[] =>
    pids.filter((pid) => readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === secret));
  const linkOf = (path: string): string => {
    try {
      return readlinkSync(path);
    } catch {
      return '';
    }
  };
  const below = (pid: number): readonly number[] => {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      execFileSync('cat', [`/proc/${pid}/task/${thread}/children`], { encoding: 'utf8' })
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
    return [pid, ...children.flatMap(below)];
  };

  it('is there for a program that does not close it, which proves the test real', () => {
    expect(run(['/bin/cat', '/proc/self/fd/200'])).toBe('secret');
    expect(run([process.execPath, '-p', 'require("fs").readFileSync(200, "utf8")'])).toBe('secret\n');
  });

  it('is closed in the supervisor, the databases and the kernels that it starts', async () => {
    const settings = {
      token_sha256: '0'.repeat(64),
      listen: { socket: join(folder, 's') },
      folder: join(folder),
      python: await kernelPython(),
      kernel: project('runner-task/kernel'),
      database_memory_bytes: 1024 ** 3,
      kernel_memory_bytes: 1024 ** 3,
      lease_seconds: 60,
      isolation_at_least: 'process',
    };
    const supervisor = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      project('runner-task/supervisor/main.ts'),
    ];
    const child = spawn('/usr/bin/python3', ['-I', '-c', leaveOpen, secret, ...supervisor], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.write(`${JSON.stringify(settings)}\n`);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const processes = below(child.pid ?? 0);
    // The supervisor, a database, a kernel and the watch over it.
    expect(processes.length).toBeGreaterThanOrEqual(4);
    await expect.poll(() => whoHas(processes)).toEqual([]);
    child.stdin.end();
    await lines.return?.();
  });

  it('is closed in the listener of a container of kernels, its kernels and the watches over them', async () => {
    const python = await kernelPython();
    const volume = mkdtempSync(join(folder, 'volume-'));
    const program = [python, '-I', '-B', project('runner-task/warden/listen.py'), volume, String(process.getuid?.())];
    const child = spawn('/usr/bin/python3', ['-I', '-c', leaveOpen, secret, ...program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: child.stdout }), 'line');
    const host = connectKernels(join(volume, 'kernels.socket'));
    const kernel = host.startKernel({ at_most: 'process', memory_bytes: 1024 ** 3 });
    await expect.poll(() => kernel.pid, { timeout: 20_000 }).toBeDefined();
    const processes = below(child.pid ?? 0);
    expect(processes).toHaveLength(3);
    await expect.poll(() => whoHas(processes)).toEqual([]);
    kernel.kill();
    await kernel.ended;
    child.kill();
  });

  it('makes the jail refuse to serve where it is not closed', async () => {
    const python = await kernelPython();
    const code = `import sys; sys.path.insert(0, ${JSON.stringify(project('runner-task/warden'))}); from surveyor_warden.self_attack import ON_CALLS
try: ON_CALLS["use a descriptor that it was not given"]()
except OSError as error: print("held")
else: print("got through")`;
    expect(run([python, '-I', '-c', code])).toBe('got through\n');
    expect(execFileSync(python, ['-I', '-c', `import os; os.closerange(3, 1024)\n${code}`], { encoding: 'utf8' })).toBe(
      'held\n',
    );
  });
});
