import type { ColumnProfile, RunProfile, ShownValue } from '../../contracts/profile.ts';
import type { Finding } from '../../contracts/finding.ts';
import type { Report } from '../../contracts/report.ts';
import { maskPersonal } from './mask-personal.ts';

/** The report without personal data in the single values that the profile, the changes and the evidence show. */
export const maskReport = (report: Report): Report => ({
  ...report,
  ...(report.profile === undefined ? {} : { profile: maskProfile(report.profile) }),
  drift: {
    ...report.drift,
    changes: report.drift.changes.map((change) => ({
      ...change,
      ...(change.before === undefined ? {} : { before: maskPersonal(change.before) }),
      ...(change.after === undefined ? {} : { after: maskPersonal(change.after) }),
    })),
  },
  evidence: report.evidence.map((one) => ({ ...one, preview: maskPersonal(one.preview) })),
});

const maskProfile = ({ databases }: RunProfile): RunProfile => ({
  databases: databases.map((database) => ({
    ...database,
    tables: database.tables.map((table) => ({ ...table, columns: table.columns.map(maskColumn) })),
  })),
});

/** Numbers and times are no one's address; only texts are looked at. */
const maskColumn = (column: ColumnProfile): ColumnProfile => {
  if (column.kind !== 'text') return column;
  const { range, top_values: top } = column;
  return {
    ...column,
    ...(range === undefined ? {} : { range: { ...range, min: mask(range.min), max: mask(range.max) } }),
    ...(top === undefined
      ? {}
      : { top_values: { ...top, values: top.values.map(({ value, count }) => ({ value: mask(value), count })) } }),
  };
};

/** A finding without personal data in its examples and its words. */
export const maskFinding = (finding: Finding): Finding => ({
  ...finding,
  examples: finding.examples.map(maskPersonal),
  title: maskPersonal(finding.title),
  detail: maskPersonal(finding.detail),
});

const mask = (value: ShownValue): ShownValue => (typeof value === 'string' ? maskPersonal(value) : value);
