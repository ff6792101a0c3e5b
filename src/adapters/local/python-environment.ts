import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { glob, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { Failure } from '../../contracts/failure.ts';
import { withFileLock } from './sandbox-file-lock.ts';

/** What an environment is made of, what for, and where. */
export type PythonEnvironmentOptions = {
  readonly cacheDir: string;
  readonly requirementsFile: string;
  /** The Python to make it with; else `SURVEYOR_PYTHON`, else the first that is new enough. */
  readonly python?: string | undefined;
  /** Whose it is and what making it takes, for messages; else the sandbox's. */
  readonly purpose?: { readonly owner: string; readonly cost: string };
  /** What must import in a new environment before it counts as made. */
  readonly modules?: readonly string[];
  readonly onProgress: (message: string) => void;
};

const usualNames = ['python3.13', 'python3.12', 'python3.11', 'python3'];
// Matplotlib looks for the machine's fonts on the import of its font manager and remembers them: here, not in every sandbox.
const kernelModules = ['ibis', 'pandas', 'polars', 'pyarrow', 'matplotlib.font_manager'];
const sandbox = { owner: 'the sandbox', cost: 'about a minute, 800 MB' };
const oldest = [3, 11] as const;
const run = promisify(execFile);

const wrong = (message: string, cause?: unknown): Failure =>
  new Failure('SETTING_INVALID', message, { where: 'SURVEYOR_PYTHON', cause });

type Python = { readonly command: string; readonly version: string };

/** What a command says of itself: usable, or why not. */
const examine = async (command: string): Promise<Python | string> => {
  let version: string;
  try {
    version = (await run(command, ['-I', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])).stdout.trim();
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing ? 'not found' : 'does not run';
  }
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== oldest[0] || minor < oldest[1]) return `is Python ${version}, which is too old`;
  return run(command, ['-I', '-c', 'import venv, ensurepip']).then(
    () => ({ command, version }),
    () => `is Python ${version} without venv; on Debian and Ubuntu: apt install python${version}-venv`,
  );
};

const findPython = async (wanted: string | undefined): Promise<Python> => {
  const reasons: string[] = [];
  for (const command of wanted === undefined ? usualNames : [wanted]) {
    const found = await examine(command);
    if (typeof found !== 'string') return found;
    reasons.push(`${command} ${found}`);
  }
  throw wrong(
    `Python ${oldest.join('.')} or newer with venv is needed, and there is none (${reasons.join('; ')}). Install it, or name one in SURVEYOR_PYTHON.`,
  );
};

const keptLines = 12;

const install = async (
  folder: string,
  { requirementsFile, onProgress, purpose = sandbox }: PythonEnvironmentOptions,
): Promise<void> => {
  const total = (await readFile(requirementsFile, 'utf8')).split('\n').filter((line) => /^[a-z]/i.test(line)).length;
  const quietly = ['--no-input', '--disable-pip-version-check', '--progress-bar', 'off'];
  // Wheels alone: building pandas or pyarrow from source takes an hour and a compiler, to fail at the end of it.
  const exactly = ['--only-binary', ':all:', '--require-hashes', '-r', requirementsFile];
  const pip = spawn(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', ...quietly, ...exactly], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  let collected = 0;
  for (const input of [pip.stdout, pip.stderr]) {
    createInterface({ input }).on('line', (line) => {
      said.push(line.replaceAll(/\/\/[^/@\s]*@/g, '//'));
      if (said.length > keptLines) said.shift();
      const name = /^Collecting ([^=\s]+)/.exec(line)?.[1];
      if (name !== undefined) onProgress(`Fetching ${name} (${(collected += 1)} of at most ${total} packages)`);
      if (line.startsWith('Installing collected packages')) onProgress(`Installing ${collected} packages`);
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  pip.on('error', reject).on('close', (code) => {
    if (code === 0) return resolve();
    reject(
      wrong(
        `The Python packages of ${purpose.owner} could not be installed. Is the package index reachable (PIP_INDEX_URL, a proxy)? Has it wheels for this Python? Python 3.11 to 3.13 are known to work. pip said:\n${said.join('\n')}`,
      ),
    );
  });
  return promise;
};

const build = async (
  { command, version }: Python,
  folder: string,
  options: PythonEnvironmentOptions,
): Promise<void> => {
  const { onProgress, modules = kernelModules, purpose = sandbox } = options;
  onProgress(`Making the Python ${version} environment of ${purpose.owner} (once; ${purpose.cost})`);
  await run(command, ['-I', '-m', 'venv', folder]).catch((error: unknown) => {
    throw wrong(`${command} could not make a virtual environment in ${folder}: ${String(error)}`, error);
  });
  await install(folder, options);
  onProgress('Checking the Python environment');
  const env = { ...process.env, MPLCONFIGDIR: join(folder, 'matplotlib') };
  await run(join(folder, 'bin', 'python'), ['-I', '-c', `import ${modules.join(', ')}`], { env }).catch(
    (error: unknown) => {
      throw wrong(`The Python packages of ${purpose.owner} were installed but do not work: ${String(error)}`, error);
    },
  );
};

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Answers with the interpreter of an environment that holds exactly the pinned packages, and makes the environment if
 * it is not there. It is built aside and moved into its place, so one that is there is whole; a second process waits
 * for the first. Fails with SETTING_INVALID.
 */
export const ensurePythonEnvironment = async (options: PythonEnvironmentOptions): Promise<string> => {
  const python = await findPython(options.python ?? (process.env['SURVEYOR_PYTHON'] || undefined));
  const requirements = await readFile(options.requirementsFile);
  const hash = createHash('sha256').update(requirements).update(`${python.version} ${process.arch}`).digest('hex');
  const folder = join(options.cacheDir, `python-${hash.slice(0, 16)}`);
  const interpreter = join(folder, 'bin', 'python');
  if (await exists(interpreter)) return interpreter;

  await mkdir(options.cacheDir, { recursive: true });
  return withFileLock(`${folder}.lock`, async () => {
    if (await exists(interpreter)) return interpreter;
    // Whoever was killed while building left this; nobody else is building now.
    for await (const left of glob(`${folder}.aside-*`)) await rm(left, { recursive: true, force: true });
    const aside = `${folder}.aside-${randomBytes(4).toString('hex')}`;
    try {
      await build(python, aside, options);
      await rename(aside, folder);
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
    options.onProgress('The Python environment is ready');
    return interpreter;
  });
};
