import { isEvidenceId } from '../report/evidence-link.ts';
import type { Finding, Findings } from '../../contracts/finding.ts';
import type { RunProfile } from '../../contracts/profile.ts';
import type { SubmittedFinding } from '../../contracts/tool.ts';
import { agentFinding } from '../finding/agent-findings.ts';
import { nearest } from '../nearest.ts';

/** What a run knows, that an agent’s findings are held against. */
export type Recorded = {
  readonly profile: RunProfile;
  /** What the rules found. */
  readonly found: Pick<Findings, 'findings'>;
  /** Of each piece of evidence of the run that findings name, the numbers in its result. */
  readonly numbers: ReadonlyMap<string, ReadonlySet<number>>;
};

/** The findings that can stand, and what is wrong with the others, in words that the model can act on. */
export type Judgement = { readonly findings: readonly Finding[]; readonly problems: readonly string[] };

/**
 * Holds an agent’s findings against what the run has recorded: each is of a table that was measured, names evidence that
 * exists and in whose result its number of rows stands, and says what no rule has said. All problems are told at once.
 */
export const judgeFindings = (submitted: readonly SubmittedFinding[], recorded: Recorded): Judgement => {
  const findings: Finding[] = [];
  const problems: string[] = [];
  for (const [index, one] of submitted.entries()) {
    const name = `findings.${index} (${one.rule}, ${one.table})`;
    const { finding, wrong } = judge(one, recorded);
    if (finding !== undefined && findings.some(({ key }) => key === finding.key))
      wrong.push('it has the same rule, table and columns as another; make one of the two, or give it another rule id');
    problems.push(...wrong.map((what) => `${name}: ${what}${what.endsWith('?') ? '' : '.'}`));
    if (finding !== undefined && wrong.length === 0) findings.push(finding);
  }
  return { findings, problems };
};

const judge = (
  one: SubmittedFinding,
  { profile, found, numbers }: Recorded,
): { readonly finding?: Finding; readonly wrong: string[] } => {
  const wrong: string[] = [];
  if (!one.rule.startsWith('agent-'))
    wrong.push(
      `"${one.rule}" is no rule id of yours; what the rules found is in the report already. If it is something else, begin the id with "agent-"`,
    );
  wrong.push(...wrongEvidence(one, numbers));
  const database =
    profile.databases.find(({ source }) => source === one.source) ??
    (one.source === undefined && profile.databases.length === 1 ? profile.databases[0] : undefined);
  if (database === undefined) {
    const names = profile.databases.map(({ source }) => source).join(', ');
    wrong.push(`say in "source" which database is meant: ${names}`);
    return { wrong };
  }
  const table = database.tables.find((measured) => measured.table === one.table);
  if (table === undefined) {
    const [close] = nearest(
      one.table,
      database.tables.map((measured) => measured.table),
    );
    wrong.push(
      `${JSON.stringify(one.table)} is no table of ${database.source} that was measured${close === undefined ? '' : `; is ${JSON.stringify(close)} meant?`}`,
    );
    return { wrong };
  }
  const missing = one.columns.filter((column) => !table.columns.some(({ name }) => name === column));
  if (missing.length > 0) wrong.push(`${one.table} has no column ${missing.join(', ')}`);
  const finding = agentFinding(one, database.source);
  const known = found.findings.find((other) => other.key === finding.key || isSame(other, finding));
  if (known !== undefined)
    wrong.push(`a rule has reported it already as ${known.key}; leave it out and explain that one in your text`);
  return { finding, wrong };
};

const wrongEvidence = (
  { evidence, rows }: SubmittedFinding,
  numbers: ReadonlyMap<string, ReadonlySet<number>>,
): readonly string[] => {
  const unknown = evidence.filter((id) => !isEvidenceId(id) || !numbers.has(id));
  if (unknown.length > 0)
    return [
      `there is no evidence ${unknown.join(', ')} in this survey; take the id from the first line of a tool’s answer`,
    ];
  if (evidence.some((id) => numbers.get(id)?.has(rows) === true)) return [];
  return [
    `its ${rows} rows stand in no result of ${evidence.join(', ')}; name the evidence that counts them, or run a statement that does`,
  ];
};

/** The same rows of the same columns, whatever it is called. */
const isSame = (a: Finding, b: Finding): boolean =>
  a.rows === b.rows &&
  a.place.source === b.place.source &&
  a.place.table === b.place.table &&
  a.place.columns.length === b.place.columns.length &&
  a.place.columns.every((column) => b.place.columns.includes(column));
