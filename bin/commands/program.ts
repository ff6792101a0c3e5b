import { Command } from 'commander';
import { apiVersion } from '../../src/contracts/openapi.ts';
import { registerCancel } from './cancel.ts';
import { registerCatalog } from './catalog.ts';
import { choosePlace } from './choose-place.ts';
import { registerConnections } from './connections.ts';
import { registerDown } from './down.ts';
import { outcomesHelp } from './fail-on.ts';
import { registerFindings } from './findings.ts';
import { registerKeys } from './keys.ts';
import { registerLogs } from './logs.ts';
import { registerPrompts } from './prompts.ts';
import { registerReport } from './report.ts';
import { registerResend } from './resend.ts';
import { registerResume } from './resume.ts';
import { registerRules } from './rules.ts';
import { registerRun } from './run.ts';
import { registerRuns } from './runs.ts';
import { registerSchedules } from './schedules.ts';
import { registerSeed } from './seed.ts';
import { registerStart } from './start.ts';
import { registerUp } from './up.ts';
import { registerWebhooks } from './webhooks.ts';
import { programName } from '../program-name.ts';

const help = `
Examples:
  ${programName} catalog ecommerce --watch     survey a sample dataset
  ${programName} catalog ./sales.duckdb        survey a database of your own
  ${programName} report                        where the newest reports are

Without SURVEYOR_API_URL or --api, commands speak to the service of this machine, and start it where none runs.
Settings come from the environment and from .env; .env.example explains each.
Exit codes: that of the failure that was printed (2 wrong request, 4 not found, 10 database, 52 no service …), or of what a
survey came to, where a command waited for it:
${outcomesHelp()}`;

/** The command line. */
export const surveyorProgram = (): Command => {
  const program = new Command(programName)
    .description('Surveys a database with agents and publishes what they find as reports.')
    .version(apiVersion)
    .option('--json', 'print results and failures as JSON')
    .option(
      '--api <url>',
      'speak to this deployed API, in the place of SURVEYOR_API_URL; the key is in SURVEYOR_API_KEY',
    )
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', help)
    .hook('preAction', (_program, command) => choosePlace(command))
    .exitOverride()
    // What is wrong with the words of a command is printed like any other failure.
    .configureOutput({ outputError: () => undefined });
  for (const register of [
    registerStart,
    registerUp,
    registerDown,
    registerSeed,
    registerCatalog,
    registerRuns,
    registerRun,
    registerFindings,
    registerLogs,
    registerCancel,
    registerResume,
    registerReport,
    registerRules,
    registerConnections,
    registerSchedules,
    registerWebhooks,
    registerPrompts,
    registerKeys,
    registerResend,
  ]) {
    register(program);
  }
  return program;
};
