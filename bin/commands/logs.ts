import { InvalidArgumentError, Option, type Command } from 'commander';
import { LogLevel, type LogPage } from '../../src/contracts/log-entry.ts';
import { loadSettings } from '../local/settings.ts';
import { printable } from '../progress/fit-text.ts';
import { wholeNumber } from './numbers.ts';
import { runIdOr } from './run.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

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
    ...(next_cursor === undefined ? [] : [`More: --cursor ${printable(next_cursor)}`]),
  ].join('\n');

const logLevel = (text: string): LogLevel => {
  const level = LogLevel.safeParse(text.toUpperCase());
  if (level.success) return level.data;
  throw new InvalidArgumentError(`Give one of ${LogLevel.options.join(', ')}.`);
};

/** A date or an ISO time as the API takes it: UTC, to the millisecond. */
export const timestamp = (text: string): string => {
  const [, day, time = '00:00', zone = 'Z'] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(text.trim()) ?? [];
  const at = new Date(`${day}T${time}${zone.toUpperCase()}`);
  // `Date` takes the 31st of February for the 3rd of March.
  const isDay = day !== undefined && new Date(`${day}T00:00Z`).toJSON()?.startsWith(day) === true;
  if (isDay && !Number.isNaN(at.getTime())) return at.toISOString();
  throw new InvalidArgumentError('Give a date or an ISO time, such as 2026-01-31 or 2026-01-31T12:00:00Z.');
};

/** `surveyor logs <id>`: what a run logged. */
export const registerLogs = (program: Command): void => {
  program
    .command('logs')
    .description('Show what a run logged, oldest first')
    .argument('[id]', 'the run; the newest one when left out')
    .addOption(new Option('--level <level>', 'that one and worse').choices(LogLevel.options).argParser(logLevel))
    .option(
      '--since <time>',
      'from this time on: a date or an ISO time, UTC where no zone is given, as 2026-01-31 or 2026-01-31T12:00',
      timestamp,
    )
    .option('--q <text>', 'lines that hold the text')
    .option('--limit <number>', 'how many, at most 1,000', wholeNumber, 200)
    .option('--cursor <cursor>', 'go on where an earlier page ended')
    .addHelpText('after', `\nExamples:\n  ${programName} logs --level WARN\n  ${programName} logs --q profiled`)
    .action(async (given: string | undefined, options: Options, command: Command) => {
      const terminal = terminalOf(command);
      await withService(loadSettings(), terminal.display().note, async ({ client }) => {
        const page = await client.listLogs({ id: await runIdOr(given, client), ...options });
        terminal.print(page, () => textOf(page));
      });
    });
};
