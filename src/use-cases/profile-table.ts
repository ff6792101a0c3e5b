import { isDeepStrictEqual } from 'node:util';
import { FailureReport, reportOf } from '../contracts/failure-report.ts';
import { Failure, toFailure } from '../contracts/failure.ts';
import type { Lease, ResultTable } from '../contracts/sandbox.ts';
import { TableProfile } from '../contracts/profile.ts';
import type { Engine } from '../contracts/engine.ts';
import { DatabaseSchema, type TableSchema } from '../contracts/schema.ts';
import type { TaskInput, TaskOutput } from '../contracts/tasks.ts';
import { estimateStatement, planProfile } from '../domain/profile/plan-profile.ts';
import { profileStatements } from '../domain/profile/profile-statements.ts';
import { wideColumnStatements } from '../domain/profile/wide-columns.ts';
import { readFigures } from '../domain/figures/read-figures.ts';
import { readTableProfile } from '../domain/profile/read-table-profile.ts';
import { runKeys } from '../domain/run-keys.ts';
import type { PortsOf, Using } from '../ports/port-access.ts';
import { readDocument, requireDocument, requireLease, writeDocument } from './agent-documents.ts';
import { findRunUnderWay } from './find-run-under-way.ts';

/**
 * A profile's results are figures, not rows. A table has a few statements within the 900 s of its state, and what waits
 * for the same database waits behind each: 200 s for one, so that the statement ends before its state does.
 */
const limits = { rows: 100_000, bytes: 32 * 1024 * 1024, seconds: 200 };

/**
 * A view may be any computation and a foreign table any server, which nothing tells before; they hold up the tables behind
 * them no longer than this.
 */
const viewSeconds = 60;

type ProfilePorts = PortsOf<'profile-table'>;

/** Measures one table and keeps its profile, or why there is none. Fails as the database does. */
export const profileTable = async (
  ports: ProfilePorts,
  input: TaskInput<'profile-table'>,
): Promise<TaskOutput<'profile-table'>> => {
  try {
    return await measure(ports, input);
  } catch (thrown) {
    const key = runKeys(input.run_id).tableFailure(input.source, input.table);
    const isUnderWay = await findRunUnderWay(ports, input).then(
      () => true,
      () => false,
    );
    if (isUnderWay) await writeDocument(ports, input.tenant, key, FailureReport, reportOf(thrown));
    throw thrown;
  }
};

const measure = async (
  ports: ProfilePorts,
  { tenant, run_id, attempt, source, table }: TaskInput<'profile-table'>,
): Promise<TaskOutput<'profile-table'>> => {
  const started = ports.clock.now();
  const keys = runKeys(run_id);
  const { engine, schema } = await tableOf(ports, tenant, run_id, source, table);
  // A resumed run measures again only what has another shape by now.
  const measured = await readDocument(ports, tenant, keys.tableProfile(source, table), TableProfile);
  if (measured !== undefined && isSameShape(measured.schema, schema))
    return { source, table, rows: measured.rows.count };
  const ask = asking(ports, await requireLease(ports, tenant, run_id), source, schema);

  const estimate = estimateStatement(engine, schema);
  const plan = planProfile(engine, schema, {
    estimate: estimate === undefined ? undefined : readFigures(await ask.all([estimate])),
    now: Math.floor(started.getTime() / 1000),
  });
  const results = await ask.all(profileStatements(plan));
  const wide = await ask.all(wideColumnStatements(plan, readFigures(results)));
  const figures = readFigures([...results, ...wide]);
  const profile = readTableProfile(plan, figures, {
    statements: ask.evidence(),
    profiled_at: started.toISOString(),
    milliseconds: ports.clock.now().getTime() - started.getTime(),
  });
  await findRunUnderWay(ports, { tenant, run_id, attempt });
  await writeDocument(ports, tenant, keys.tableProfile(source, table), TableProfile, profile);
  ports.log.info('table profiled', {
    source,
    table,
    rows: profile.rows.count,
    columns: profile.columns.length,
    milliseconds: profile.milliseconds,
  });
  return { source, table, rows: profile.rows.count };
};

const isSameShape = (before: TableSchema, now: TableSchema): boolean =>
  isDeepStrictEqual(shapeOf(before), shapeOf(now));

/** What a table is declared as, without the figures that change as it grows and what a SQLite column was found to hold. */
const shapeOf = ({ kind, columns, constraints }: TableSchema): unknown => ({
  kind,
  columns: columns.map(({ name, type, nullable, comment }) => ({ name, type, nullable, comment })),
  constraints,
});

const tableOf = async (
  ports: Using<{ documents: 'read' }>,
  tenant: string,
  runId: string,
  source: string,
  table: string,
): Promise<{ readonly engine: Engine; readonly schema: TableSchema }> => {
  const { engine, tables } = await requireDocument(ports, tenant, runKeys(runId).schema(source), DatabaseSchema);
  const found = tables.find(({ name }) => name === table);
  if (found === undefined) throw new Failure('TABLE_NOT_FOUND', `The run's schema has no table "${table}".`);
  return { engine, schema: found };
};

/** Sends the profile's statements one after the other up to the first that fails, and remembers the evidence they leave. */
const asking = (ports: Using<{ sandbox: 'call' }>, lease: Lease, source: string, { kind }: TableSchema) => {
  const own = kind === 'view' || kind === 'foreign_table' ? { ...limits, seconds: viewSeconds } : limits;
  const evidence: string[] = [];
  const one = async (sql: string): Promise<ResultTable> => {
    const statement = { source, sql, limits: own, origin: 'profile' } as const;
    const answer = await ports.sandbox.call(lease, 'execute_sql', statement).catch((thrown: unknown) => {
      throw toFailure(thrown).kind === 'RUNNER_TIMEOUT' ? givenUp(kind, own.seconds, thrown) : thrown;
    });
    evidence.push(answer.evidence_id);
    if (answer.table.truncated)
      throw new Failure('INTERNAL', 'A statement of the profile answered more than its limits allow.');
    if (answer.table.incomplete !== undefined) throw notTheAnswer(answer.table.incomplete);
    return answer.table;
  };
  return {
    all: async (statements: readonly string[]): Promise<readonly ResultTable[]> => {
      const results: ResultTable[] = [];
      for (const sql of statements) results.push(await one(sql));
      return results;
    },
    evidence: (): readonly string[] => [...evidence],
  };
};

/** A figure that comes of a cut text or of a stopped recursion would look like any other. */
const notTheAnswer = (reasons: readonly string[]): Failure =>
  new Failure(
    'STATEMENT_FAILED',
    `The table could not be measured, because the database did not answer a statement in full: ${reasons.join(' ')}`,
  );

/** What the database says of a statement that took too long is advice to who wrote it; nobody wrote this one. */
const givenUp = (kind: TableSchema['kind'], seconds: number, cause: unknown): Failure =>
  new Failure(
    'RUNNER_TIMEOUT',
    kind === 'view'
      ? `The view did not answer within ${seconds} s and was given up; nothing more was asked of it.`
      : `A statement over the table took longer than ${seconds} s, and the table was given up; nothing more was asked of it.`,
    { cause, advice: { kind: kind === 'view' ? 'keep_view_result' : 'spare_table' } },
  );
