import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const version = '1.5.33';

/** A running AWS emulator, and what an SDK client of it is made with. */
export type MiniStack = {
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  stop(): Promise<void>;
};

/**
 * The Python that has MiniStack: the one named by SURVEYOR_TEST_MINISTACK (a virtual environment’s folder), else one made
 * in the cache folder on first use. A reason instead where it cannot be had, so that tests can say why they were left out.
 */
export const findMiniStack = async (): Promise<{ readonly python: string } | { readonly missing: string }> => {
  const named = process.env['SURVEYOR_TEST_MINISTACK'];
  if (named !== undefined && named !== '') {
    const python = join(named, 'bin', 'python');
    return existsSync(python) ? { python } : { missing: `SURVEYOR_TEST_MINISTACK: there is no ${python}` };
  }
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor');
  const folder = join(cache, `ministack-${version}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return { python };
  try {
    await install(cache, folder);
    return { python };
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return {
      missing: `MiniStack ${version} could not be installed into ${folder}: ${message.trim().split('\n').at(-1)}`,
    };
  }
};

/** Installed beside its place and renamed, so that an installation that was broken off is never taken for a whole one. */
const install = async (cache: string, folder: string): Promise<void> => {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'ministack-'));
  try {
    const run = promisify(execFile);
    await run('python3', ['-m', 'venv', draft], { timeout: 120_000 });
    // By `python -m`, because the scripts of a moved environment name its old place.
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    await run(join(draft, 'bin', 'python'), ['-m', 'pip', 'install', ...quiet, `ministack==${version}`], {
      timeout: 240_000,
    });
    renameSync(draft, folder);
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    // Another process may have been faster.
    if (!existsSync(folder)) throw thrown;
  }
};

/**
 * Starts the emulator on a free port of this machine alone, with nothing kept from an earlier time: the stores, or what
 * the variables say. `program` is what Python is to run in place of it.
 */
export const startMiniStack = async (
  python: string,
  variables: Readonly<Record<string, string>> = {},
  program: readonly string[] = ['-m', 'ministack'],
): Promise<MiniStack> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-ministack-'));
  // Its own Lambda runs Node with the code of a function below this folder: the SDK has to lie above.
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('node_modules/@aws-sdk'), join(folder, 'node_modules/@aws-sdk'));
  const port = await freePort();
  const emulator = spawn(python, program, {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: folder,
    env: {
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      HOME: folder,
      TMPDIR: folder,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      SERVICES: 'dynamodb,s3,secretsmanager',
      S3_DATA_DIR: join(folder, 's3'),
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
      LOG_LEVEL: 'ERROR',
      ...variables,
    },
  });
  let complaints = '';
  emulator.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2_000);
  });
  const exited = once(emulator, 'exit');
  const stop = async (): Promise<void> => {
    emulator.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const answer = await fetch(`${endpoint}/_ministack/ready`).catch(() => undefined);
    if (answer?.ok === true)
      return {
        client: { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } },
        stop,
      };
    if (emulator.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`MiniStack did not start on port ${port}. It said: ${complaints}`);
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
};
