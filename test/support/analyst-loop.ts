import { join } from 'node:path';
import { analystModel } from '../../src/adapters/analyst-model.ts';
import { folderPrompts } from './memory-prompts.ts';
import type { BudgetOverride } from '../../src/contracts/budget.ts';
import type { Drift } from '../../src/contracts/drift.ts';
import { Report } from '../../src/contracts/report.ts';
import { type LoopBench, makeLoop } from './agent-loop.ts';
import { checkTables } from './check-tables.ts';
import { type InProcessSandbox, inProcessSandbox } from './in-process-sandbox.ts';
import { measuredProfile } from './measured-profile.ts';

/** A database that was surveyed without a model. */
export type AnalystRun = {
  readonly bench: LoopBench;
  readonly sandbox: InProcessSandbox;
  readonly report: Report;
  /** The page as words, tags and entities resolved. */
  readonly page: string;
  /** The analyst’s own text as words. */
  readonly text: string;
};

/** Surveys tables on a real DuckDB: the rules look at them, the analyst writes, through the real loop. */
export const surveyTables = async (
  setup: readonly string[],
  options: {
    readonly budget?: BudgetOverride;
    readonly drift?: Drift;
    /** What lies there before the rules look: reports and findings of an earlier run. */
    readonly before?: (bench: LoopBench) => Promise<void>;
  } = {},
): Promise<AnalystRun> => {
  const { before, ...rest } = options;
  const sandbox = await inProcessSandbox(setup);
  const prompts = folderPrompts({ dir: join(import.meta.dirname, '../../prompts'), env: {} });
  const profile = await measuredProfile(sandbox);
  const bench = await makeLoop({ model: analystModel(), sandbox, prompts, profile, ...rest });
  await before?.(bench);
  await checkTables(bench, profile);
  const verdict = await bench.drive('cataloging');
  if (verdict.status !== 'succeeded') throw new Error(`the analyst ended ${verdict.status}: ${verdict.cause}`);
  const report = Report.parse(JSON.parse((await bench.report('cataloging', 'json'))!));
  const page = (await bench.report('cataloging', 'html'))!;
  return {
    bench,
    sandbox,
    report,
    page: wordsOf(page.replace(/<style>[^]*?<\/style>/, '')),
    text: wordsOf(report.body_html),
  };
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
