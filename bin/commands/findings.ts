import { type Command, Option } from 'commander';
import type { ApiClient } from '../../src/contracts/client.ts';
import type { NotLookedAt } from '../../src/contracts/finding.ts';
import { Severity } from '../../src/contracts/severity.ts';
import { ChangeState, changeWords } from '../../src/contracts/change-state.ts';
import type { FindingPage, ListedFinding } from '../../src/contracts/finding-page.ts';
import { countNotAsked, isTableNotAsked } from '../../src/domain/finding/is-table-not-asked.ts';
import type { RunTotals } from '../../src/contracts/run-totals.ts';
import { loadSettings } from '../local/settings.ts';
import { programName } from '../program-name.ts';
import { count, plural } from '../progress/number-text.ts';
import { fitTable } from '../progress/fit-table.ts';
import { fitText, printable } from '../progress/fit-text.ts';
import { gapsText, totalsText } from '../progress/totals-text.ts';
import { endWithOutcome, failOnOption, type FailOnOptions } from './fail-on.ts';
import { surveyIdOr } from './run.ts';
import { terminalOf } from './terminal.ts';
import { withService } from './with-service.ts';

type Filter = Pick<Parameters<ApiClient['listFindings']>[0], 'severity' | 'rule' | 'source' | 'table' | 'state'>;

/** All pages of a list as one. */
const allFindings = async (
  client: Pick<ApiClient, 'listFindings'>,
  id: string,
  filter: Filter,
): Promise<Omit<FindingPage, 'next_cursor'>> => {
  const { next_cursor, ...first } = await client.listFindings({ id, ...filter, limit: 500 });
  const findings = [...first.findings];
  for (let cursor = next_cursor; cursor !== undefined;) {
    const page = await client.listFindings({ id, ...filter, limit: 500, cursor });
    findings.push(...page.findings);
    cursor = page.next_cursor;
  }
  return { ...first, findings };
};

const changeText = ({ change }: ListedFinding): string => {
  if (change === undefined || change.state === 'unchanged') return '';
  const isMoved = change.state === 'grown' || change.state === 'shrunk';
  return `${changeWords[change.state]}${isMoved ? ` from ${count(change.before ?? 0)}` : ''}`;
};

const rowOf = (finding: ListedFinding, hasSeveral: boolean): readonly string[] => {
  const { source, table, columns } = finding.place;
  const where = [table, ...(columns.length === 0 ? [] : [columns.join(', ')])].join('.');
  return [
    finding.severity,
    `${finding.basis === 'exact' ? '' : '~'}${count(finding.rows)}`,
    finding.of === undefined ? '' : count(finding.of),
    changeText(finding),
    ...[hasSeveral ? `${source}: ${where}` : where, finding.title, finding.key].map(printable),
  ];
};

/** Tables that nobody asked for are told in one line; what was asked for and not looked at, and rules that needed one of them, one by one. */
const gapLines = (notLookedAt: readonly NotLookedAt[], hasSeveral: boolean): readonly string[] => {
  const nameOf = ({ source, table }: NotLookedAt): string =>
    table === undefined ? source : hasSeveral ? `${source}: ${table}` : table;
  const notAsked = countNotAsked(notLookedAt);
  return [
    ...notLookedAt
      .filter(({ reason }) => reason !== 'not_asked')
      .map((one) => `${nameOf(one)}${one.rule === undefined ? '' : ` (${one.rule})`}: ${one.detail}`),
    ...notLookedAt
      .filter((one) => one.reason === 'not_asked' && !isTableNotAsked(one))
      .map(({ source, detail }) => `${hasSeveral ? `${source}: ` : ''}${detail}`),
    ...(notAsked === 0 ? [] : [`not asked for: ${notAsked} more ${notAsked === 1 ? 'table' : 'tables'}`]),
  ].map((line) => `  ${printable(line)}`);
};

/** Whether all that is listed is compared with one run. */
const isOfOne = ({ since, findings }: Pick<FindingPage, 'since' | 'findings'>): boolean =>
  findings.every(({ change }) => change?.since === undefined || change.since.run_id === since?.run_id);

