import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A database server of a test's own: its data in a temporary folder, its port on loopback alone. */
export type PrivateServer = {
  readonly port: number;
  /** Where its data, its socket and its log are. */
  readonly folder: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/** The first of the paths that exists. */
export const findProgram = (...paths: readonly string[]): string | undefined => paths.find((path) => existsSync(path));

/** Servers refuse to run as root: then they run as the user that their package made. */
export const accountOf = (name: string): { readonly uid?: number; readonly gid?: number } => {
  if (userInfo().uid !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
};

/** A folder that the account owns. In /tmp itself: the path of a server's socket may have 107 bytes. */
export const makeServerFolder = (name: string, { uid, gid }: ReturnType<typeof accountOf>): string => {
  const folder = mkdtempSync(`/tmp/${name}-`);
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
};

/**
 * Puts fresh data of a server into its folder and answers where: a copy of data that its installer made once on this
 * machine. Making them takes one to five seconds, copying them 0.2. Another version of the installer, or other arguments, make new ones.
 */
export const copyFreshData = (options: {
  readonly folder: string;
  readonly account: ReturnType<typeof accountOf>;
  readonly installer: string;
  /** What the installer is called with to fill `data` in a folder, where the superuser’s password is in `password`. */
  readonly args: (folder: string) => readonly string[];
  readonly password: string;
}): string => {
  const { folder, account, installer, args, password } = options;
  const { mtimeMs, size } = statSync(installer);
  const key = createHash('sha256').update(JSON.stringify([installer, mtimeMs, size, account, args(''), password]));
  const kept = join(tmpdir(), `surveyor-fresh-${basename(installer)}-${key.digest('hex').slice(0, 12)}`);
  if (!existsSync(kept)) {
    const draft = makeServerFolder('surveyor-draft', account);
    writeFileSync(join(draft, 'password'), password, { mode: 0o644 });
    execFileSync(installer, args(draft), { stdio: 'ignore', cwd: draft, ...account });
    try {
      // Whole, or not at all: another process may look for it now, or have been faster.
      renameSync(join(draft, 'data'), kept);
    } catch (error) {
      if (!existsSync(kept)) throw error;
    }
    rmSync(draft, { recursive: true });
  }
  const data = join(folder, 'data');
  execFileSync('cp', ['-a', kept, data]);
  return data;
};

export const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was free');
  return address.port;
};

/** Starts a server in its folder and waits until `isReady` says so; gives up after a minute. */
export const startPrivateServer = async (options: {
  readonly folder: string;
  readonly port: number;
  readonly program: string;
  readonly args: readonly string[];
  readonly account: ReturnType<typeof accountOf>;
  readonly isReady: () => Promise<boolean>;
}): Promise<PrivateServer> => {
  const { folder, port, program, args, account, isReady } = options;
  let child: ChildProcess | undefined;
  let said = '';
  const end = async (signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM'): Promise<void> => {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = once(ending, 'exit');
    ending.kill(signal);
    await closed;
  };
  const start = async (): Promise<void> => {
    const started = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], ...account });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said = `${said}${chunk.toString()}`.slice(-8_000);
      });
    }
    for (let waited = 0; waited < 60_000; waited += 100) {
      if (started.exitCode !== null || started.signalCode !== null) break;
      if (await isReady()) return;
      await sleep(100);
    }
    await end('SIGKILL');
    throw new Error(`${program} did not start. It said:\n${said}`);
  };
  const onExit = (): void => void child?.kill('SIGKILL');
  process.on('exit', onExit);
  await start();
  return {
    port,
    folder,
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGKILL');
      await start();
    },
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown; MariaDB responds to SIGTERM alone.
      await end(program.endsWith('postgres') ? 'SIGINT' : 'SIGTERM');
      process.off('exit', onExit);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
