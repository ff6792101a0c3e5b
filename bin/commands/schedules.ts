import type { Command } from 'commander';
import type { CatalogSource } from '../../src/contracts/catalog.ts';
import { Name } from '../../src/contracts/common.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { ScheduledCatalog, ScheduleView } from '../../src/contracts/schedule.ts';
import { loadSettings } from '../local/settings.ts';
import { programName } from '../program-name.ts';
import { addBudgetOptions, type CatalogOptions, catalogRequest } from './catalog-request.ts';
import { wholeNumber } from './numbers.ts';
import { refusePassword } from './refuse-password.ts';
import { noServiceNote, schedulesTable, scheduleText } from './schedule-text.ts';
import type { ServiceLink } from './service-link.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';

type Times = { readonly cron?: string; readonly rate?: string; readonly timeZone?: string };

const example = `
Cron has six fields (minutes, hours, day of the month, month, day of the week, year), one of the two days a ?, as Amazon
EventBridge Scheduler has it. What is due is started by a running service alone: ${programName} up --detach

Examples:
  ${programName} schedules add nightly connection:shop --cron '0 2 * * ? *' --time-zone Europe/Berlin
  ${programName} schedules add often ecommerce --rate '6 hours' --prefix reports/often
  ${programName} schedules change nightly --cron '30 3 ? * MON-FRI *'
  ${programName} schedules pause nightly
  ${programName} schedules list`;

const nameOf = (given: string): string => {
  if (Name.safeParse(given).success) return given;
  throw new Failure(
    'INVALID_REQUEST',
    `"${given}" cannot be the name of a schedule, which is at most 63 lower-case letters, digits and hyphens, starting with a letter. See which there are: ${programName} schedules list`,
    { where: 'name' },
  );
};

/** The expression that the options stand for; undefined where there is none. */
const expressionOf = ({ cron, rate }: Times): string | undefined => {
  if (cron !== undefined && rate !== undefined)
    throw new Failure('INVALID_REQUEST', 'A schedule is due by --cron or by --rate, not by both. Leave one out.', {
      where: '--rate',
    });
  if (cron !== undefined) return cron.startsWith('cron(') ? cron : fromCron(cron.trim());
  if (rate === undefined) return undefined;
  return rate.startsWith('rate(') ? rate : `rate(${rate.trim()})`;
};

/** Five fields go as they are: they are refused with the six that were meant. */
const fromCron = (fields: string): string => (fields.split(/\s+/).length === 5 ? fields : `cron(${fields})`);

/** What is surveyed each time. Fails with INVALID_REQUEST where it would have to keep a connection string. */
const catalogOf = (given: readonly string[], options: CatalogOptions): ScheduledCatalog => {
  for (const word of given) refusePassword(word);
  const { db_conn_string, sources, ...request } = catalogRequest(
    given.map((text) => ({ text })),
    options,
    process.cwd(),
  );
  const inline = [db_conn_string, ...(sources ?? []).map((source) => source.db_conn_string)];
  if (inline.every((text) => text === undefined))
    return { ...request, ...(sources === undefined ? {} : { sources: sources.map(withoutString) }) };
  throw new Failure(
    'INVALID_REQUEST',
    `A schedule keeps no connection string and no path. Keep it under a name, and name that:\n  ${programName} connections add shop < connection-string.txt\n  ${programName} schedules add nightly connection:shop …`,
    { where: 'database' },
  );
};

const withoutString = (source: CatalogSource) => {
  const { db_conn_string: _, ...kept } = source;
  return kept;
};

/** Asks the service for a schedule, and prints it. */
const showing = async (
  command: Command,
  headline: string | undefined,
  ask: (client: ServiceLink['client']) => Promise<ScheduleView>,
): Promise<void> => {
  const terminal = terminalOf(command);
  const { note } = terminal.display();
  const { view, isOwn } = await withService(loadSettings(), note, async (link) => ({
    view: await ask(link.client),
    isOwn: link.isOwn,
  }));
  terminal.print(view, () => [...(headline === undefined ? [] : [headline]), scheduleText(view)].join('\n'));
  if (isOwn && view.next_due_at !== undefined) note(noServiceNote);
};

const timeOptions = (command: Command): Command =>
  command
    .option('--cron <fields>', 'due at these times of the clock on the wall')
    .option('--rate <interval>', 'due every so often, such as "6 hours"')
    .option('--time-zone <zone>', 'whose clock --cron means (default: that of this machine)');

