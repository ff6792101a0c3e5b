import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jailedSession, kernelPython, type JailedSession } from './jailed-session.ts';
import type { IsolationLevel } from '../../../src/contracts/isolation.ts';

/** Code that speaks to the supervisor beside the kernel. */
const forge = `
import json, os, secrets, struct, threading, time
def send(message): 
    body = json.dumps(message).encode()
    os.write(3, struct.pack(">I", len(body)) + body)
def cell(**more): return {"type": "cell", "id": 1, "result": "forged", "outputs": [], "error": None, **more}
`;

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Where a kernel runs: as a child of this process or of a listener, and in which jail. */
export type Host = { readonly connected: boolean; readonly level: IsolationLevel; readonly where: string };

/** What a hostile kernel sends, takes and leaves: none of it may reach further than its own session. */
export const describeProtocol = ({ connected, level, where }: Host): void => {
  describe(`what a hostile kernel, ${where}, sends, takes and leaves`, () => {
    let session: JailedSession;
    beforeAll(async () => {
      session = await jailedSession(await kernelPython(), level, { statement_limit: 20, connected });
    });
    beforeEach(() => session.reset());
    afterAll(() => session?.close());

    const works = async (): Promise<void> => expect((await session.cell('6 * 7')).result).toBe('42');

    describe('messages', () => {
      it.each([
        ['no JSON', 'os.write(3, struct.pack(">I", 4) + b"{no}")'],
        ['a message of 4 GiB', 'os.write(3, b"\\xff" * 64)'],
        ['a message just above the limit', 'os.write(3, struct.pack(">I", 32 * 1024 * 1024 + 1))'],
        ['lists in lists in lists', 'body = b"[" * 100_000; os.write(3, struct.pack(">I", len(body)) + body)'],
        [
          'many small objects',
          'body = b"[" + b"{}," * 4_000_000; os.write(3, struct.pack(">I", 1 << 20) + body[:1 << 20])',
        ],
        ['an unknown type', 'send({"type": "open"})'],
        ['an unknown field', 'send(cell(evidence_id="e1"))'],
        ['a second hello', 'send({"type": "hello", "python": "3", "isolation": "full: forged"})'],
        ['a second begun', 'send({"type": "begun"})'],
      ])('end the process: %s', async (_, code) => {
        const { error, state_lost } = await session.cell(`${forge}\n${code}\ntime.sleep(20)`);
        expect([state_lost, error?.kind]).toEqual([true, 'SANDBOX_LOST']);
        await works();
      });

      it('are not taken for the result of a cell whose number they do not know', async () => {
        const { result, error } = await session.cell(
          `${forge}\nfor n in range(1, 200): send(cell(id=n))\nfor _ in range(200): send(cell(id=secrets.randbits(48)))\n"real"`,
        );
        expect([result, error]).toEqual([`'real'`, undefined]);
      });

      it('are taken for it by its number, which code can read in the loop: nothing of a cell is promised', async () => {
        const { result } = await session.cell(`${forge}
import sys
frame = sys._getframe()
while "order" not in frame.f_locals: frame = frame.f_back
send(cell(id=frame.f_locals["order"]["id"]))`);
        expect(result).toBe('forged');
        await works();
      });

      it('that are half sent hold up their own cell alone', async () => {
        const half = await session.cell(`${forge}\nos.write(3, b"\\0\\0\\0\\xff{")\n1`, 1);
        expect(half.state_lost).toBe(true);
        await works();
      });

      it('get no result when no cell runs', async () => {
        await session.cell(
          `${forge}\nanswers = []\ndef late():\n    time.sleep(0.2)\n    try: answers.append(str(db.query("SELECT 1")))\n    except db.Failure as failure: answers.append(failure.kind)\nthreading.Thread(target=late).start()`,
        );
        let answers: string | undefined;
        for (let tries = 0; tries < 50 && (answers === undefined || answers === '[]'); tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          answers = (await session.cell('answers')).result;
        }
        expect(answers).toBe(`['CONFLICT']`);
      });

      it('that ask again and again come to an end', async () => {
        const { stdout } = await session.cell(`
n = 0
try:
    for n in range(10_000): db.query("SELECT 1")
except db.Failure as failure: print(n, failure.kind)`);
        expect(stdout).toBe('20 BUDGET_EXCEEDED\n');
      });

      it('end the process that closes its descriptors, and not the supervisor', async () => {
        const { state_lost } = await session.cell('import os; os.closerange(0, 256)');
        expect(state_lost).toBe(true);
        await works();
      });
    });

    describe('resources', () => {
      it('raises MemoryError for what is far too much, and keeps the state', async () => {
        const { error } = await session.cell('kept = 1\nx = bytearray(6 << 30)');
        expect(error?.name).toBe('MemoryError');
        expect((await session.cell('kept')).result).toBe('1');
      });

      it('bounds a file, and not one that is within the limit', async () => {
        const grow = (mebibytes: number) =>
          session.cell(`import os\nwith open("f", "wb") as f: os.ftruncate(f.fileno(), ${mebibytes} << 20)`);
        expect((await grow(127)).error).toBeUndefined();
        expect((await grow(129)).error?.message).toContain('File too large');
      });

      const tooMuch = [
        ['files', 'for n in range(50_000): open(str(n), "w").close()', 'more than 10000 files'],
        [
          'bytes',
          'for n in range(16):\n    with open(str(n), "wb") as f: f.write(bytes(100 << 20))',
          'more than 512 MiB',
        ],
      ] as const;
      it.runIf(level === 'process').each(tooMuch)(
        'ends the process and empties the workspace when it holds too many %s, where no gate is',
        async (_, code, why) => {
          const { error, state_lost } = await session.cell(`${code}\nimport time; time.sleep(20)`, 25);
          expect([state_lost, error?.message]).toEqual([true, expect.stringContaining(why)]);
          expect((await session.cell('import os; os.listdir(".")')).result).toBe('[]');
        },
      );

      it.skipIf(level === 'process').each(tooMuch)(
        'tells code that the disk is full where it would hold too many %s',
        async (_, code) => {
          const { error, state_lost } = await session.cell(`kept = 1\n${code}`, 25);
          expect([state_lost, error?.message]).toEqual([false, expect.stringMatching(/^\[Errno 28\] No space left/)]);
          // What is printed and told is let through, where the disk is full too, and what is given back is found.
          const { stdout } = await session.cell(
            'import os\nprint("x" * 9_000)\nfor n in os.listdir("."): os.unlink(n)',
          );
          expect(stdout).toHaveLength(9_001);
          const { result } = await session.cell('with open("f", "wb") as f: f.write(bytes(100 << 20))\nkept');
          expect(result).toBe('1');
        },
      );

      it('ends the process and empties the workspace when it holds folders in folders too deep', async () => {
        const code = 'import os\nfor n in range(3_000): os.mkdir("d"); os.chdir("d")';
        const { error, state_lost } = await session.cell(`${code}\nimport time; time.sleep(20)`, 25);
        expect([state_lost, error?.message]).toEqual([true, expect.stringContaining('folders 33 deep')]);
        expect((await session.cell('import os; os.listdir(".")')).result).toBe('[]');
        // What ends before anyone has looked is looked at all the same.
        expect((await session.cell(code, 25)).state_lost).toBe(true);
        expect(readdirSync(session.workspace())).toEqual([]);
      });

      it('ends a process that goes on between cells and takes too much, and tells the next cell, which is not run', async () => {
        await session.cell(`
import os, threading, time
def work():
    time.sleep(0.3)
    for n in range(10): os.makedirs("/".join("d" * 40))
threading.Thread(target=work).start()`);
        const pid = session.pid();
        await expect.poll(() => lives(pid)).toBe(false);
        // Its end is told by another way than its process's.
        await new Promise((resolve) => setTimeout(resolve, 700));
        const { error, state_lost, result } = await session.cell('6 * 7');
        expect([state_lost, error?.kind, result]).toEqual([true, 'SANDBOX_LOST', undefined]);
        expect(error?.message).toMatch(
          /ended before this cell began .*folders 33 deep.*was not run. All variables are lost/,
        );
        await works();
      });

      it('does not say that variables are kept where the process ends when it is interrupted', async () => {
        const { error, state_lost } = await session.cell(
          'import os, signal\nsignal.signal(signal.SIGINT, lambda *_: os._exit(3))\nwhile True: pass',
          1,
        );
        expect([state_lost, error?.kind]).toEqual([true, 'RUNNER_TIMEOUT']);
        expect(error?.message).toMatch(/ended when it was interrupted \(exit code 3\)\. All variables are lost/);
        await works();
      });

      it('lets a workspace hold what a survey needs', async () => {
        const { error } = await session.cell('for n in range(2_000): open(str(n), "w").write("x" * 1000)');
        expect(error).toBeUndefined();
        expect((await session.cell('import os; len(os.listdir("."))')).result).toBe('2000');
      });

      it('bounds what is printed, and says so', async () => {
        const { stdout, stdout_truncated } = await session.cell('for _ in range(2_000): print("x" * 10_000)');
        expect(stdout_truncated).toBe(true);
        expect(stdout.length).toBeLessThan(70_000);
      });

      it.each([
        [
          'ignores every interrupt',
          'while True:\n    try:\n        n = 0\n        while True: n += 1\n    except BaseException: pass',
        ],
        ['stops itself', 'import os, signal; os.kill(os.getpid(), signal.SIGSTOP)'],
      ])('ends a process that %s', async (_, code) => {
        const { error, state_lost } = await session.cell(code, 2);
        expect([state_lost, error?.kind]).toEqual([true, 'RUNNER_TIMEOUT']);
        await works();
      });

      it('interrupts a representation that does not end', async () => {
        const { error, state_lost } = await session.cell(
          'class R:\n    def __repr__(self):\n        while True: pass\nR()',
          0.5,
        );
        expect([state_lost, error?.kind]).toEqual([false, 'RUNNER_TIMEOUT']);
      });
    });

    describe('a reset', () => {
      it('leaves no name, no file, no thread and no process', async () => {
        const before = session.pid();
        await session.cell(`
import os, threading, time
left = 1
open("left", "w").close(); os.makedirs("locked/in"); os.chmod("locked", 0)
for name in (b"\\xff", b"a\\nb", b"-rf", b"x" * 255, "\\u202e".encode()): open(name, "w").close()
threading.Thread(target=time.sleep, args=(600,)).start()`);
        const workspace = session.workspace();
        await session.reset();
        expect(session.pid()).not.toBe(before);
        expect(() => process.kill(before, 0)).toThrow('ESRCH');
        expect(readdirSync(session.folder)).not.toContain(workspace.split('/').pop());
        expect((await session.cell('import os, threading; "left" in globals(), os.listdir(".")')).result).toBe(
          '(False, [])',
        );
      });
    });
  });
};
