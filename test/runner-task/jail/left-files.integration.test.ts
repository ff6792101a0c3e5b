import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepLeftFiles } from '../../../runner-task/supervisor/sweep-left-files.ts';
import { kernelPython } from './jailed-session.ts';
import { isMissing } from '../../support/is-missing.ts';

const kernel = fileURLToPath(new URL('../../../runner-task/kernel', import.meta.url));

// Numbers that kernels get; no process has them.
const user = 1_900_000_000 + (process.pid % 100_000);
const places = ['/tmp', '/var/tmp', '/dev/shm'].filter((place) => existsSync(place));

describe.skipIf(isMissing('root'))('what kernels have left outside of their workspaces', () => {
  let python: string;
  let folder: string;
  const name = `surveyor-left-${process.pid}`;
  const asUser = (uid: number, code: string) =>
    execFileSync('/usr/bin/env', ['python3', '-I', '-c', code], { uid, gid: uid, cwd: '/' });
  beforeAll(async () => {
    python = await kernelPython();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'surveyor-swept-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const place of places) rmSync(join(place, name), { recursive: true, force: true });
  });
  const sweep = () => sweepLeftFiles({ python, kernel });

  it('is removed from every folder that is open to all, locked folders and odd names too', async () => {
    for (const place of places) {
      asUser(
        user,
        `
import os
top = ${JSON.stringify(join(place, name))}
os.makedirs(top + "/a/b"); os.symlink("/etc", top + "/a/link")
for odd in (b"\\xff", b"a\\nb", b"-rf"): open(os.fsencode(top) + b"/a/b/" + odd, "w").close()
os.chmod(top + "/a/b", 0); os.chmod(top + "/a", 0)`,
      );
      expect(lstatSync(join(place, name)).uid).toBe(user);
    }
    await sweep();
    expect(places.filter((place) => existsSync(join(place, name)))).toEqual([]);
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('is removed where one user has put something into the open folder of another', async () => {
    const place = places.at(-1) as string;
    const path = JSON.stringify(join(place, name));
    asUser(user, `import os\nos.mkdir(${path}); os.chmod(${path}, 0o777)`);
    asUser(user + 1, `import os\nos.mkdir(${path} + "/b", 0o700); open(${path} + "/b/c", "w").close()`);
    await sweep();
    expect(existsSync(join(place, name))).toBe(false);
  });

  it('is removed to the last of thousands', async () => {
    const place = places.at(-1) as string;
    asUser(user, `import os\nfor n in range(3_000): os.mkdir(f${JSON.stringify(`${join(place, name)}-{n}`)})`);
    await sweep();
    expect(existsSync(join(place, `${name}-0`))).toBe(false);
    expect(existsSync(join(place, `${name}-2999`))).toBe(false);
  });

  it('is removed where a link leads to it, and nothing behind the link', async () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'kept');
    const [place] = places as [string];
    asUser(user, `import os\nos.symlink(${JSON.stringify(folder)}, ${JSON.stringify(join(place, name))})`);
    await sweep();
    expect(() => lstatSync(join(place, name))).toThrow('ENOENT');
    expect(existsSync(secret)).toBe(true);
  });

  it('stays while its user has a process, and where it is of no kernel', async () => {
    const [place] = places as [string];
    const path = join(place, name);
    mkdirSync(path, { mode: 0o700 });
    await sweep();
    expect(existsSync(path)).toBe(true);
    rmSync(path, { recursive: true });

    // It runs the sweep itself, as root, while the process of the user waits for its end.
    const code = `
import os, subprocess
them = {"user": ${user}, "group": ${user}, "extra_groups": []}
subprocess.run(["/bin/mkdir", "${path}"], check=True, **them)
waiting = subprocess.Popen(["/bin/cat"], stdin=subprocess.PIPE, **them)
subprocess.run(["${python}", "-I", "-S", "-B", "${join(kernel, '../warden/sweep.py')}"], check=True)
print(os.path.isdir("${path}"))
waiting.communicate()`;
    expect(execFileSync('/usr/bin/env', ['python3', '-I', '-c', code], { encoding: 'utf8', cwd: '/' })).toBe('True\n');
    await sweep();
    expect(existsSync(path)).toBe(false);
  });
});
