import { lookUp } from '../../contracts/look-up.ts';
import type { Finding, Findings } from '../../contracts/finding.ts';
import { bySeverity } from '../finding/by-severity.ts';
import { findingKey } from '../finding/finding-key.ts';
import type { Reading, RuleFinding } from './rule.ts';

/** What the rules came to on one table: all its readings, those of further questions among them. */
export type CheckedTable = {
  readonly source: string;
  readonly table: string;
  readonly readings: readonly Omit<Reading, 'next'>[];
};

/** Findings with their keys and places, the most severe first; each once, without what another says better. */
export const finishFindings = (checked: readonly CheckedTable[]): Omit<Findings, 'rules'> => {
  const all = <T>(of: (reading: Omit<Reading, 'next'>, at: CheckedTable) => readonly T[]): readonly T[] =>
    checked.flatMap((table) => table.readings.flatMap((reading) => of(reading, table)));
  const findings = checked.flatMap(({ source, table, readings }) =>
    dropExplained(readings.flatMap(({ findings: found }) => found ?? [])).map((found) => placed(found, source, table)),
  );
  return {
    findings: eachOnce(findings).toSorted(bySeverity),
    relationships: all(({ relationships }, { source }) => (relationships ?? []).map((one) => ({ source, ...one }))),
    keys: all(({ keys }, { source, table }) => (keys ?? []).map((one) => ({ source, table, ...one }))),
    facts: all(({ facts }, { source, table }) => (facts ?? []).map((one) => ({ source, table, ...one }))),
    not_looked_at: all(({ not_looked_at }, { source, table }) =>
      (not_looked_at ?? []).map((one) => ({ source, table, ...one })),
    ),
  };
};

const placed = ({ columns, part, check, ...found }: RuleFinding, source: string, table: string): Finding => {
  const place = { source, table, columns, ...(part === undefined ? {} : { part }) };
  return {
    key: findingKey(found.rule, place),
    ...found,
    place,
    ...(check === undefined ? {} : { check: { kind: 'sql', source, text: check } }),
  };
};

/** For each rule, the rules that say better what it says of the same rows. */
const better: Readonly<Record<string, readonly string[]>> = {
  'duplicate-key': ['duplicate-rows'],
  'padded-text': ['spelling'],
  'zero-value': ['placeholder'],
  outlier: ['percent-range', 'concentrated-outliers', 'negative-value'],
};

/** Leaves out what another finding says better: a key that repeats only because whole rows do, spaces that are among the spellings. */
const dropExplained = (findings: readonly RuleFinding[]): readonly RuleFinding[] =>
  findings.filter(
    (finding) =>
      !findings.some(
        (other) =>
          lookUp(better, finding.rule)?.includes(other.rule) === true &&
          (other.rule === 'duplicate-rows' || other.columns[0] === finding.columns[0]) &&
          other.rows >= 0.9 * finding.rows,
      ),
  );

/** Two readings may come to one finding: the one with more rows stays. */
const eachOnce = (findings: readonly Finding[]): readonly Finding[] => {
  const byKey = new Map<string, Finding>();
  for (const finding of findings) {
    const other = byKey.get(finding.key);
    if (other === undefined || other.rows < finding.rows) byKey.set(finding.key, finding);
  }
  return [...byKey.values()];
};
