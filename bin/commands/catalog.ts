import type { Command } from 'commander';
import { apiStage } from '../../src/contracts/api-stage.ts';
import { loadSettings } from '../local/settings.ts';
import { addBudgetOptions, type CatalogOptions, catalogRequest, withStandardInput } from './catalog-request.ts';
import { failOnOption, type FailOnOptions } from './fail-on.ts';
import { followRun } from './follow-run.ts';
import { tellEnd } from './tell-end.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

type Options = FailOnOptions & CatalogOptions & { readonly watch?: boolean };

/** `surveyor catalog <dataset-or-url>`: surveys a database. */
export const registerCatalog = (program: Command): void => {
  const command = program
    .command('catalog')
    .description('Survey a database and write its reports')
    .argument(
      '<database...>',
      'a sample dataset, a DuckDB or SQLite file, a data file (CSV, JSON, Parquet, Excel) or a folder of them, connection:<name>, a connection string without a password, or - to read one with its password from standard input; several make one report',
    )
    .option('--tables <names>', 'only these tables, separated by commas')
    .option('--prefix <prefix>', 'where the reports go (default: reports/<name of the database>)')
    .option('--watch', 'follow the run to its end; the exit code is then that of its outcome or failure')
    .addOption(failOnOption('; implies --watch'));
  addBudgetOptions(command)
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} catalog ecommerce --watch\n  ${programName} catalog ./sales.duckdb --tables orders,customers\n` +
        `  ${programName} catalog connection:shop ./targets.csv --watch\n` +
        `  ${programName} catalog - --prefix reports/shop < connection-string.txt\n` +
        `  ${programName} catalog file:///data/exports --prefix reports/exports --budget-dollars 0.50\n` +
        `  ${programName} catalog s3://bucket/prefix --api https://a1b2c3.execute-api.eu-central-1.amazonaws.com/${apiStage}\n\n` +
        'Where no service runs, one is started for as long as the run takes, and --watch is implied.',
    )
    .action(async (given: readonly string[], options: Options, command: Command) => {
      const terminal = terminalOf(command);
      const display = terminal.display();
      const settings = loadSettings();
      const request = catalogRequest(await withStandardInput(given), options, process.cwd(), settings.remote?.url);
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