/** The findings as a table, below it what was not looked at, and a line that sums up. */
export const findingsText = (page: Omit<FindingPage, 'next_cursor'>, width: number): string => {
  const notLookedAt = page.not_looked_at ?? [];
  const hasSeveral =
    new Set([...page.findings.map(({ place }) => place.source), ...notLookedAt.map(({ source }) => source)]).size > 1;
  const head = ['SEVERITY', 'ROWS', 'OF', 'CHANGE', 'WHERE', 'FINDING', 'KEY'];
  const rows = page.findings.map((finding) => rowOf(finding, hasSeveral));
  const gaps = gapsText(page.totals);
  const all = Severity.options.reduce((sum, severity) => sum + page.totals.findings[severity], 0);
  return [
    ...(rows.length === 0 ? [] : [...fitTable([head, ...rows], width, 3, new Set([1, 2])), '']),
    ...(notLookedAt.length === 0
      ? []
      : ['Not looked at:', ...gapLines(notLookedAt, hasSeveral).map((line) => fitText(line, width)), '']),
    ...(page.matching === all ? [] : [`${plural(page.matching, 'finding')} listed here.`]),
    `Run ${page.run_id} (${page.status}): ${totalsText(page.totals)}`,
    ...(page.since === undefined
      ? []
      : [
          `Compared with the ${isOfOne(page) ? 'survey of' : 'surveys up to'} ${page.since.at.slice(0, 16).replace('T', ' ')} UTC (run ${page.since.run_id}).`,
        ]),
    ...(gaps === undefined ? [] : [`${gaps}: there may be findings that nobody has looked for.`]),
  ].join('\n');
};

/** What is listed, counted: of a filtered list, that alone. What changed in the data is that of the whole run. */
const listedTotals = ({ totals, findings, not_looked_at = [] }: Omit<FindingPage, 'next_cursor'>): RunTotals => {
  const of = (wanted: Severity): number => findings.filter(({ severity }) => severity === wanted).length;
  return {
    ...totals,
    findings: { high: of('high'), medium: of('medium'), low: of('low') },
    gaps: not_looked_at.filter(({ reason }) => reason !== 'not_asked').length,
  };
};

/** `surveyor findings [id]`: what a run found, and what it did not look at. */
export const registerFindings = (program: Command): void => {
  program
    .command('findings')
    .description('List what a run found, the most severe first, and what it did not look at')
    .argument('[id]', 'the run; the newest survey with reports when left out')
    .addOption(new Option('--severity <severity>', 'that one and worse').choices(Severity.options))
    .option('--rule <rule>', 'of this rule alone')
    .option('--source <name>', 'of this database of the run alone')
    .option('--table <name>', 'of this table alone')
    .addOption(
      new Option(
        '--state <state>',
        'by what has become of them since the runs before; gone, dropped (with their table or column) and not_looked_at list findings of earlier runs',
      ).choices(ChangeState.options),
    )
    .addOption(failOnOption())
    .addHelpText(
      'after',
      `\n--fail-on judges what is listed: with --rule, --table and the like, that alone; drift is that of the whole run.\n` +
        `\nExamples:\n  ${programName} findings\n  ${programName} findings --severity medium --table orders\n` +
        `  ${programName} findings --fail-on high --json | jq -r '.findings[].key'\n  ${programName} findings --state gone`,
    )
    .action(async (given: string | undefined, options: Filter & FailOnOptions, command: Command) => {
      const terminal = terminalOf(command);
      const { failOn, ...filter } = options;
      await withService(loadSettings(), terminal.display().note, async ({ client }) => {
        const page = await allFindings(client, await surveyIdOr(given, client, terminal.display().note), filter);
        // To look at a list is no judgement; whoever wants one says of what, and gets it of what is listed.
        const outcome = failOn === undefined ? undefined : endWithOutcome(listedTotals(page), { failOn });
        // Into a file or a pipe goes the whole text.
        terminal.print({ ...page, outcome }, () => findingsText(page, process.stdout.columns ?? Infinity));
      });
    });
};
