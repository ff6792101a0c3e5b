import { Option, type Command } from 'commander';
import { LogLevel, type LogPage } from '../../src/contracts/log-entry.ts';
import { loadSettings } from '../local/settings.ts';
import { printable } from '../progress/fit-text.ts';
import { wholeNumber } from './numbers.ts';
import { runIdOr } from './run.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';

type Options = {
  readonly level?: LogLevel;
  readonly since?: string;
  readonly q?: string;
  readonly limit: number;
  readonly cursor?: string;
};

const lineOf = ({ at, level, message, fields }: LogPage['entries'][number]): string => {
  const more = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return printable([at.slice(11, 23), level.padEnd(5), message, ...more].join(' '));
};

const textOf = ({ entries, next_cursor }: LogPage): string =>
  [
    ...entries.map(lineOf),
    ...(entries.length === 0 ? ['No such lines.'] : []),
    ...(next_cursor === undefined ? [] : [`More: --cursor ${next_cursor}`]),
  ].join('\n');

/** `surveyor logs <id>`: what a run logged. */
export const registerLogs = (program: Command): void => {
  program
    .command('logs')
    .description('Show what a run logged, oldest first')
    .argument('[id]', 'the run; the newest one when left out')
    .addOption(new Option('--level <level>', 'that one and worse').choices(LogLevel.options))
    .option('--since <time>', 'from this time on, as 2026-01-31T12:00:00.000Z')
    .option('--q <text>', 'lines that hold the text')
    .option('--limit <number>', 'how many, at most 1,000', wholeNumber, 200)
    .option('--cursor <cursor>', 'go on where an earlier page ended')
    .addHelpText('after', '\nExamples:\n  npx surveyor logs --level WARN\n  npx surveyor logs --q profiled')
    .action(async (given: string | undefined, options: Options, command: Command) => {
      const terminal = terminalOf(command);
      await withService(loadSettings(), terminal.display().note, async ({ client }) => {
        const page = await client.listLogs({ id: await runIdOr(given, client), ...options });
        terminal.print(page, () => textOf(page));
      });
    });
};
