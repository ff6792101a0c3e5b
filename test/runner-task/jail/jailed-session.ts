import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePythonEnvironment } from '../../../src/adapters/local/python-environment.ts';
import type { CellResult } from '../../../src/contracts/sandbox.ts';
import type { IsolationLevel } from '../../../src/contracts/isolation.ts';
import { connectKernels } from '../../../runner-task/supervisor/connect-kernel.ts';
import type { Workspace } from '../../../runner-task/supervisor/kernel-host.ts';
import { workspaceLimits, type WorkspaceLimits } from '../../../runner-task/supervisor/kernel-limits.ts';
import { startKernel, type KernelProcess } from '../../../runner-task/supervisor/kernel-process.ts';
import { spawnKernels } from '../../../runner-task/supervisor/spawn-kernel.ts';
import { startSession, type Session } from '../../../runner-task/supervisor/session.ts';
import type { createRunStatement } from '../../../runner-task/supervisor/statements.ts';
import { startListener } from '../sandbox/start-listener.ts';

const project = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** The user's own environment, because it is the same for all and takes a minute to make. */
export const kernelPython = (): Promise<string> =>
  ensurePythonEnvironment({
    cacheDir: join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'surveyor'),
    requirementsFile: project('runner-task/kernel/requirements.txt'),
    onProgress: () => undefined,
  });

/** Kernels of one level in a folder of their own, with the session that runs. */
export type JailedSession = {
  /** The folder above the workspaces. */
  readonly folder: string;
  readonly workspace: () => string;
  readonly isolation: () => string;
  /** The process of the running session. */
  readonly pid: () => number;
  cell(code: string, seconds?: number): Promise<CellResult>;
  /** Ends the session and starts the next. */
  reset(): Promise<void>;
  close(): Promise<void>;
};

type RunStatement = ReturnType<typeof createRunStatement>;

/** Answers every statement with a 1, unless it is refused: what comes of statements is tested elsewhere. */
const one: RunStatement = async (_, refused) =>
  refused
    ? { ok: false, evidence_id: 'e0', failure: refused }
    : {
        ok: true,
        evidence_id: 'e0',
        table: { columns: [{ name: 'n', type: 'INTEGER' }], values: [[1]], rows: 1, truncated: false },
      };

/** Starts a session in the jail of a level, or of a lower one where the machine does not give it. */
export const jailedSession = async (
  python: string,
  isolation_at_most: IsolationLevel,
  options: {
    readonly statement_limit?: number;
    readonly memory_bytes?: number;
    readonly runStatement?: RunStatement;
    readonly databases?: Parameters<typeof startSession>[0]['databases'];
    readonly workspace_limits?: WorkspaceLimits;
    /** Whether workspaces get disks of their own, where the machine lets it. */
    readonly own_mounts?: boolean;
    /** Where the folder above the workspaces is made. */
    readonly folder?: string;
    /** Whether a listener starts the kernels, as one does in a container of its own. */
    readonly connected?: boolean;
    /** Those of the listener. */
    readonly capabilities?: readonly string[];
  } = {},
): Promise<JailedSession> => {
  const folder = mkdtempSync(join(options.folder ?? tmpdir(), 'surveyor-jail-'));
  chmodSync(folder, 0o755);
  const memory_bytes = options.memory_bytes ?? 1024 ** 3;
  const listener = options.connected ? await startListener(python, folder, options.capabilities) : undefined;
  const host = listener
    ? connectKernels(listener.socket)
    : spawnKernels({ python, kernel: project('runner-task/kernel'), folder, own_mounts: options.own_mounts });
  const settings = { host, isolation_at_most, memory_bytes, workspace_limits: options.workspace_limits };
  const kernels = new Set<KernelProcess>();
  const add = (): KernelProcess => {
    const added = startKernel(settings);
    kernels.add(added);
    void added.ended.then(() => kernels.delete(added));
    return added;
  };
  let spare = add();
  let taken = spare;
  let workspace: Workspace;
  const start = async (): Promise<Session> => {
    workspace = await host.makeWorkspace(options.workspace_limits ?? workspaceLimits);
    return startSession({
      agent: 'cataloging',
      statement_limit: options.statement_limit ?? 50,
      workspace,
      databases: options.databases ?? [{ source: 'shop', engine: 'duckdb', tables: [] }],
      takeKernel: () => {
        taken = kernels.has(spare) ? spare : add();
        spare = add();
        return taken;
      },
      runStatement: options.runStatement ?? one,
    });
  };
  let session = await start();
  return {
    folder,
    workspace: () => workspace.folder,
    isolation: () => session.hello.isolation,
    pid: () => taken.pid ?? 0,
    cell: async (code, seconds = 20) => (await session.execute(code, seconds)).cell,
    async reset() {
      await session.end();
      session = await start();
    },
    async close() {
      await session.end();
      const ends = [...kernels].map((kernel) => {
        kernel.kill();
        return kernel.ended;
      });
      await Promise.all(ends);
      await listener?.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
