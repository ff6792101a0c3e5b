import * as z from 'zod';
import { AgentSession } from './agent.ts';
import { Name, RunId, Timestamp } from './common.ts';
import { Drift } from './drift.ts';
import { Evidence } from './evidence.ts';
import { Findings } from './finding.ts';
import { FindingChanges } from './finding-change.ts';
import { RunProfile } from './profile.ts';
import { RunSource } from './run.ts';

const common = {
  run_id: RunId,
  agent: Name,
  title: z.string(),
  sources: z.array(RunSource).min(1).readonly(),
  s3_prefix: z.string(),
  created_at: Timestamp,
  run_started_at: Timestamp,
  body_html: z.string().describe('The agent’s text, sanitized'),
  profile: RunProfile.optional(),
  drift: Drift,
  evidence: z.array(Evidence).readonly(),
  session: AgentSession.omit({ tenant: true, attempt: true, opened_in: true }),
  analyst: z.enum(['model', 'deterministic']).describe('Who wrote the text'),
};

/** A report as data: the JSON twin beside the HTML page, and all that the page is made of. */
export const Report = z.strictObject({
  report_version: z.literal(3),
  ...common,
  ...Findings.partial().shape,
  finding_changes: FindingChanges.optional(),
  missed: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('What of the run was asked for and not looked at, a phrase each; the same in every report of the run'),
});
export type Report = z.infer<typeof Report>;

/** A report as it was written before findings were data: they are a table in its text. */
export const ReportVersion2 = z.strictObject({ report_version: z.literal(2), ...common });
export type ReportVersion2 = z.infer<typeof ReportVersion2>;

/** A report of any version that was ever stored. */
export const StoredReport = z.discriminatedUnion('report_version', [Report, ReportVersion2]);
export type StoredReport = z.infer<typeof StoredReport>;