const catalogOptions = (command: Command): Command =>
  addBudgetOptions(
    command
      .option('--tables <names>', 'only these tables, separated by commas')
      .option('--prefix <prefix>', 'where the reports go (default: reports/<name of the database>)'),
  );

/** `surveyor schedules …`: surveys that start by themselves. */
export const registerSchedules = (program: Command): void => {
  const group = program
    .command('schedules')
    .description('Start surveys by themselves: add, list, show, change, pause, resume, delete')
    .addHelpText('after', example);
  const onOne = (verb: string, description: string): Command =>
    group.command(verb).description(description).argument('<name>', 'the schedule').addHelpText('after', example);

  catalogOptions(timeOptions(onOne('add', 'Start a survey again and again')))
    .argument('<database...>', 'a sample dataset or connection:<name>; several make one report')
    .option('--paused', 'not due until it is resumed')
    .action(
      async (
        name: string,
        given: readonly string[],
        options: Times & CatalogOptions & { readonly paused?: boolean },
        command: Command,
      ) => {
        const expression = expressionOf(options);
        if (expression === undefined)
          throw new Failure(
            'INVALID_REQUEST',
            "Say when it is due: --cron '0 2 * * ? *', at two every night, or --rate '6 hours'.",
            { where: '--cron' },
          );
        const time_zone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
        const catalog = catalogOf(given, options);
        const paused = options.paused === true;
        await showing(command, 'Added.', (client) =>
          client.createSchedule({ name: nameOf(name), expression, time_zone, catalog, paused }),
        );
      },
    );

  group
    .command('list')
    .description('List the schedules by name, the times of each in its own zone')
    .option('--limit <number>', 'how many, at most 100', wholeNumber, 20)
    .option('--cursor <cursor>', 'go on where an earlier list ended')
    .addHelpText('after', example)
    .action(async (options: { limit: number; cursor?: string }, command: Command) => {
      const terminal = terminalOf(command);
      const { note } = terminal.display();
      const { page, isOwn } = await withService(loadSettings(), note, async (link) => ({
        page: await link.client.listSchedules(options),
        isOwn: link.isOwn,
      }));
      terminal.print(page, () => schedulesTable(page));
      if (isOwn && page.schedules.length > 0) note(noServiceNote);
    });

  onOne('show', 'Show one schedule, its last time and its next').action(
    async (name: string, _: unknown, command: Command) =>
      showing(command, undefined, (client) => client.getSchedule({ name: nameOf(name) })),
  );

  catalogOptions(timeOptions(onOne('change', 'Change when a schedule is due, or what it surveys')))
    .argument('[database...]', 'what is surveyed from now on, with its tables, prefix and budget')
    .action(async (name: string, given: readonly string[], options: Times & CatalogOptions, command: Command) => {
      const expression = expressionOf(options);
      const change = {
        ...(expression === undefined ? {} : { expression }),
        ...(options.timeZone === undefined ? {} : { time_zone: options.timeZone }),
        ...(given.length === 0 ? {} : { catalog: catalogOf(given, options) }),
      };
      if (Object.keys(change).length === 0)
        throw new Failure(
          'INVALID_REQUEST',
          'Say what changes: --cron, --rate, --time-zone, or the database with its --tables, --prefix and --budget-….',
          { where: 'name' },
        );
      await showing(command, 'Changed.', (client) => client.changeSchedule({ name: nameOf(name), ...change }));
    });

  for (const [verb, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    onOne(verb, paused ? 'Let a schedule be due no more until it is resumed' : 'Let a schedule be due again').action(
      async (name: string, _: unknown, command: Command) =>
        showing(command, paused ? 'Paused.' : 'Resumed.', (client) =>
          client.changeSchedule({ name: nameOf(name), paused }),
        ),
    );

  onOne('delete', 'Forget a schedule; its runs and reports stay').action(
    async (name: string, _: unknown, command: Command) => {
      const terminal = terminalOf(command);
      const view = await withService(loadSettings(), terminal.display().note, ({ client }) =>
        client.deleteSchedule({ name: nameOf(name) }),
      );
      terminal.print(view, () => `Deleted.\n${scheduleText(view)}`);
    },
  );
};
