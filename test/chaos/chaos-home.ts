import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { apiClient, type ApiClient } from '../../src/contracts/client.ts';
import type { RunView } from '../../src/contracts/run.ts';
import { processesBelow } from '../support/processes-below.ts';

/** A service in a process of its own. */
export type ChaosService = {
  readonly api: ApiClient;
  readonly apiKey: string;
  readonly url: string;
  readonly pid: number;
  /** The connection string of a folder of small files, to be sent inline so that a secret comes with each run. */
  readonly connection: string;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
};

/** A home that outlives its services. */
export type ChaosHome = {
  readonly folder: string;
  start(): Promise<ChaosService>;
  remove(): void;
};

const mainFile = fileURLToPath(new URL('./service-main.ts', import.meta.url));

/** Makes a private home; the Python environment is the user's, because it is the same for all. */
export const makeChaosHome = (environment: Readonly<Record<string, string>> = {}): ChaosHome => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-chaos-'));
  const home = join(folder, 'data');
  const env = {
    PATH: process.env['PATH'],
    HOME: homedir(),
    XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'],
    SURVEYOR_HOME: home,
    SURVEYOR_PORT: '0',
    SURVEYOR_REQUESTS_PER_MINUTE: '0',
    XDG_CONFIG_HOME: join(folder, 'config'),
    ...environment,
  };
  return {
    folder: home,
    async start() {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', mainFile], {
        env,
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = (await Promise.race([
        once(createInterface({ input: child.stdout }), 'line'),
        once(child, 'exit').then(() => Promise.reject(new Error('the service did not start'))),
      ])) as [string];
      const { url, apiKey, dataset } = JSON.parse(line) as { url: string; apiKey: string; dataset: string };
      return {
        url,
        apiKey,
        pid: child.pid ?? -1,
        api: apiClient({ baseUrl: url, apiKey }),
        connection: `file://${dataset}`,
        kill: () => ended(child, () => child.kill('SIGKILL')),
        stop: () => ended(child, () => child.stdin.end()),
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};

const ended = async (child: ChildProcess, end: () => void): Promise<void> => {
  const over = once(child, 'exit');
  end();
  await over;
};

/** Waits until a run has ended; a run that is stuck is what all this looks for. */
export const untilEnded = async ({ api }: ChaosService, id: string, seconds = 120): Promise<RunView> => {
  for (let waited = 0; waited < seconds * 1_000; waited += 100) {
    const run = await api.getRun({ id });
    if (run.status !== 'running') return run;
    await sleep(100);
  }
  throw new Error(`run ${id} is stuck: it has not ended within ${seconds} s`);
};

/**
 * What is wrong with a home. Of a service that runs, `serving` tells, only the sandboxes that it keeps ready may be there;
 * of one that is gone nothing may be: no process, no lease, no credential of a run, no unfinished file, no half of one.
 */
export const faultsOf = async (home: ChaosHome, serving: boolean): Promise<readonly string[]> => {
  const faults: string[] = [];
  faults.push(...storeFaults(join(home.folder, 'store.sqlite'), serving));
  const secrets = rows(join(home.folder, 'secrets.sqlite'), `select name from secrets where name like '%runs/%'`);
  faults.push(...secrets.map(({ name }) => `the secret ${String(name)} is left`));
  faults.push(...objectFaults(join(home.folder, 'objects')));
  const sandboxes = (): readonly string[] => readdirSync(join(home.folder, 'sandboxes'));
  if (serving) {
    const folders = await lasting(sandboxes, 1);
    if (folders.length > 1) faults.push(`${folders.length} sandboxes are there, and no run`);
  } else {
    const processes = (): readonly string[] =>
      processesBelow(home.folder).map(({ pid, command }) => `${pid} ${command}`);
    faults.push(...(await lasting(processes, 0)).map((left) => `a process is left: ${left}`));
    faults.push(...(await lasting(sandboxes, 0)).map((left) => `the folder of a sandbox is left: ${left}`));
  }
  return faults;
};

/** What is there once at most so many are; what is ending may take a moment. */
const lasting = async (look: () => readonly string[], most: number): Promise<readonly string[]> => {
  for (let tries = 0; ; tries += 1) {
    const left = look();
    if (left.length <= most || tries === 100) return left;
    await sleep(100);
  }
};

const rows = (file: string, sql: string): readonly Readonly<Record<string, unknown>>[] => {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
};

const storeFaults = (file: string, serving: boolean): readonly string[] => {
  const [integrity] = rows(file, 'pragma integrity_check');
  const faults = integrity?.['integrity_check'] === 'ok' ? [] : [`the store is damaged: ${JSON.stringify(integrity)}`];
  if (!serving) return faults;
  const running = rows(file, `select run_id from runs where document ->> 'status' = 'running'`);
  const leases = rows(file, `select holder_id as run_id from leases where holder_kind = 'run'`);
  const sessions = rows(file, `select run_id from sessions where document ->> 'status' = 'running'`);
  const steps = rows(file, `select distinct run_id from steps where document ->> 'status' = 'running'`);
  for (const [what, found] of Object.entries({ run: running, lease: leases, agent: sessions, step: steps }))
    faults.push(...found.map(({ run_id }) => `a ${what} of run ${String(run_id)} is left`));
  return faults;
};

const objectFaults = (folder: string): readonly string[] => {
  const faults: string[] = [];
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of names) {
    const path = join(parentPath, name);
    if (parentPath.includes('.unfinished')) faults.push(`${path} is an unfinished file`);
    else if (name.endsWith('.json') && !isJson(readFileSync(path, 'utf8'))) faults.push(`${path} is no JSON`);
    else if (name.endsWith('.html') && !readFileSync(path, 'utf8').trimEnd().endsWith('</html>'))
      faults.push(`${path} is half a page`);
  }
  return faults;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
