import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type FailureReport, reportOf } from '../../src/contracts/failure-report.ts';
import { Failure, failureKinds } from '../../src/contracts/failure.ts';
import type { CellResult, SandboxInput, SandboxOutput, StatementLimits } from '../../src/contracts/sandbox.ts';
import { modelText } from '../../src/domain/agent/model-advice.ts';
import { inTurn } from './in-turn.ts';
import type { KernelDatabase, KernelQuery } from './kernel-messages.ts';
import type { Workspace } from './kernel-host.ts';
import type { KernelExceeded, KernelProcess, RawCell } from './kernel-process.ts';
import { readArtifact } from './read-artifact.ts';
import type { RunStatement } from './statements.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** One agent's Python: its process, its workspace, its quota of statements. */
export type Session = {
  readonly agent: string;
  /** What its first process said of itself. */
  readonly hello: SandboxOutput<'start_session'>;
  writeFile(name: string, content: Uint8Array): Promise<void>;
  readArtifact(name: string): Promise<Buffer>;
  /** One cell, after those before it. Whatever the code does is an answer, not a failure. */
  execute(code: string, seconds: number, statementLimit?: number): Promise<RunCell>;
  /** Ends the process and removes the workspace. */
  end(): Promise<void>;
};

/** A cell, how many statements it sent, and the evidence that those have left. */
export type RunCell = Omit<SandboxOutput<'execute_python'>, 'evidence_id'>;

/** What a session is made with. `takeKernel` answers with a process that has no session yet. */
export type SessionOptions = SandboxInput<'start_session'> & {
  /** The session's from here on: removed at its end. */
  readonly workspace: Workspace;
  readonly databases: readonly KernelDatabase[];
  readonly takeKernel: () => KernelProcess;
  readonly runStatement: RunStatement;
};

const graceSeconds = 2;
const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
const queryLimits = { rows: 200_000, bytes: 64 * 1024 * 1024 } as const;

const notTheAnswer = (reasons: readonly string[]): FailureReport => ({
  kind: 'STATEMENT_FAILED',
  message: `The database did not answer in full: ${reasons.join(' ')} Ask in a way that avoids it.`,
});

const lost = 'All variables are lost. The next cell starts in a fresh process.';

/** Why a cell did not come to its end by itself. */
type Stopped = { readonly kind: string; readonly message: string; readonly killed?: true };

/** Starts a session in a fresh workspace. Fails with SANDBOX_UNAVAILABLE where Python does not start. */
export const startSession = async (options: SessionOptions): Promise<Session> => {
  const { agent, workspace, runStatement } = options;
  const turn = inTurn();
  let sent = 0;
  let sentByCell = 0;
  let sentLimit = options.statement_limit;
  let evidenceOfCell = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let cellEndsAt = 0;
  let ended = false;
  let kernel: KernelProcess | undefined;

  const answerQuery = async (asking: KernelProcess, { id, source, sql }: KernelQuery): Promise<void> => {
    /** The code is a model's, and so are the words it is told in. */
    const fail = (report: FailureReport): void =>
      asking.reply({ type: 'reply', id, failure: { kind: report.kind, message: modelText(report) } });
    try {
      const refusal =
        sent < sentLimit
          ? undefined
          : new Failure(
              'BUDGET_EXCEEDED',
              `The statements of your budget are used up; this cell has sent ${sentByCell}. Work with the results you have.`,
            );
      if (!refusal) {
        sent += 1;
        sentByCell += 1;
      }
      // A statement never outlives the cell that waits for it.
      const seconds = Math.max(0.1, (cellEndsAt - Date.now()) / 1000);
      const limits: StatementLimits = { ...queryLimits, seconds: Math.min(seconds, 3_600) };
      const left = evidenceOfCell;
      const outcome = await runStatement({ source, sql, limits, origin: 'kernel', agent, until: cellEndsAt }, refusal);
      left.add(outcome.evidence_id);
      if (!outcome.ok) fail(reportOf(outcome.failure));
      // Nothing that code computes from it could be told from a figure.
      else if (outcome.table.incomplete !== undefined) fail(notTheAnswer(outcome.table.incomplete));
      else asking.reply({ type: 'reply', id, table: outcome.table });
    } catch (error) {
      // No evidence could be recorded; the code is told all the same.
      fail({ kind: 'SANDBOX_UNAVAILABLE', message: error instanceof Error ? error.message : String(error) });
    }
  };

  const freshKernel = async (): Promise<KernelProcess> => {
    const fresh = options.takeKernel();
    await fresh.begin({ workspace, databases: options.databases, failures: failureKinds }, (query) => {
      const answered = answerQuery(fresh, query).finally(() => underWay.delete(answered));
      underWay.add(answered);
    });
    return fresh;
  };

  const runCell = async (code: string, seconds: number): Promise<CellResult> => {
    const running = (kernel ??= await freshKernel());
    const hadEnded = running.hasEnded || running.exceeded !== undefined;
    const started = performance.now();
    let stopped: Stopped | undefined;
    const soft = setTimeout(
      () => {
        const message = `The cell ran longer than ${seconds} s and was interrupted. Variables are kept; do less at once.`;
        stopped = { kind: 'RUNNER_TIMEOUT', message };
        running.interrupt();
      },
      wholeMilliseconds(seconds * 1000),
    );
    const hard = setTimeout(
      () => {
        const message = `The cell ran longer than ${seconds} s and did not respond to an interrupt for ${graceSeconds} s, so its process was killed. ${lost}`;
        stopped = { kind: 'RUNNER_TIMEOUT', message, killed: true };
        running.kill();
      },
      wholeMilliseconds((seconds + graceSeconds) * 1000),
    );
    cellEndsAt = Date.now() + seconds * 1000;
    const raw = await running.execute(code);
    clearTimeout(soft);
    clearTimeout(hard);
    if (!raw.cell) {
      kernel = undefined;
      running.kill();
      stopped = lostProcess({ how: await running.ended, hadEnded, exceeded: running.exceeded, stopped });
    }
    return cellResult(raw, stopped, performance.now() - started);
  };

  try {
    kernel = await freshKernel();
  } catch (error) {
    await workspace.remove();
    throw error;
  }
  const hello = await kernel.hello;

  return {
    agent,
    hello,
    writeFile: (name, content) => writeInto(workspace.folder, name, content),
    readArtifact: (name) => readArtifact(workspace.folder, name),
    execute: (code, seconds, statementLimit = options.statement_limit) =>
      turn(async () => {
        if (ended) throw new Failure('CONFLICT', `The session of agent ${agent} has ended. Start another one.`);
        sentByCell = 0;
        sentLimit = Math.min(options.statement_limit, sent + statementLimit);
        evidenceOfCell = new Set();
        const cell = await runCell(code, seconds);
        // A thread of the cell may still wait for one. It is the cell's all the same, and ends when the cell's time does.
        await Promise.all(underWay);
        return { cell, statements: sentByCell, statement_evidence: [...evidenceOfCell] };
      }),
    async end() {
      ended = true;
      const ending = kernel;
      kernel = undefined;
      ending?.kill();
      await ending?.ended;
      await workspace.remove();
    },
  };
};

