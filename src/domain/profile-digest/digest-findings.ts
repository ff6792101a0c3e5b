import { countNotAsked } from '../finding/is-table-not-asked.ts';
import type { Finding, Findings, NotLookedAt } from '../../contracts/finding.ts';
import type { DigestFinding, FindingsDigest } from '../profile-digest.ts';

/** The most bytes of the findings in an agent’s context: about 8,000 tokens, which is 40 findings or so. */
export const findingsByteLimit = 24_000;

/** The most that is named of what was not looked at; the report lists all. */
const maxNotLookedAt = 40;

/**
 * The findings as an agent is given them, the most severe first, as many as fit in `limit` bytes; how many there are of
 * each severity in all, and what was not looked at.
 */
export const digestFindings = (
  { findings, not_looked_at }: Pick<Findings, 'findings' | 'not_looked_at'>,
  limit = findingsByteLimit,
): FindingsDigest => {
  const listed: DigestFinding[] = [];
  let size = 0;
  for (const finding of findings) {
    const one = digestFinding(finding);
    size += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (size > limit) break;
    listed.push(one);
  }
  const missed = not_looked_at.filter(({ reason }) => reason !== 'not_asked');
  return {
    totals: totalsOf(findings),
    by_source: Object.fromEntries(
      [...Map.groupBy(findings, ({ place }) => place.source)].map(([source, own]) => [source, totalsOf(own)]),
    ),
    findings: listed,
    ...(listed.length < findings.length
      ? {
          notice: `${findings.length - listed.length} more of lesser severity are not listed here; describe_table gives those of one table.`,
        }
      : {}),
    not_looked_at: missed.slice(0, maxNotLookedAt).map(shortGap),
    ...(missed.length > maxNotLookedAt ? { not_looked_at_too: missed.length - maxNotLookedAt } : {}),
    not_asked: countNotAsked(not_looked_at),
  };
};

/** What an agent needs of a finding; the page shows the rest. */
const digestFinding = ({
  key,
  severity,
  place,
  rows,
  of,
  basis,
  title,
  detail,
  advice,
  evidence,
}: Finding): DigestFinding => ({
  key,
  severity,
  title,
  place,
  rows,
  ...(of === undefined ? {} : { of }),
  basis,
  detail: detail.slice(0, 400),
  advice: advice.slice(0, 200),
  evidence: evidence.slice(0, 3),
});

const totalsOf = (findings: readonly Finding[]) => {
  const count = (wanted: Finding['severity']): number => findings.filter(({ severity }) => severity === wanted).length;
  const personal = new Set(
    findings
      .filter(({ rule }) => rule.startsWith('personal-'))
      .flatMap(({ place: { source, table, columns } }) => columns.map((name) => JSON.stringify([source, table, name]))),
  );
  return { high: count('high'), medium: count('medium'), low: count('low'), personal_columns: personal.size };
};

const shortGap = ({ source, table, rule, reason, detail }: NotLookedAt) => ({
  source,
  ...(table === undefined ? {} : { table }),
  ...(rule === undefined ? {} : { rule }),
  reason,
  detail: detail.slice(0, 160),
});
