import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jailedSession, kernelPython, type JailedSession } from './jailed-session.ts';
import { isMissing } from '../../support/is-missing.ts';

const run = promisify(execFile);

/** What takes too much of the machine, and how code is told so. Where nothing limits it, it takes no real memory. */
const takings = [
  {
    name: '6 GiB in one array of numpy',
    code: 'import numpy\ntaken = numpy.empty(6 << 27).nbytes',
    held: 'MemoryError',
  },
  {
    name: '6 GiB piece by piece',
    code: 'import mmap\ntaken = len([mmap.mmap(-1, 64 << 20) for _ in range(96)])',
    held: 'OSError: [Errno 12]',
  },
  {
    name: 'a file of 300 MiB, though it holds nothing',
    code: 'import os\nwith open("f", "wb") as f: os.ftruncate(f.fileno(), 300 << 20)\ntaken = os.path.getsize("f")',
    held: 'OSError: [Errno 27]',
  },
  {
    name: '600 descriptors',
    code: 'import os\ntaken = len([os.open("/dev/null", os.O_RDONLY) for _ in range(600)])',
    held: 'OSError: [Errno 24]',
  },
] as const;

const attempt = (code: string): string => `
def attempt():
    ${code.replaceAll('\n', '\n    ')}
    return taken
try: print("got", attempt() > 0)
except (OSError, MemoryError) as error: print(f"{type(error).__name__}: {error}")`;

describe.skipIf(isMissing('linux'))('code that takes', () => {
  let python: string;
  let session: JailedSession;
  beforeAll(async () => {
    python = await kernelPython();
    // The weakest level: these are the limits' alone.
    session = await jailedSession(python, 'process', { memory_bytes: 1024 ** 3 });
  });
  afterAll(() => session?.close());

  it.each(takings)('$name is told that it may not, and keeps its state', async ({ code, held }) => {
    const { stdout, state_lost } = await session.cell(attempt(code));
    expect(stdout.slice(0, held.length)).toBe(held);
    expect(state_lost).toBe(false);
  });

  it.each(takings)('$name gets it where nothing limits it, which proves the attack real', async ({ code }) => {
    const cwd = session.folder;
    const { stdout } = await run('/bin/sh', ['-c', 'ulimit -n 1024; exec "$0" -I -c "$1"', python, attempt(code)], {
      cwd,
    });
    expect(stdout).toBe('got True\n');
  });
});
