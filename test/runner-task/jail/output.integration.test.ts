import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { kernelPython } from './jailed-session.ts';

const run = promisify(execFile);
const kernel = fileURLToPath(new URL('../../../runner-task/kernel', import.meta.url));

/** What comes out of a kernel's process whose cell is this code. */
const outputOf = async (python: string, code: string): Promise<string> => {
  const program = `
import ctypes, os, sys
sys.path.insert(0, ${JSON.stringify(kernel)})
from surveyor_kernel.output import end_output, join_output
output = join_output()
${code}
end_output(output, "THE MARK")
os._exit(0)`;
  return (await run(python, ['-I', '-B', '-c', program])).stdout;
};

describe('the mark behind what a cell prints', () => {
  let python: string;
  beforeAll(async () => {
    python = await kernelPython();
  });

  it('comes after all that was printed, in the order of printing', async () => {
    const code = [
      'print("a"); print("b", file=sys.stderr); print("c", end="")',
      'ctypes.CDLL(None).puts(b"d")',
      'sys.__stdout__.flush(); os.write(1, b"e\\n")',
    ].join('\n');
    expect(await outputOf(python, code)).toBe('a\nb\nce\nd\nTHE MARK');
  });

  it.each([
    ['leaves nothing for standard output', 'print("kept"); sys.stdout = sys.stderr = None'],
    ['takes every stream away', 'print("kept"); sys.stdout = sys.__stdout__ = sys.stderr = sys.__stderr__ = None'],
    ['closes its streams', 'print("kept"); sys.stdout.close(); sys.stderr.close()'],
    ['closes their descriptors', 'print("kept"); os.close(1); os.close(2)'],
    ['puts a file in their place', 'print("kept"); os.dup2(os.open("/dev/null", os.O_WRONLY), 1)'],
    [
      'leaves a stream whose flush raises SystemExit',
      'print("kept")\nclass S:\n    def flush(self): sys.exit(1)\nsys.stdout = S()',
    ],
    ['makes the stream one that does not wait', 'print("kept"); os.set_blocking(1, False)'],
  ])('comes though the cell %s', async (_, code) => {
    expect(await outputOf(python, code)).toBe('kept\nTHE MARK');
  });
});
