import { spawn } from 'node:child_process';
import { glob, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { loadSettings } from '../../bin/local/settings.ts';
import { ensurePythonEnvironment } from '../../src/adapters/local/python-environment.ts';

/**
 * The part of `npm run lint` for Python and shell scripts: ruff, mypy and shellcheck, pinned by hash in tools.txt and kept
 * in the cache, so that a clone needs none of them. With `--fix` ruff mends what it can, the format first of all.
 */
const root = resolve(import.meta.dirname, '..', '..');
const fixes = process.argv.includes('--fix');

const shellScripts = async (): Promise<readonly string[]> => {
  const scripts: string[] = [];
  const places = ['surveyor', '.ci/*', '{bin,runner-task,src,test}/**/*.sh'];
  for await (const file of glob(places, { cwd: root })) {
    if (/^#!.*\b(ba|da)?sh\b/.test(await readFile(join(root, file), 'utf8'))) scripts.push(file);
  }
  return scripts.sort();
};

/** Runs a tool to its end: what it printed, and whether it found nothing. */
const run = async (command: string, args: readonly string[]): Promise<{ output: string; isClean: boolean }> => {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<boolean>((done, fail) => child.on('error', fail).on('close', (code) => done(code === 0)));
  const output = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { output: output.join(''), isClean: await ended };
};

const { cacheDir } = loadSettings();
const python = await ensurePythonEnvironment({
  cacheDir,
  requirementsFile: join(import.meta.dirname, 'tools.txt'),
  purpose: { owner: 'ruff, mypy and shellcheck', cost: 'a few seconds, 130 MB' },
  modules: ['mypy'],
  onProgress: (message) => console.error(message),
});
const ruffCache = ['--cache-dir', join(cacheDir, 'ruff')];
const scripts = await shellScripts();
if (scripts.length < 3) throw new Error(`only ${scripts.length} shell scripts found: are the places right?`);

let isClean = true;
// As modules: a script that pip has written names the folder in which the environment was made.
for (const [command, args] of [
  [python, ['-m', 'ruff', 'check', ...ruffCache, ...(fixes ? ['--fix'] : []), '.']],
  [python, ['-m', 'ruff', 'format', ...ruffCache, ...(fixes ? [] : ['--check']), '.']],
  [python, ['-m', 'mypy', '--cache-dir', join(cacheDir, 'mypy')]],
  [join(python, '..', 'shellcheck'), scripts],
] as const) {
  const result = await run(command, args);
  if (result.isClean) continue;
  isClean = false;
  console.error(`${command} ${args.join(' ')}\n${result.output}`);
}
if (!isClean) process.exitCode = 1;
else console.log(`ruff, mypy and shellcheck (${scripts.length} scripts) found nothing`);
