import type { Finding, FindingKind } from './finding.ts';

/** For each kind of finding, the kinds that say better what it says of the same rows. */
const better: { readonly [K in FindingKind]?: readonly FindingKind[] } = {
  repeated_key: ['copies'],
  padded: ['spelling'],
  zero: ['placeholder'],
  outliers: ['percent', 'outliers_of_one', 'negative'],
};

/** Leaves out what another finding says better: a key that repeats only because whole rows do, spaces that are among the spellings. */
export const dropExplained = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(
    (finding) =>
      !findings.some(
        (other) =>
          better[finding.kind]?.includes(other.kind) === true &&
          other.table === finding.table &&
          (other.kind === 'copies' || other.column === finding.column) &&
          other.rows >= 0.9 * finding.rows,
      ),
  );
