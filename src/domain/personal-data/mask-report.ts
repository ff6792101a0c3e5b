import type { Drift } from '../../contracts/drift.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { FindingChanges } from '../../contracts/finding-change.ts';
import type { RunProfile } from '../../contracts/profile.ts';
import type { Report } from '../../contracts/report.ts';
import { maskEvidence } from './mask-evidence.ts';
import { maskPersonal } from './mask-personal.ts';
import { maskProfile } from './mask-profile.ts';
import { maskOf, type PersonalColumns, personalColumnsOf } from './personal-columns.ts';
import { type MeasuredTable, type PersonalValues, personalValuesOf } from './personal-values.ts';

/** What a run measured and found: it tells which values are personal, also to a report that shows neither. */
export type MeasuredRun = {
  readonly profile: RunProfile | undefined;
  readonly findings: readonly Finding[] | undefined;
};

/**
 * The report without the values of columns that hold personal data, and without such data in other texts. A report goes to
 * more people than the database does.
 */
export const maskReport = (report: Report, run: MeasuredRun): Report => {
  const personal = personalColumnsOf(run.findings);
  const tables = (run.profile?.databases ?? []).flatMap(({ source, tables: own }) =>
    own.map((table): MeasuredTable => ({ source, table })),
  );
  const values = personalValuesOf(tables, personal);
  const measured = new Map(tables.flatMap((one) => one.table.statements.map((id) => [id, one] as const)));
  return {
    ...report,
    body_html: values.html(report.body_html),
    ...(report.profile === undefined ? {} : { profile: maskProfile(report.profile, personal) }),
    drift: maskDrift(report.drift, personal),
    ...(report.findings === undefined
      ? {}
      : { findings: report.findings.map((finding) => maskFinding(finding, personal, values)) }),
    ...(report.facts === undefined
      ? {}
      : { facts: report.facts.map((fact) => ({ ...fact, text: values.text(fact.text) })) }),
    ...(report.finding_changes === undefined
      ? {}
      : { finding_changes: maskChanges(report.finding_changes, personal, values) }),
    evidence: report.evidence.map((evidence) => maskEvidence(evidence, { personal, values, measured })),
  };
};

/** The changes without values of columns that hold personal data. */
export const maskDrift = (drift: Drift, personal: PersonalColumns): Drift => ({
  ...drift,
  changes: drift.changes.map((change) => {
    const { source, table, column, kind, before, after } = change;
    const held = column === undefined ? undefined : personal.kindOf(source, table, column);
    const isOfValues = kind === 'values_new' || kind === 'mean_shifted';
    const mask = (text: string): string => (held === undefined || !isOfValues ? maskPersonal(text) : maskOf(held));
    return {
      ...change,
      ...(before === undefined ? {} : { before: mask(before) }),
      ...(after === undefined ? {} : { after: mask(after) }),
    };
  }),
});

const maskChanges = (changes: FindingChanges, personal: PersonalColumns, values: PersonalValues): FindingChanges => ({
  ...changes,
  changes: changes.changes.map((change) =>
    'earlier' in change && change.earlier !== undefined
      ? { ...change, earlier: maskFinding(change.earlier, personal, values) }
      : change,
  ),
});

/** Nothing is known of the run yet, so forms of values alone are masked. */
const noPersonal = personalColumnsOf();
const noValues = personalValuesOf([], noPersonal);

/** A finding without personal data in its examples and its words; its examples may be parts of values, so that all go. */
export const maskFinding = (
  finding: Finding,
  personal: PersonalColumns = noPersonal,
  values: PersonalValues = noValues,
): Finding => {
  const { source, table, columns } = finding.place;
  const [kind] = columns.flatMap((column) => personal.kindOf(source, table, column) ?? []);
  return {
    ...finding,
    examples: finding.examples.map((example) => (kind === undefined ? values.cell(example) : maskOf(kind))),
    title: values.text(finding.title),
    detail: values.text(finding.detail),
  };
};
