import { reportOf } from '../../src/contracts/failure-report.ts';
import { toFailure, type Failure } from '../../src/contracts/failure.ts';
import type { Evidence } from '../../src/contracts/evidence.ts';
import type { ResultTable, StatementLimits } from '../../src/contracts/sandbox.ts';
import type { Database } from './database.ts';
import type { StatementAuthor } from './policy/statement-policy.ts';
import type { EvidenceLog } from './evidence-log.ts';

/** A statement and who sent it. */
export type Statement = {
  readonly source: string;
  readonly sql: string;
  readonly limits: StatementLimits;
  readonly origin: Evidence['origin'];
  readonly agent?: string | undefined;
  /** When nobody waits any more, in milliseconds of the clock. */
  readonly until?: number | undefined;
};

/** How a statement ended; either way it has left evidence. */
export type StatementOutcome =
  | { readonly ok: true; readonly table: ResultTable; readonly evidence_id: string }
  | { readonly ok: false; readonly failure: Failure; readonly evidence_id: string };

/**
 * Runs statements and records every one of them. `refuse` turns a statement away before the database sees it (a used-up
 * quota), and is recorded like every other refusal.
 */
export type RunStatement = (statement: Statement, refuse?: Failure) => Promise<StatementOutcome>;

const previewRows = 20;

const previewOf = ({ columns, values, rows, truncated, incomplete = [] }: ResultTable): string => {
  // First, so that no long row pushes it out of the preview.
  const lines = [...incomplete.map((why) => `Not the answer: ${why}`), columns.map(({ name }) => name).join(' | ')];
  for (let row = 0; row < Math.min(rows, previewRows); row += 1) {
    lines.push(values.map((column) => String(column[row] ?? 'NULL')).join(' | '));
  }
  if (truncated || rows > previewRows) lines.push(`… ${rows} rows${truncated ? ', cut by a limit' : ''}`);
  return lines.join('\n');
};

const verdictOf = ({ kind }: Failure): Evidence['verdict'] => {
  if (kind === 'STATEMENT_REFUSED' || kind === 'BUDGET_EXCEEDED') return 'refused';
  return kind === 'RUNNER_TIMEOUT' ? 'timed_out' : 'failed';
};

const authorOf = (origin: Evidence['origin']): StatementAuthor =>
  origin === 'profile' || origin === 'rule' ? 'surveyor' : 'agent';

/** Makes the one way to the databases of a sandbox. */
export const createRunStatement =
  (databaseOf: (source: string) => Database, evidence: EvidenceLog): RunStatement =>
  async ({ source, sql, limits, origin, agent, until }, refuse) => {
    evidence.makeRoom();
    const started = new Date();
    const common = { kind: 'sql' as const, origin, source, text: sql, started_at: started.toISOString() };
    const by = agent === undefined ? {} : { agent };
    try {
      if (refuse) throw refuse;
      const table = await databaseOf(source).run(sql, limits, authorOf(origin), until);
      const evidence_id = evidence.record({
        ...common,
        ...by,
        verdict: 'ran',
        result: table,
        ...(table.incomplete === undefined ? {} : { incomplete: table.incomplete }),
        rows: table.rows,
        preview: previewOf(table),
        milliseconds: Date.now() - started.getTime(),
      });
      return { ok: true, table, evidence_id };
    } catch (error) {
      const failure = toFailure(error);
      const evidence_id = evidence.record({
        ...common,
        ...by,
        verdict: verdictOf(failure),
        failure: reportOf(failure),
        preview: [failure.message, failure.excerpt].filter(Boolean).join('\n'),
        milliseconds: Date.now() - started.getTime(),
      });
      return { ok: false, failure, evidence_id };
    }
  };
