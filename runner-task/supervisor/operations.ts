import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/contracts/failure.ts';
import type {
  CellResult,
  FileTarget,
  ObjectsTarget,
  SandboxInput,
  SandboxOperation,
  SandboxOutput,
} from '../../src/contracts/sandbox.ts';
import type { Evidence } from '../../src/contracts/evidence.ts';
import { checkClosedFolders } from './closed-folders.ts';
import { createDatabase, type Database } from './database.ts';
import type { OpenedDatabase } from './engines/open-engine.ts';
import { createEvidenceLog } from './evidence-log.ts';
import { kernelDatabases } from './kernel-databases.ts';
import { fetchObjects } from './fetch-objects.ts';
import { connectKernels } from './connect-kernel.ts';
import { workspaceLimits } from './kernel-limits.ts';
import { startKernel, type KernelProcess } from './kernel-process.ts';
import { startSession, type Session } from './session.ts';
import type { SupervisorSettings } from './settings.ts';
import { spawnKernels } from './spawn-kernel.ts';
import { createRunStatement } from './statements.ts';

/** A statement's failure, with the evidence it left. */
export class StatementFailure extends Failure {
  readonly evidence_id: string;

  constructor(failure: Failure, evidence_id: string) {
    super(failure.kind, failure.message, failure);
    this.evidence_id = evidence_id;
  }
}

/** The supervisor's operations by name, and the way to end everything below them. */
export type Operations = {
  readonly handlers: { readonly [O in SandboxOperation]: (input: SandboxInput<O>) => Promise<SandboxOutput<O>> };
  close(): void;
};

const cellPreview = ({ stdout, result, error }: CellResult): string =>
  [stdout, result, error && `${error.name}: ${error.message}`].filter(Boolean).join('\n');

const cellVerdict = ({ error }: CellResult): Evidence['verdict'] => {
  if (!error) return 'ran';
  return error.kind === 'RUNNER_TIMEOUT' ? 'timed_out' : 'failed';
};

/** One sandbox: its databases, an agent's session, and the evidence of what was done in both. */
export const createOperations = (settings: SupervisorSettings, own_mounts = false): Operations => {
  const folder = (name: string): string => {
    const path = join(settings.folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
  const evidence = createEvidenceLog();

  // In the order in which they were first opened: the first one is `db` in Python.
  const sources = new Map<string, { readonly database: Database; readonly opened?: OpenedDatabase }>();
  let databases = 0;
  const addDatabase = (warm = false): Database => {
    databases += 1;
    // A spill folder for each: two DuckDB processes would write files of the same names.
    const bounds = {
      memory_bytes: settings.database_memory_bytes,
      spill_folder: folder(`spill-${databases}`),
      python: settings.python,
    };
    return createDatabase(bounds, settings.folder, warm);
  };
  const warmDatabase = addDatabase(true);
  const databaseOf = (source: string): Database => {
    const found = sources.get(source);
    if (found) return found.database;
    throw new Failure('CONFLICT', `No database is open here as ${JSON.stringify(source)}. Open it first.`);
  };
  const runStatement = createRunStatement(databaseOf, evidence);
  const host =
    settings.kernel_socket === undefined
      ? spawnKernels({ ...settings, own_mounts })
      : connectKernels(settings.kernel_socket);
  const kernelSettings = {
    host,
    memory_bytes: settings.kernel_memory_bytes,
    isolation_at_least: settings.isolation_at_least,
  };

  const kernels = new Set<KernelProcess>();
  const addKernel = (): KernelProcess => {
    const added = startKernel(kernelSettings);
    kernels.add(added);
    void added.ended.then(() => kernels.delete(added));
    return added;
  };
  // Importing pandas and ibis takes a second: one process has always done it before it is needed.
  let spare = addKernel();
  const takeKernel = (): KernelProcess => {
    const taken = kernels.has(spare) ? spare : addKernel();
    spare = addKernel();
    return taken;
  };

  /** Files that were fetched for a source, in a folder of their own, in the place of what was fetched for it before. */
  const fetched = async (source: string, { objects }: ObjectsTarget): Promise<FileTarget> => {
    const path = folder(`objects-${source}`);
    await fetchObjects(objects, path, settings.object_origin);
    return { engine: 'files', path };
  };

  let session: Session | undefined;

  const theSession = (agent?: string): Session => {
    if (session && (agent === undefined || session.agent === agent)) return session;
    const found = session ? `the session is that of agent ${session.agent}` : 'there is no session';
    throw new Failure('CONFLICT', `No Python can run here: ${found}. Start one first.`);
  };
  const endSession = async (): Promise<void> => {
    const ending = session;
    session = undefined;
    await ending?.end();
  };

  return {
    handlers: {
      async open({ source, target, tables, kept }) {
        await checkClosedFolders(target, settings.folders ?? { closed: [], except: [] });
        const database = sources.get(source)?.database ?? (sources.size === 0 ? warmDatabase : addDatabase());
        sources.set(source, { database });
        const place = target.engine === 'objects' ? await fetched(source, target) : target;
        const opened = await database.open(place, { asked: tables, kept });
        sources.set(source, { database, opened });
        // A run of some tables knows nothing of what lies beside them.
        const beside = target.engine === 'objects' && opened.not_asked === undefined ? (target.left_out ?? []) : [];
        const left_out = [...beside, ...(opened.schema.left_out ?? [])];
        const not_asked = opened.not_asked?.length ?? 0;
        return { ...opened.schema, ...(left_out.length === 0 ? {} : { left_out }), not_asked };
      },
      async execute_sql(statement) {
        const outcome = await runStatement(statement);
        if (outcome.ok) return { table: outcome.table, evidence_id: outcome.evidence_id };
        throw new StatementFailure(outcome.failure, outcome.evidence_id);
      },
      async start_session(input) {
        await endSession();
        session = await startSession({
          ...input,
          workspace: await host.makeWorkspace(workspaceLimits),
          databases: kernelDatabases(sources),
          takeKernel,
          runStatement,
        });
        return session.hello;
      },
      async write_file({ name, content_base64 }) {
        const content = Buffer.from(content_base64, 'base64');
        await theSession().writeFile(name, content);
        return { bytes: content.length };
      },
      async read_artifact({ name }) {
        const content = await theSession().readArtifact(name);
        return { content_base64: content.toString('base64'), bytes: content.length };
      },
      async execute_python({ agent, code, seconds, statement_limit }) {
        evidence.makeRoom();
        const started_at = new Date().toISOString();
        const { cell, ...sent } = await theSession(agent).execute(code, seconds, statement_limit);
        const { milliseconds, ...result } = cell;
        const { error } = cell;
        const evidence_id = evidence.record({
          kind: 'python',
          origin: 'tool',
          agent,
          text: code,
          verdict: cellVerdict(cell),
          result,
          preview: cellPreview(cell),
          started_at,
          milliseconds,
          ...(error ? { failure: { kind: error.kind, message: `${error.name}: ${error.message}` } } : {}),
        });
        return { cell, evidence_id, ...sent };
      },
      async end_session() {
        await endSession();
        return {};
      },
      async evidence({ after }) {
        return evidence.readAfter(after);
      },
      async ping() {
        return { leased: [...sources.values()].some(({ opened }) => opened !== undefined) };
      },
    },
    close() {
      warmDatabase.close();
      sources.forEach(({ database }) => database.close());
      kernels.forEach((kernel) => kernel.kill());
    },
  };
};
