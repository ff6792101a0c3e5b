import type { Findings } from '../../src/contracts/finding.ts';
import type { DatabaseProfile } from '../../src/contracts/profile.ts';
import type { ResultTable } from '../../src/contracts/sandbox.ts';
import { Engine } from '../../src/contracts/engine.ts';
import { type CheckedTable, finishFindings } from '../../src/domain/rules/finish-findings.ts';
import { outlineTables } from '../../src/domain/rules/outline-tables.ts';
import { planRules } from '../../src/domain/rules/plan-rules.ts';
import type { Question, Reading, Rows } from '../../src/domain/rules/rule.ts';

/** What the rules came to, and what they asked. */
export type RulesRun = Omit<Findings, 'rules'> & {
  readonly statements: readonly string[];
  readonly failed: readonly { readonly sql: string; readonly message: string }[];
};

/** The rows of a result, as the rules read them. */
export const rowsOf = ({ columns, values, rows }: ResultTable): Rows =>
  Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name }, column) => {
        const value = values[column]?.[row] ?? null;
        return [name, value === null || typeof value === 'string' ? value : JSON.stringify(value)];
      }),
    ),
  );

/** Runs the rules on a measured database with nothing but a way to ask: no store, no sandbox, no guard. */
export const runRules = async (
  { source, engine, tables }: DatabaseProfile,
  ask: (sql: string, rows: number) => Promise<ResultTable>,
): Promise<RulesRun> => {
  const outlines = outlineTables(tables);
  const statements: string[] = [];
  const failed: { sql: string; message: string }[] = [];
  const checked: CheckedTable[] = [];
  for (const table of tables) {
    const { known, questions } = planRules({ source, engine: Engine.parse(engine), table, outlines });
    const readings: Reading[] = [known];
    const open: Question[] = [...questions];
    for (let question = open.shift(); question !== undefined; question = open.shift()) {
      statements.push(question.sql);
      try {
        const result = await ask(question.sql, question.rows);
        if (result.truncated) throw new Error(`more than ${question.rows} rows`);
        const reading = question.read(rowsOf(result), `e${String(statements.length).padStart(12, '0')}`);
        readings.push(reading);
        open.push(...(reading.next ?? []));
      } catch (error) {
        failed.push({ sql: question.sql, message: error instanceof Error ? error.message : String(error) });
      }
    }
    checked.push({ source, table: table.table, readings });
  }
  return { ...finishFindings(checked), statements, failed };
};

/** The findings as their keys and rows. */
export const keysAndRows = ({ findings }: Pick<Findings, 'findings'>): Readonly<Record<string, number>> =>
  Object.fromEntries(findings.map(({ key, rows }) => [key, rows]));
