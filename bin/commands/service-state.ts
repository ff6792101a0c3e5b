import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/** `{home}/service.json`: the one process that serves this home. It has no port while it starts. */
export const ServiceState = z.strictObject({
  pid: z.int().positive(),
  port: z.int().positive().optional(),
  started_at: z.iso.datetime(),
});
export type ServiceState = z.infer<typeof ServiceState>;

/** A service that runs and answers. */
export type RunningService = Required<ServiceState>;

const host = '127.0.0.1';
const pollMilliseconds = 100;

const fileOf = (home: string): string => join(home, 'service.json');

/** The state file as it stands; undefined where there is none, or none that can be read. */
export const readState = (home: string): ServiceState | undefined => {
  try {
    return ServiceState.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch {
    return undefined;
  }
};

/** Whether a process exists. One of another user counts. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const answers = async (port: number): Promise<boolean> => {
  try {
    const response = await fetch(`http://${host}:${port}/health`, { signal: AbortSignal.timeout(2_000) });
    return response.ok;
  } catch {
    return false;
  }
};

/**
 * The service of this home, if one runs. A file whose process is gone was left by a crash and counts for nothing. One
 * whose process lives but does not answer belongs to a service that starts or stops, so it is waited for; if that takes
 * longer than `patience`, the pid has most likely been given to another program since, and the file counts for nothing too.
 */
export const findService = async (home: string, patience = 15_000): Promise<RunningService | undefined> => {
  for (const end = Date.now() + patience; ; await sleep(pollMilliseconds)) {
    const state = readState(home);
    if (state === undefined || !isAlive(state.pid)) return undefined;
    const { port } = state;
    if (port !== undefined && (await answers(port))) return { ...state, port };
    if (Date.now() > end) return undefined;
  }
};

/** The right to serve a home, which one process has at a time. */
export type Claim = {
  /** Tells others where the service is. */
  publish(port: number): void;
  release(): void;
};

/** Fails with SETTING_INVALID where the folder cannot be. */
const makeHome = (home: string): void => {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const full = storageFailure(home, cause);
    if (full instanceof Failure) throw full;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'SETTING_INVALID',
      `The folder ${home} cannot be made: ${reason}. Set SURVEYOR_HOME to one that can.`,
      {
        where: 'SURVEYOR_HOME',
        cause,
      },
    );
  }
};

/** What SQLite calls a full disk, its `SQLITE_FULL`. */
const sqliteFull = 13;

/** Whether an error, or what caused it, is that the disk is full. */
const isFull = (thrown: unknown): boolean =>
  thrown instanceof Error &&
  (('code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')) ||
    ('errcode' in thrown && thrown.errcode === sqliteFull) ||
    isFull(thrown.cause));

/** A full disk as STORAGE_FAILED; anything else as it was thrown. */
export const storageFailure = (home: string, thrown: unknown): unknown => {
  if (!isFull(thrown)) return thrown;
  return new Failure(
    'STORAGE_FAILED',
    `The disk of SURVEYOR_HOME (${home}) is full. Make room on it, or set SURVEYOR_HOME to a folder on another disk.`,
    { where: 'SURVEYOR_HOME', cause: thrown },
  );
};

/**
 * Takes a home for this process, before anything in it is touched: a service that starts settles the runs it finds
 * unfinished, and those of a living one must not be among them. Fails with CONFLICT where another process has it.
 */
export const claimHome = (home: string, startedAt: Date): Claim => {
  try {
    return claim(home, startedAt);
  } catch (thrown) {
    throw storageFailure(home, thrown);
  }
};

const claim = (home: string, startedAt: Date): Claim => {
  const file = fileOf(home);
  const own: ServiceState = { pid: process.pid, started_at: startedAt.toISOString() };
  makeHome(home);
  // Of two that find the same file of a dead process, one would delete what the other has just written. SQLite's lock
  // is held while the file is looked at and replaced, and the system takes it from a process that dies.
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 10_000 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    const other = readState(home);
    if (other !== undefined && other.pid !== process.pid && isAlive(other.pid)) {
      throw new Failure(
        'CONFLICT',
        `The process ${other.pid} has ${home} in use. Stop it with \`${programName} down\`, or set SURVEYOR_HOME to another folder. If no service runs, delete ${file}.`,
        { where: file },
      );
    }
    writeFileSync(file, JSON.stringify(own));
  } finally {
    lock.close();
  }
  return {
    publish: (port) => {
      writeFileSync(`${file}.draft`, JSON.stringify({ ...own, port }));
      renameSync(`${file}.draft`, file);
    },
    release: () => {
      if (readState(home)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
};
