import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** How a command ended, and what it printed. */
export type EndedCommand = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs the command line in a process with this environment and no other variable. */
export const runSurveyor = (
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { input = '', cwd = process.cwd() }: { readonly input?: string; readonly cwd?: string } = {},
): Promise<EndedCommand> =>
  new Promise((resolve) => {
    const script = join(process.cwd(), 'bin', 'surveyor.ts');
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], { cwd, env });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => (stdout += String(data)));
    child.stderr.on('data', (data) => (stderr += String(data)));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
