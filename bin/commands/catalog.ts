import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { CatalogRequest } from '../../src/contracts/catalog.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import { describeIssues, plainWords } from '../../src/use-cases/describe-issues.ts';
import { catalogSource } from './catalog-source.ts';
import { optionOf } from './command-place.ts';
import { failOnOption, type FailOnOptions } from './fail-on.ts';
import { followRun } from './follow-run.ts';
import { readConnectionString } from './read-connection-string.ts';
import { positiveNumber, wholeNumber } from './numbers.ts';
import { refusePassword } from './refuse-password.ts';
import { tellEnd } from './tell-end.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

type Options = FailOnOptions & {
  readonly tables?: string;
  readonly prefix?: string;
  readonly watch?: boolean;
  readonly budgetDollars?: number;
  readonly budgetTokens?: number;
  readonly budgetTurns?: number;
  readonly budgetStatements?: number;
  readonly budgetSeconds?: number;
};

const budgetOf = (options: Options): CatalogRequest['budget'] => {
  const given = {
    dollars: options.budgetDollars,
    tokens: options.budgetTokens,
    turns: options.budgetTurns,
    statements: options.budgetStatements,
    seconds: options.budgetSeconds,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return Object.keys(set).length === 0 ? undefined : set;
};

/** The words, with `-` replaced by what standard input holds: a process list shows a command's words, passwords included. */
const withStandardInput = async (given: readonly string[]): Promise<readonly string[]> => {
  for (const word of given) refusePassword(word);
  const dashes = given.filter((word) => word === '-').length;
  if (dashes === 0) return given;
  if (dashes > 1)
    throw new Failure(
      'INVALID_REQUEST',
      `There can be at most one "-", because standard input holds one connection string. Keep the others under names: ${programName} connections add shop`,
      { where: 'database' },
    );
  const read = await readConnectionString('catalog -');
  return given.map((word) => (word === '-' ? read : word));
};

/** The request that the words of the command line stand for. Fails with INVALID_REQUEST before any service is asked. */
const catalogRequest = (given: readonly string[], options: Options, folder: string): CatalogRequest => {
  const found = given.map((word) => catalogSource(word, folder));
  const [first] = found;
  const budget = budgetOf(options);
  const twice = found.find(({ source }, index) =>
    found.slice(0, index).some((one) => isDeepStrictEqual(one.source, source)),
  );
  if (twice !== undefined)
    throw new Failure('INVALID_REQUEST', `The database ${twice.label} is named twice. Name each one once.`, {
      where: 'database',
    });
  if (found.length > 1 && options.tables !== undefined) {
    throw new Failure(
      'INVALID_REQUEST',
      'With several databases, --tables does not say of which one. Survey one at a time.',
      { where: '--tables' },
    );
  }
  const request = CatalogRequest.safeParse(
    {
      ...(found.length > 1 ? { sources: found.map(({ source }) => source) } : first?.source),
      s3_prefix: options.prefix ?? `reports/${found.map(({ label }) => label).join('-')}`,
      ...(options.tables !== undefined && { tables: options.tables.split(',').map((table) => table.trim()) }),
      ...(budget !== undefined && { budget }),
    },
    { error: plainWords },
  );
  if (request.success) return request.data;
  const problems = describeIssues(request.error.issues).map(({ where, message }) => ({
    option: optionOf(where),
    message,
  }));
  const text = problems.map(({ option, message }) => {
    const value = option === '--prefix' ? options.prefix : option === '--tables' ? options.tables : undefined;
    return `${option}${value === undefined ? '' : ` "${value}"`}: ${message}`;
  });
  throw new Failure('INVALID_REQUEST', [...new Set(text)].join('\n'), { where: problems[0]?.option ?? 'database' });
};

/** `surveyor catalog <dataset-or-url>`: surveys a database. */
export const registerCatalog = (program: Command): void => {
  program
    .command('catalog')
    .description('Survey a database and write its reports')
    .argument(
      '<database...>',
      'a sample dataset, a DuckDB or SQLite file, a CSV or Parquet file or a folder of them, connection:<name>, a connection string without a password, or - to read one with its password from standard input; several make one report',
    )
    .option('--tables <names>', 'only these tables, separated by commas')
    .option('--prefix <prefix>', 'where the reports go (default: reports/<name of the database>)')
    .option('--watch', 'follow the run to its end; the exit code is then that of its outcome or failure')
    .addOption(failOnOption('; implies --watch'))
    .option('--budget-dollars <number>', 'the most an agent may cost, in US dollars', positiveNumber)
    .option('--budget-tokens <number>', 'the most tokens an agent may use', wholeNumber)
    .option('--budget-turns <number>', 'the most calls of the model an agent may make', wholeNumber)
    .option('--budget-statements <number>', 'the most SQL statements an agent may send', wholeNumber)
    .option('--budget-seconds <number>', 'the longest an agent may work', wholeNumber)
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} catalog ecommerce --watch\n  ${programName} catalog ./sales.duckdb --tables orders,customers\n` +
        `  ${programName} catalog connection:shop ./targets.csv --watch\n` +
        `  ${programName} catalog - --prefix reports/shop < connection-string.txt\n` +
        `  ${programName} catalog file:///data/exports --prefix reports/exports --budget-dollars 0.50\n\n` +
        'Where no service runs, one is started for as long as the run takes, and --watch is implied.',
    )
    .action(async (given: readonly string[], options: Options, command: Command) => {
      const terminal = terminalOf(command);
      const display = terminal.display();
      const settings = loadSettings();
      const request = catalogRequest(await withStandardInput(given), options, process.cwd());
      const failure = await withService(settings, display.note, async (link, signal) => {
        const accepted = await link.client.createCatalog(request);
        if (!link.isOwn && options.watch !== true && options.failOn === undefined) {
          terminal.print(
            accepted,
            `Run ${accepted.run_id} has begun. Follow it: ${programName} run ${accepted.run_id} --watch`,
          );
          return undefined;
        }
        const view = await followRun(link, accepted.run_id, display, signal);
        if (view === undefined) return undefined;
        return tellEnd(link, terminal, view, options);
      });
      if (failure !== undefined) throw failure;
    });
};
