import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { failureFrom } from '../../src/contracts/failure-report.ts';
import { Failure, type FailureKind } from '../../src/contracts/failure.ts';
import type { PlacedTarget, ResultTable, StatementLimits } from '../../src/contracts/sandbox.ts';
import type { WantedTables } from '../../src/domain/connection/narrow-schema.ts';
import type { DatabaseReply, DatabaseRequest } from './database-messages.ts';
import type { DatabaseBounds, OpenedDatabase } from './engines/open-engine.ts';
import type { StatementAuthor } from './policy/statement-policy.ts';
import { inTurn } from './in-turn.ts';
import { inMebibytes, watchMemory } from './memory-watch.ts';
import { outlastRestart } from './outlast-restart.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** A database of a sandbox, in a process that is killed when it does not keep its limits and opened again on need. */
export type Database = {
  /** Fails as an engine does that opens its target, with RUNNER_TIMEOUT or RUNNER_MEMORY. */
  open(target: PlacedTarget, wanted?: WantedTables): Promise<OpenedDatabase>;
  /**
   * One statement, after those before it. Fails with STATEMENT_REFUSED, STATEMENT_FAILED, DATABASE_LOST, RUNNER_TIMEOUT,
   * RUNNER_MEMORY, and where it had to be opened again, as `open` does. A server that restarts costs a pause, which does
   * not count against the statement's seconds; nobody waits `until` after that moment.
   */
  run(sql: string, limits: StatementLimits, author?: StatementAuthor, until?: number): Promise<ResultTable>;
  close(): void;
};

const openSeconds = 300;
/** A server that restarts is back within seconds, after a crash or in another place within a minute. */
const patienceSeconds = 60;
/** Of one that was never there in this sandbox it is likelier that its address is wrong. */
const openPatienceSeconds = 10;
const graceSeconds = 2;
const processFile = fileURLToPath(new URL('./database-process.ts', import.meta.url));

/** The process ended by itself, while it was asked or before; the message says how. */
class ProcessGone extends Error {}

const released = (): Failure => new Failure('SANDBOX_LOST', 'The sandbox has been released.');

const startProcess = (folder: string, args: readonly string[]): ChildProcess =>
  fork(processFile, args, {
    cwd: folder,
    env: { TZ: 'UTC' },
    // Not what the supervisor was given: its flags are not this process's.
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });

/** What a process that was killed has left there: files that it spilled to, copies of up to 4 GiB that it read. */
const emptyFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
};

