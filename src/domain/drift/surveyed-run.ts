import type { RunRef } from '../../contracts/common.ts';
import type { Finding, Findings } from '../../contracts/finding.ts';
import type { RunProfile } from '../../contracts/profile.ts';
import type { Run } from '../../contracts/run.ts';
import { findingKey } from '../finding/finding-key.ts';

/** A run, what it measured and what it found: what comparing starts from. */
export type SurveyedRun = {
  readonly run: Pick<Run, 'run_id' | 'created_at' | 'sources'>;
  readonly profile: RunProfile;
  /** Absent of runs that kept no findings as data. */
  readonly findings?: Findings | undefined;
};

/** A run as what is compared with it names it. */
export const refOf = ({ run }: SurveyedRun): RunRef => ({ run_id: run.run_id, at: run.created_at });

/**
 * An earlier run as the later one would name its databases, without those that the later one does not survey. Databases are
 * the same by kind and label, whatever they are called.
 */
export const renameSources = (earlier: SurveyedRun, later: Pick<Run, 'sources'>): SurveyedRun => {
  const names = pairNames(earlier.run.sources, later.sources);
  const rename = <T extends { readonly source: string }>(items: readonly T[]): readonly T[] =>
    items.flatMap((item) => {
      const source = names.get(item.source);
      return source === undefined ? [] : [{ ...item, source }];
    });
  const { run, profile, findings } = earlier;
  return {
    run: {
      ...run,
      sources: run.sources.flatMap((source) => {
        const name = names.get(source.name);
        return name === undefined ? [] : [{ ...source, name }];
      }),
    },
    profile: { databases: rename(profile.databases) },
    findings: findings && {
      rules: findings.rules,
      findings: findings.findings.flatMap((finding) => {
        const source = names.get(finding.place.source);
        return source === undefined ? [] : [moveFinding(finding, source)];
      }),
      relationships: rename(findings.relationships),
      keys: rename(findings.keys),
      facts: rename(findings.facts),
      not_looked_at: rename(findings.not_looked_at),
    },
  };
};

const pairNames = (earlier: Run['sources'], later: Run['sources']): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  for (const { kind, label, name } of later) {
    const same = earlier.filter((one) => one.kind === kind && one.label === label && !names.has(one.name));
    const was = same.find((one) => one.name === name) ?? same[0];
    if (was !== undefined) names.set(was.name, name);
  }
  return names;
};

const moveFinding = (finding: Finding, source: string): Finding => {
  const place = { ...finding.place, source };
  return {
    ...finding,
    key: findingKey(finding.rule, place),
    place,
    ...(finding.check === undefined ? {} : { check: { ...finding.check, source } }),
  };
};
