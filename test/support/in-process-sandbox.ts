import { DuckDBInstance } from '@duckdb/node-api';
import { createEvidenceLog, type Work } from '../../runner-task/supervisor/evidence-log.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type {
  CellResult,
  Lease,
  ResultTable,
  ResultValue,
  SandboxInput,
  SandboxOperation,
  SandboxOutput,
} from '../../src/contracts/sandbox.ts';
import type { Sandbox } from '../../src/ports/sandbox.ts';

/** What a test lets Python do. */
export type Cell = (code: string) => Partial<CellResult> & { readonly statements?: number };

/**
 * A sandbox in this process: SQL runs on a real DuckDB in memory, Python is what the test says. It guards nothing. What a
 * statement names `cut_short` is answered as incomplete.
 */
export type InProcessSandbox = Sandbox & {
  readonly calls: readonly { readonly operation: SandboxOperation; readonly input: unknown }[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly query: (sql: string, rows?: number) => Promise<ResultTable>;
  /** From now on every call fails, as when the process is gone. */
  readonly kill: () => void;
};

export const inProcessSandbox = async (
  setup: readonly string[] = [],
  cell: Cell = () => ({}),
): Promise<InProcessSandbox> => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const sql of setup) await connection.run(sql);
  const calls: { operation: SandboxOperation; input: unknown }[] = [];
  const files = new Map<string, Uint8Array>();
  const evidence = createEvidenceLog();
  let isDead = false;

  const record = (work: Omit<Work, 'started_at' | 'milliseconds'>): string =>
    evidence.record({ started_at: '2026-01-31T12:00:00.000Z', milliseconds: 1, ...work });

  const query = async (sql: string, rows = 1_000): Promise<ResultTable> => {
    const result = await connection.runAndReadUntil(sql, rows + 1).catch((error: unknown) => {
      throw new Failure('STATEMENT_FAILED', error instanceof Error ? error.message : String(error));
    });
    const columns = result.getColumnsJson().map((values) => values.slice(0, rows) as ResultValue[]);
    const count = columns[0]?.length ?? 0;
    return {
      columns: result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) })),
      values: columns,
      rows: count,
      truncated: result.currentRowCount > rows,
      ...(sql.includes('cut_short') ? { incomplete: ['A recursion was stopped.'] } : {}),
    };
  };

  const answer = async (operation: SandboxOperation, input: unknown): Promise<unknown> => {
    switch (operation) {
      case 'execute_sql': {
        const { source, sql, limits, origin, agent } = input as SandboxInput<'execute_sql'>;
        const work = { kind: 'sql' as const, origin, source, text: sql, ...(agent === undefined ? {} : { agent }) };
        try {
          const table = await query(sql, limits.rows);
          return {
            table,
            evidence_id: record({
              ...work,
              verdict: 'ran',
              result: table,
              ...(table.incomplete && { incomplete: table.incomplete }),
              rows: table.rows,
              preview: JSON.stringify(table.values),
            }),
          };
        } catch (error) {
          record({ ...work, verdict: 'failed', preview: String(error) });
          throw error;
        }
      }
      case 'execute_python': {
        const { code, agent } = input as SandboxInput<'execute_python'>;
        const { statements = 0, ...result } = cell(code);
        const whole: CellResult = {
          stdout: '',
          stdout_truncated: false,
          outputs: [],
          state_lost: false,
          milliseconds: 1,
          ...result,
        };
        const { milliseconds: _, ...work } = whole;
        return {
          cell: whole,
          statements,
          statement_evidence: [],
          evidence_id: record({
            kind: 'python',
            origin: 'tool',
            text: code,
            agent,
            verdict: whole.error === undefined ? 'ran' : 'failed',
            result: work,
            preview: whole.stdout,
          }),
        };
      }
      case 'write_file': {
        const { name, content_base64 } = input as SandboxInput<'write_file'>;
        files.set(name, Buffer.from(content_base64, 'base64'));
        return { bytes: files.get(name)?.length ?? 0 };
      }
      case 'read_artifact': {
        const { name } = input as SandboxInput<'read_artifact'>;
        const content = files.get(name);
        if (content === undefined) throw new Failure('NOT_FOUND', `There is no file ${name} in the workspace.`);
        return { content_base64: Buffer.from(content).toString('base64'), bytes: content.length };
      }
      case 'evidence': {
        const { after } = input as SandboxInput<'evidence'>;
        return evidence.readAfter(after);
      }
      case 'start_session':
        files.clear();
        return { python: '3.12.0', isolation: 'none' };
      case 'end_session':
        return {};
      case 'ping':
        return { leased: true };
      case 'open':
        throw new Failure('INTERNAL', 'This sandbox is open already.');
    }
  };

  return {
    calls,
    files,
    query,
    kill: () => {
      isDead = true;
    },
    take: async (tenant, holder, attempt) => ({
      state: 'ready',
      lease: { tenant, holder, attempt, lease_id: 'lease-1', address: 'http://127.0.0.1:0', token: 't'.repeat(40) },
    }),
    call: async <O extends SandboxOperation>(_: Lease, operation: O, input: SandboxInput<O>) => {
      calls.push({ operation, input });
      if (isDead) throw new Failure('SANDBOX_LOST', 'The sandbox does not answer any more.');
      return (await answer(operation, input)) as SandboxOutput<O>;
    },
    release: async () => {},
    abandon: async () => {},
    sweep: async () => ({ holders: 0, stopped: [] }),
  };
};