/** A database that nothing has opened yet. Its process starts at once, with all it may need, where that is to be `warm`. */
export const createDatabase = (bounds: DatabaseBounds, folder: string, warm = false): Database => {
  // DuckDB keeps most of what it takes within memory_limit, and Node and the result come on top; this is beyond doubt.
  const killAtBytes = bounds.memory_bytes * 1.5 + 384 * 1024 * 1024;
  const turn = inTurn();
  let child: ChildProcess | undefined;
  let target: PlacedTarget | undefined;
  let wanted: WantedTables | undefined;
  let opened = false;
  let closed = false;
  /** It did not come back while it was waited for: then it is not waited for again until it has answered. */
  let gone = false;
  /** Statements that run, or wait for those before them. */
  let waiting = 0;

  const start = (args: readonly string[] = []): ChildProcess => {
    emptyFolder(bounds.spill_folder);
    const started = startProcess(folder, args);
    const forget = (): void => {
      if (closed) rmSync(bounds.spill_folder, { recursive: true, force: true });
      if (child !== started) return;
      child = undefined;
      opened = false;
    };
    started.on('exit', forget).on('error', forget);
    return started;
  };
  if (warm) child = start([bounds.python]);

  const kill = (): void => {
    child?.kill('SIGKILL');
    child = undefined;
    opened = false;
  };

  /** Sends one request and waits for its end, whatever that is. */
  const ask = async (request: DatabaseRequest, seconds: number, what: string): Promise<DatabaseReply> => {
    if (closed) throw released();
    const asked = (child ??= start());
    const { promise, resolve, reject } = Promise.withResolvers<DatabaseReply>();
    const timers: NodeJS.Timeout[] = [];
    let late = false;
    const end = (kind: FailureKind, message: string): void => {
      if (child === asked) kill();
      reject(new Failure(kind, message, { advice: { kind: 'ask_for_less', database_reopens: true } }));
    };
    const onMessage = (reply: DatabaseReply): void => {
      if (!late || reply.did !== 'fail') return resolve(reply);
      reject(
        new Failure('RUNNER_TIMEOUT', `${what} took longer than ${seconds} s and was interrupted.`, {
          advice: { kind: 'ask_for_less', database_reopens: false },
        }),
      );
    };
    const gone = (how: string): void => {
      if (child === asked) kill();
      reject(new ProcessGone(how));
    };
    const onExit = (code: number | null, signal: string | null): void => gone(signal ?? `exit code ${code}`);
    // It may have ended before it is asked: then what is sent finds no one.
    const onError = (error: Error): void => gone(error.message);
    timers.push(
      setTimeout(
        () => {
          late = true;
          asked.send({ do: 'interrupt' } satisfies DatabaseRequest);
        },
        wholeMilliseconds(seconds * 1000),
      ),
      setTimeout(
        () =>
          end(
            'RUNNER_TIMEOUT',
            `${what} took longer than ${seconds} s and did not respond to an interrupt for ${graceSeconds} s, so the database process was killed.${mayGoOn(target)}`,
          ),
        wholeMilliseconds((seconds + graceSeconds) * 1000),
      ),
    );
    const endWatch =
      asked.pid === undefined
        ? () => undefined
        : watchMemory(asked.pid, killAtBytes, () =>
            end(
              'RUNNER_MEMORY',
              `${what} took more than ${inMebibytes(killAtBytes)} of memory, so the database process was killed.`,
            ),
          );
    asked.on('message', onMessage).on('exit', onExit).on('error', onError);
    asked.send(request);
    try {
      return await promise;
    } finally {
      timers.forEach(clearTimeout);
      endWatch();
      asked.off('message', onMessage).off('exit', onExit).off('error', onError);
    }
  };

  /** Once more where the process ended by itself: what reads changes nothing by being done twice. */
  const twice = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    for (const isLast of [false, true]) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ProcessGone) || closed) throw closed ? released() : error;
        if (isLast)
          throw new Failure(
            'STATEMENT_FAILED',
            `The database process ended (${error.message}) while ${what} ran, twice.`,
            { advice: { kind: 'ask_for_less', database_reopens: true } },
          );
      }
    }
    throw released();
  };

  const openNow = async (): Promise<OpenedDatabase> => {
    if (!target) throw new Failure('CONFLICT', 'No database is open in this sandbox. Open one first.');
    const reply = await ask({ do: 'open', target, bounds, wanted }, openSeconds, 'Opening the database');
    if (reply.did === 'open') {
      opened = true;
      return reply.opened;
    }
    throw failureOf(reply);
  };

  return {
    open: (given, ofRun) =>
      turn(async () => {
        opened = false;
        target = given;
        wanted = ofRun;
        // Nobody surveys where a connection is only tried: whoever mistyped a port is told at once.
        const seconds = ofRun?.asked?.length === 0 ? 0 : openPatienceSeconds;
        return outlastRestart(() => twice('opening the database', openNow), { seconds, isOver: () => closed });
      }),
    run: (sql, limits, author = 'agent', until = Infinity) => {
      // One that cannot be told any more judges nothing, and ends by itself.
      if (waiting > 0 && opened)
        child?.send({ do: 'judge_ahead', sql, author } satisfies DatabaseRequest, () => undefined);
      waiting += 1;
      return turn(async () => {
        const work = async (): Promise<ResultTable> => {
          if (!opened) await openNow();
          const seconds = Math.min(limits.seconds, Math.max(0.1, (until - Date.now()) / 1000));
          const reply = await ask({ do: 'run', sql, limits: { ...limits, seconds }, author }, seconds, 'The statement');
          if (reply.did === 'run') return reply.table;
          throw failureOf(reply);
        };
        try {
          const table = await outlastRestart(() => twice('the statement', work), {
            seconds: gone ? 0 : patienceSeconds,
            isOver: () => closed || Date.now() >= until,
          });
          gone = false;
          return table;
        } catch (error) {
          // Of a statement that gave way to others, the server lives.
          gone = error instanceof Failure && error.retryAfter !== undefined && error.kind !== 'STATEMENT_FAILED';
          throw error;
        }
      }).finally(() => {
        waiting -= 1;
      });
    },
    close: () => {
      closed = true;
      kill();
    },
  };
};

/** A server was told to end its statement, and is another process, which looks for that when it likes. */
const mayGoOn = (target: PlacedTarget | undefined): string =>
  target === undefined || !('host' in target)
    ? ''
    : ' The server was asked to end it and had not when it was left: it may run on there until it looks for that, as in one function over a long text. Who administers the server sees and ends it in its list of processes.';

const failureOf = (reply: DatabaseReply): Failure => {
  if (reply.did !== 'fail') return new Failure('INTERNAL', `The database process answered "${reply.did}" out of turn.`);
  return failureFrom(reply.failure, { retryAfter: reply.retry_after });
};
