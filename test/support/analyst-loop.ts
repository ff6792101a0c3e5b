import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analystModel } from '../../src/adapters/analyst-model.ts';
import { promptFiles } from '../../src/adapters/prompt-files.ts';
import type { BudgetOverride } from '../../src/contracts/budget.ts';
import type { Drift } from '../../src/contracts/drift.ts';
import { Report } from '../../src/contracts/report.ts';
import { type LoopBench, makeLoop } from './agent-loop.ts';
import { type Cell, type InProcessSandbox, inProcessSandbox } from './in-process-sandbox.ts';
import { measuredProfile } from './measured-profile.ts';

/** One row of the table of findings of a report. */
export type ReportedFinding = {
  readonly severity: string;
  readonly finding: string;
  readonly where: string;
  readonly rows: number;
};

/** A database that the analyst has surveyed. */
export type AnalystRun = {
  readonly bench: LoopBench;
  readonly sandbox: InProcessSandbox;
  readonly report: Report;
  readonly findings: readonly ReportedFinding[];
  /** The report as words, tags and entities resolved. */
  readonly text: string;
};

/** Lets the analyst survey tables on a real DuckDB, through the real loop. Python runs only what `cell` says. */
export const surveyTables = async (
  setup: readonly string[],
  options: { readonly cell?: Cell; readonly budget?: BudgetOverride; readonly drift?: Drift } = {},
): Promise<AnalystRun> => {
  const { cell, ...rest } = options;
  const sandbox = await inProcessSandbox(setup, cell);
  const prompts = promptFiles({ dir: join(import.meta.dirname, '../../prompts'), env: {} });
  const bench = await makeLoop({
    model: analystModel(),
    sandbox,
    prompts,
    profile: await measuredProfile(sandbox),
    ...rest,
  });
  const verdict = await bench.drive('cataloging');
  if (verdict.status !== 'succeeded') throw new Error(`the analyst ended ${verdict.status}: ${verdict.cause}`);
  const report = Report.parse(JSON.parse((await bench.report('cataloging', 'json'))!));
  return { bench, sandbox, report, findings: findingsOf(report.body_html), text: wordsOf(report.body_html) };
};

/** The words of a piece of HTML. */
export const wordsOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');

/** The rows of the table whose first column is the severity. */
export const findingsOf = (html: string): readonly ReportedFinding[] => {
  const table = html.split('<table>').find((part) => part.includes('<th>Severity</th>')) ?? '';
  return [...table.split('</table>')[0]!.matchAll(/<tr>\s*<td.*?<\/tr>/gs)].map(([row]) => {
    const [severity = '', finding = '', where = '', rows = ''] = [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(
      (cell) => wordsOf(cell[1] ?? '').trim(),
    );
    return { severity, finding, where, rows: Number(rows.replaceAll(',', '')) };
  });
};

/** Runs cells on the machine’s own Python, in a folder with the files of the sandbox: for cells that need no database. */
export const systemPython =
  (files: () => ReadonlyMap<string, Uint8Array>): Cell =>
  (code) => {
    const folder = mkdtempSync(join(tmpdir(), 'surveyor-cell-'));
    try {
      for (const [name, bytes] of files()) writeFileSync(join(folder, name), bytes);
      const { stdout, stderr, status } = spawnSync('python3', ['-c', code], { cwd: folder, encoding: 'utf8' });
      return {
        stdout,
        ...(status === 0
          ? {}
          : { error: { kind: 'PYTHON_FAILED', name: 'Error', message: stderr, traceback: stderr } }),
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
