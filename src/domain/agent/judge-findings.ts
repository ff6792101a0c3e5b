import { isEvidenceId } from '../report/evidence-link.ts';
import type { Evidence } from '../../contracts/evidence.ts';
import type { Finding, Findings } from '../../contracts/finding.ts';
import type { RunProfile, TableProfile } from '../../contracts/profile.ts';
import type { SubmittedFinding } from '../../contracts/tool.ts';
import { agentFinding } from '../finding/agent-findings.ts';
import { nearest } from '../nearest.ts';

/** What a run knows, that an agent’s findings are held against. */
export type Recorded = {
  readonly profile: RunProfile;
  /** What the rules found. */
  readonly found: Pick<Findings, 'findings'>;
  /** Each piece of evidence of the run that findings name. */
  readonly cited: ReadonlyMap<string, CitedEvidence>;
};

/** What a piece of evidence ran, and the numbers in its result. */
export type CitedEvidence = Pick<Evidence, 'kind' | 'text'> & {
  /** Why its result is not the answer; then it has no numbers. */
  readonly incomplete?: Evidence['incomplete'];
  readonly numbers: ReadonlySet<number>;
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
  { profile, found, cited }: Recorded,
): { readonly finding?: Finding; readonly wrong: string[] } => {
  const wrong: string[] = [];
  if (!one.rule.startsWith('agent-'))
    wrong.push(
      `"${one.rule}" is no rule id of yours; what the rules found is in the report already. If it is something else, begin the id with "agent-"`,
    );
  wrong.push(...wrongEvidence(one, cited), ...wrongCheck(one));
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
  wrong.push(...wrongRows(one, table));
  const finding = agentFinding(one, database.source);
  const known = found.findings.find((other) => other.key === finding.key || isSame(other, finding));
  if (known !== undefined)
    wrong.push(`a rule has reported it already as ${known.key}; leave it out and explain that one in your text`);
  return { finding, wrong };
};

const wrongEvidence = (
  { evidence, rows, table }: SubmittedFinding,
  cited: ReadonlyMap<string, CitedEvidence>,
): readonly string[] => {
  const unknown = evidence.filter((id) => !isEvidenceId(id) || !cited.has(id));
  if (unknown.length > 0)
    return [
      `there is no evidence ${unknown.join(', ')} in this survey; take the id from the first line of a tool’s answer`,
    ];
  const pieces = evidence.flatMap((id) => cited.get(id) ?? []);
  const wrong: string[] = [];
  for (const { incomplete } of pieces) {
    if (incomplete !== undefined)
      wrong.push(`evidence it names is not the answer to its statement: ${incomplete.join(' ').replace(/\.$/, '')}`);
  }
  if (!pieces.some(({ numbers }) => numbers.has(rows)))
    wrong.push(
      `its ${rows} rows stand in no result of ${evidence.join(', ')}; name the evidence that counts them, or run a statement that does`,
    );
  if (!pieces.some(({ kind, text }) => kind === 'python' || namesTable(text, table)))
    wrong.push(
      `no statement of ${evidence.join(', ')} names ${table}; name the evidence that counts rows of that table, or run a statement that does`,
    );
  return wrong;
};

/** Whether a table’s name stands in a statement, however it is quoted, with its schema or without. */
const namesTable = (statement: string, table: string): boolean => {
  const plain = (text: string): string => text.replace(/["`[\]]/g, '').toLowerCase();
  const text = plain(statement);
  return [plain(table), plain(table).split('.').at(-1) ?? ''].some(
    (name) =>
      name !== '' &&
      new RegExp(
        String.raw`(?<![\p{L}\p{N}_$])${name.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)}(?![\p{L}\p{N}_$])`,
        'u',
      ).test(text),
  );
};

const wrongRows = ({ rows, of, table }: SubmittedFinding, measured: TableProfile): readonly string[] => {
  const { basis, count } = measured.rows;
  const wrong: string[] = [];
  if (of !== undefined && rows > of) wrong.push(`its ${rows} rows are more than the ${of} that were looked at`);
  if (basis !== 'exact') return wrong;
  if (rows > count) wrong.push(`its ${rows} rows are more than the ${count} that ${table} has`);
  if (of !== undefined && of > count)
    wrong.push(`the ${of} rows that were looked at are more than the ${count} that ${table} has`);
  return wrong;
};

const wrongCheck = ({ check }: SubmittedFinding): readonly string[] =>
  check === undefined || /^(?:\s|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/|\()*(?:select|with)\b/i.test(check)
    ? []
    : ['its check is no SELECT; give one SELECT that returns the offending rows, or none'];

/** The same rows of the same columns, whatever it is called. */
const isSame = (a: Finding, b: Finding): boolean =>
  a.rows === b.rows &&
  a.place.source === b.place.source &&
  a.place.table === b.place.table &&
  a.place.columns.length === b.place.columns.length &&
  a.place.columns.every((column) => b.place.columns.includes(column));
