import type { Command } from 'commander';
import type { RunPage } from '../../src/contracts/run.ts';
import { loadSettings } from '../local/settings.ts';
import { between, duration } from '../progress/number-text.ts';
import { printable } from '../progress/fit-text.ts';
import { labelsOf } from '../progress/labels-of.ts';
import { moreText } from './more-text.ts';
import { wholeNumber } from './numbers.ts';
import { alignColumns, terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

const table = ({ runs, next_cursor }: RunPage): string => {
  if (runs.length === 0) return `No runs yet. Start one: ${programName} catalog ecommerce`;
  // A column that is empty from top to bottom tells nothing.
  const scheduled = runs.some(({ trigger }) => trigger?.kind === 'schedule');
  const rows = runs.map((run) => [
    run.run_id,
    run.status,
    printable(labelsOf(run)),
    run.s3_prefix ?? '',
    ...(scheduled ? [run.trigger?.kind === 'schedule' ? (run.trigger.id ?? '') : ''] : []),
    run.created_at.slice(0, 19).replace('T', ' '),
    run.ended_at === undefined ? '' : duration(between(run.created_at, run.ended_at, new Date())),
  ]);
  const head = ['RUN', 'STATUS', 'SOURCE', 'PREFIX', ...(scheduled ? ['SCHEDULE'] : []), 'STARTED (UTC)', 'TOOK'];
  const text = alignColumns([head, ...rows]);
  return [text, ...moreText('runs', next_cursor)].join('\n');
};

/** `surveyor runs`: the runs, newest first. */
export const registerRuns = (program: Command): void => {
  program
    .command('runs')
    .description('List the runs, newest first')
    .option('--limit <number>', 'how many, at most 100', wholeNumber, 20)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .addHelpText('after', `\nExamples:\n  ${programName} runs\n  ${programName} runs --limit 5 --json`)
    .action(async (options: { limit: number; cursor?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const page = await withService(loadSettings(), terminal.display().note, (link) => link.client.listRuns(options));
      terminal.print(page, () => table(page));
    });
};
