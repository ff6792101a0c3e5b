import { z } from 'zod';
import { AgentSession } from './agent.ts';
import { Name, RunId, Timestamp } from './common.ts';
import { Evidence } from './evidence.ts';
import { Drift } from './drift.ts';
import { RunProfile } from './profile.ts';
import { RunSource } from './run.ts';

/** A report as data: the JSON twin beside the HTML page, and all that the page is made of. */
export const Report = z.strictObject({
  report_version: z.literal(2),
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
  session: AgentSession.omit({ tenant: true }),
  analyst: z.enum(['model', 'deterministic']).describe('Who wrote the text'),
});
export type Report = z.infer<typeof Report>;
