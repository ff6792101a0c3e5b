import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { Failure } from '../../src/contracts/failure.ts';
import { storageFailure } from './storage-failure.ts';
import { isProof, proofHeaders, randomWord } from '../local/service-proof.ts';
import { programName } from '../program-name.ts';
import { isHomeLocked, takeHomeLock } from './home-lock.ts';

/** `{home}/service.json`: the one process that serves this home. It has no port while it starts. */
export const ServiceState = z.strictObject({
  pid: z.int().positive(),
  port: z.int().positive().optional(),
  started_at: z.iso.datetime(),
  secret: z.string().min(1).describe('By which the process shows that it is the one that wrote this'),
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

/** Whether the one who answers at the port is the one who wrote the file: by now the port may be anybody's, and so may the process. */
const isOwner = async ({ secret }: ServiceState, port: number): Promise<boolean> => {
  const question = randomWord();
  try {
    const response = await fetch(`http://${host}:${port}/health`, {
      headers: { [proofHeaders.question]: question },
      redirect: 'error',
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok && isProof(secret, question, response.headers.get(proofHeaders.proof));
  } catch {
    return false;
  }
};

/**
 * The service of this home, if one runs. A file whose service is gone was left by a crash and counts for nothing, whatever
 * process has its number or its port by now: the service would hold the lock of the home. One that holds it and does not answer starts or
 * stops, so it is waited for.
 */
export const findService = async (home: string, patience = 15_000): Promise<RunningService | undefined> => {
  for (const end = Date.now() + patience; ; await sleep(pollMilliseconds)) {
    const state = readState(home);
    if (state === undefined || !isHomeLocked(home)) return undefined;
    const { port } = state;
    if (port !== undefined && (await isOwner(state, port))) return { ...state, port };
    if (Date.now() > end) return undefined;
  }
};

/** The right to serve a home, which one process has at a time. */
export type Claim = {
  /** What its service answers questions with. */
  readonly secret: string;
  /** Tells others where the service is. */
  publish(port: number): void;
  release(): void;
};

/** Fails with SETTING_INVALID where there can be no such folder, with STORAGE_FAILED where the disk takes none. */
const makeHome = (home: string): void => {
  const cause = refusalOf(() => mkdirSync(home, { recursive: true, mode: 0o700 }));
  if (cause === undefined) return;
  // Of a disk that is read-only Node says ENOENT where it was to make the folders above too, and the truth where it was not.
  const reason = (cause.code === 'ENOENT' ? refusalOf(() => mkdirSync(home)) : undefined) ?? cause;
  throw new Failure(
    'SETTING_INVALID',
    `The folder ${home} cannot be made: ${reason.message}. Set SURVEYOR_HOME to one that can.`,
    { where: 'SURVEYOR_HOME', cause: reason },
  );
};

const refusalOf = (work: () => unknown): NodeJS.ErrnoException | undefined => {
  try {
    work();
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
};

/**
 * Takes a home for this process, before anything in it is touched: a service that starts settles the runs it finds
 * unfinished, and those of a living one must not be among them. Fails with CONFLICT where another process has it, with
 * STORAGE_FAILED where nothing can be written there.
 */
export const claimHome = (home: string, startedAt: Date): Claim => {
  try {
    return claim(home, startedAt);
  } catch (thrown) {
    throw storageFailure(thrown, home);
  }
};

const claim = (home: string, startedAt: Date): Claim => {
  const file = fileOf(home);
  const own: ServiceState = { pid: process.pid, started_at: startedAt.toISOString(), secret: randomWord() };
  makeHome(home);
  const lock = takeHomeLock(home);
  if (lock === undefined) {
    const other = readState(home);
    throw new Failure(
      'CONFLICT',
      `The process ${other?.pid ?? 'of another service'} has ${home} in use. Stop it with \`${programName} down\`, or set SURVEYOR_HOME to another folder.`,
      { where: file },
    );
  }
  const write = (state: ServiceState): void => {
    writeFileSync(`${file}.draft`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
  };
  try {
    write(own);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
  return {
    secret: own.secret,
    publish: (port) => write({ ...own, port }),
    release: () => {
      if (readState(home)?.secret === own.secret) rmSync(file, { force: true });
      lock.release();
    },
  };
};
