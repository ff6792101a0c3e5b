import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EndedCommand, runSurveyor } from './run-surveyor.ts';

/** A service as users have it: a process of its own, with a home and a config folder of its own. */
export type BackgroundService = {
  readonly url: string;
  readonly apiKey: string;
  readonly home: string;
  /** What `up` said on its way. */
  readonly said: string;
  /** Runs a command of the command line with the same home. */
  run(...args: readonly string[]): Promise<EndedCommand>;
  /** Stops it and removes what it had. */
  close(): Promise<void>;
};

/** Starts a service on a free port, after `prepare` has had its way with the home. */
export const startBackgroundService = async (prepare?: (home: string) => void): Promise<BackgroundService> => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-background-'));
  const home = join(folder, 'home');
  prepare?.(home);
  const config = join(folder, 'config');
  const env = { ...process.env, SURVEYOR_HOME: home, SURVEYOR_PORT: '0', XDG_CONFIG_HOME: config };
  const run = (...args: readonly string[]): Promise<EndedCommand> => runSurveyor(args, env);
  const up = await run('up', '--detach', '--json');
  if (up.code !== 0) throw new Error(`up ended with ${up.code}: ${up.stderr}`);
  const { url } = JSON.parse(up.stdout) as { url: string };
  return {
    url,
    apiKey: readFileSync(join(config, 'surveyor', 'api-key'), 'utf8').trim(),
    home,
    said: up.stderr + readFileSync(join(home, 'service.log'), 'utf8'),
    run,
    close: async () => {
      await run('down');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The bytes of all files of a folder and below it, as they are counted on the disk. */
export const bytesOnDisk = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false }))
    .reduce((sum, stat) => sum + Math.max(stat?.size ?? 0, (stat?.blocks ?? 0) * 512), 0);
