import type { Drift } from '../../../src/contracts/drift.ts';
import type { Findings } from '../../../src/contracts/finding.ts';
import type { FindingChanges } from '../../../src/contracts/finding-change.ts';
import type { ModelMessage } from '../../../src/contracts/model-message.ts';
import type { RunProfile } from '../../../src/contracts/profile.ts';
import { digestDrift, digestFindingChanges } from '../../../src/domain/profile-digest/digest-changes.ts';
import { digestDatabases } from '../../../src/domain/profile-digest/digest-databases.ts';
import { digestFindings } from '../../../src/domain/profile-digest/digest-findings.ts';
import { digestProfile } from '../../../src/domain/profile-digest/digest-profile.ts';

/** What a run has measured and found when its agents start. */
export type Survey = {
  readonly profile: RunProfile;
  readonly findings: Findings;
  readonly changes: FindingChanges;
  readonly drift: Drift;
};

export const noFindings: Findings = {
  rules: [],
  findings: [],
  relationships: [],
  keys: [],
  facts: [],
  not_looked_at: [],
};

export const emptySurvey: Survey = {
  profile: {
    databases: [
      {
        source: 'shop',
        label: 'shop',
        engine: 'duckdb',
        engine_version: '1.5',
        tables: [],
        failed: [],
        not_visible: [],
      },
    ],
  },
  findings: noFindings,
  changes: { without_findings: [], is_cut: false, changes: [] },
  drift: { changes: [] },
};

/** The first message of an agent, as the prompts have it. */
export const contextOf = ({ profile, findings, changes, drift }: Survey): ModelMessage => {
  const values = {
    databases: digestDatabases(profile),
    profile: digestProfile(profile, findings),
    findings: digestFindings(findings),
    finding_changes: digestFindingChanges(findings.findings, changes),
    drift: digestDrift(drift),
  };
  const tagged = Object.entries(values).map(
    ([name, value]) => `<${name}>\n${JSON.stringify(value).replaceAll('<', '\\u003c')}\n</${name}>`,
  );
  return {
    role: 'user',
    content: [{ type: 'text', text: ['Survey.', ...tagged, '<s3_prefix>reports/shop</s3_prefix>'].join('\n') }],
  };
};
