import type { Command } from 'commander';
import { RunId } from '../../src/contracts/common.ts';
import { Failure } from '../../src/contracts/failure.ts';
import type { RunView } from '../../src/contracts/run.ts';
import type { Step } from '../../src/contracts/step.ts';
import { loadSettings } from '../local/settings.ts';
import { commandLine } from '../command-advice.ts';
import { colorsFor } from '../progress/display.ts';
import { count, dollars, plural, tokensOf } from '../progress/number-text.ts';
import { printable } from '../progress/fit-text.ts';
import { renderProgress } from '../progress/render-progress.ts';
import { endWithOutcome, failOnOption, type FailOnOptions } from './fail-on.ts';
import { followRun } from './follow-run.ts';
import { placesText, reportPlaces } from './report-places.ts';
import type { ReportPlace } from './report-places.ts';
import { runFailure } from './run-failure.ts';
import type { ServiceLink } from './service-link.ts';
import { runLines } from './tell-end.ts';
import { alignColumns, terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';
import { programName } from '../program-name.ts';

const agentsTable = (view: RunView): string =>
  alignColumns([
    ['  AGENT', 'STATUS', 'MODEL', 'TURNS', 'STATEMENTS', 'TOKENS', 'COST'],
    ...view.agents.map((agent) => [
      `  ${agent.agent}`,
      agent.status,
      printable(agent.model),
      count(agent.turns),
      count(agent.statements),
      count(tokensOf(agent.usage)),
      dollars(agent.usage.dollars),
    ]),
  ]);

/** Where the run is seen in the console of AWS, where it runs there. */
const consoleLines = ({ console }: RunView): readonly string[] =>
  console === undefined
    ? []
    : ['', ...console.executions.map((address) => `  execution  ${address}`), `  log        ${console.logs}`];

const describe = (view: RunView, steps: readonly Step[], places: readonly ReportPlace[]): string =>
  [
    ...runLines(view),
    ...(view.trigger?.kind === 'schedule' ? [`  started by the schedule ${view.trigger.id ?? ''}`] : []),
    ...renderProgress(view, steps, new Date(), process.stdout.columns ?? 120, colorsFor(process.stdout)),
    ...(view.agents.length > 0 ? ['', agentsTable(view)] : []),
    ...(places.length > 0 ? ['', plural(places.length, 'report'), placesText(places, view.run_id)] : []),
    ...consoleLines(view),
    ...(view.failure === undefined ? [] : ['', printable(commandLine(view.failure))]),
  ].join('\n');

/** A run id as it was given, or that of the newest run. Fails with NOT_FOUND where there is none. */
export const runIdOr = async (
  given: string | undefined,
  client: Pick<ServiceLink['client'], 'listRuns'>,
): Promise<string> => {
  if (given !== undefined) {
    // Crockford's base 32 is the same in small letters; the API wants large ones.
    const id = RunId.safeParse(given.toUpperCase());
    if (id.success) return id.data;
    throw new Failure(
      'INVALID_REQUEST',
      `"${given}" is no run id, which has 26 letters and digits. Find it: ${programName} runs`,
      {
        where: 'id',
      },
    );
  }
  const newest = (await client.listRuns({ limit: 1 })).runs[0];
  if (newest !== undefined) return newest.run_id;
  throw new Failure('NOT_FOUND', `There are no runs yet. Start one: ${programName} catalog ecommerce`, { where: 'id' });
};

/**
 * A run id as it was given, or that of the newest run that has reports: a test of a connection, or a run that failed early,
 * has none. Where no run has any, that of the newest, of which the answer then says what it lacks.
 */
export const surveyIdOr = async (
  given: string | undefined,
  client: Pick<ServiceLink['client'], 'listRuns'>,
  note: (text: string) => void,
): Promise<string> => {
  if (given !== undefined) return await runIdOr(given, client);
  const newest = await runIdOr(undefined, client);
  let page = await client.listRuns({ limit: 100 });
  for (;;) {
    const survey = page.runs.find(({ reports }) => reports.length > 0);
    if (survey !== undefined) {
      if (survey.run_id !== newest)
        note(`This is run ${survey.run_id}, the newest one with reports; newer runs have none.`);
      return survey.run_id;
    }
    if (page.next_cursor === undefined) return newest;
    page = await client.listRuns({ limit: 100, cursor: page.next_cursor });
  }
};

/** `surveyor run <id>`: one run, its states, agents and reports. */
export const registerRun = (program: Command): void => {
  program
    .command('run')
    .description('Show one run: its states, agents, costs and reports')
    .argument('[id]', 'the run; the newest one when left out')
    .option('--watch', 'follow it to its end; the exit code is then that of its outcome or failure')
    .addOption(failOnOption('; implies --watch'))
    .addHelpText('after', `\nExamples:\n  ${programName} run\n  ${programName} run 01JD3Y6M9Q4T8V2X5Z7B1C3D4E --watch`)
    .action(async (given: string | undefined, options: { watch?: boolean } & FailOnOptions, command: Command) => {
      const terminal = terminalOf(command);
      const display = terminal.display();
      const failed = await withService(loadSettings(), display.note, async (link, signal) => {
        const id = await runIdOr(given, link.client);
        const isWatched = options.watch === true || options.failOn !== undefined;
        const view = isWatched ? await followRun(link, id, display, signal) : await link.client.getRun({ id });
        if (view === undefined) return undefined;
        const { steps } = await link.client.listSteps({ id });
        const places = await reportPlaces(link, view, !link.isOwn);
        const failure = runFailure(view);
        const outcome = isWatched && failure === undefined ? endWithOutcome(view.totals, options) : undefined;
        terminal.print({ run: view, outcome, steps, reports: places }, () => describe(view, steps, places));
        return isWatched ? failure : undefined;
      });
      if (failed !== undefined) throw failed;
    });
};