/**
 * Model-written code may have put a link there that leads out of the workspace, or a pipe that nobody reads. Its user may
 * read and write the file, though it is the supervisor's: everyone may whom the folder lets in.
 */
const writeInto = async (folder: string, name: string, content: Uint8Array): Promise<void> => {
  try {
    await using file = await open(join(folder, name), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK);
    // One that the code's own user has made keeps its mode.
    await file.chmod(0o666).catch(() => undefined);
    await file.writeFile(content);
  } catch (error) {
    const reason = `${name} cannot be written into the workspace (${(error as NodeJS.ErrnoException).code}).`;
    throw new Failure('CONFLICT', `${reason} Choose another name.`, { cause: error });
  }
};

/** What is said of a process that ended: nothing of it is kept, whatever was said before. */
const lostProcess = ({
  how,
  hadEnded,
  exceeded,
  stopped,
}: {
  readonly how: string;
  readonly hadEnded: boolean;
  readonly exceeded: KernelExceeded | undefined;
  readonly stopped: Stopped | undefined;
}): Stopped => {
  const advice = exceeded?.kind === 'RUNNER_MEMORY' ? ' Aggregate in SQL, or load less.' : '';
  const kind = exceeded?.kind ?? 'SANDBOX_LOST';
  if (hadEnded) {
    const message = `The Python process ended before this cell began (${how}); the cell was not run. ${lost}${advice}`;
    return { kind, message };
  }
  if (exceeded) return { kind, message: `The Python process ended (${how}). ${lost}${advice}` };
  if (stopped?.killed) return stopped;
  if (stopped)
    return {
      kind: stopped.kind,
      message: `The cell ran too long, and its process ended when it was interrupted (${how}). ${lost}`,
    };
  return { kind, message: `The Python process ended (${how}). ${lost}` };
};

const cellResult = (
  { cell, stdout, stdout_truncated }: RawCell,
  stopped: Stopped | undefined,
  milliseconds: number,
): CellResult => {
  const error = stopped
    ? { kind: stopped.kind, message: stopped.message, name: stopped.kind, traceback: cell?.error?.traceback ?? '' }
    : cell?.error && { kind: 'PYTHON_FAILED', ...cell.error };
  return {
    stdout,
    stdout_truncated,
    ...(typeof cell?.result === 'string' ? { result: cell.result } : {}),
    outputs: cell?.outputs ?? [],
    ...(error ? { error } : {}),
    state_lost: cell === undefined,
    milliseconds,
  };
};
