import * as z from 'zod';
import { Budget } from '../../contracts/budget.ts';
import { DatabaseSize, DriftDigest, FindingChangesDigest, FindingsDigest, ProfileDigest } from '../profile-digest.ts';

/**
 * Everything that the context of a prompt can ask for, by name. What a run has nothing for is left out: a prompt that asks
 * for it fails before the model is called. docs/prompts.md shows this table.
 */
export const AgentContext = z.strictObject({
  databases: z
    .array(DatabaseSize)
    .readonly()
    .optional()
    .describe('The databases of the survey and how much there is of each'),
  tables: z.array(z.string()).readonly().optional().describe('The names of all tables; the profile has them with more'),
  profile: ProfileDigest.optional().describe(
    'A map of all tables, and what was measured of the columns of the most important ones; a notice says what had no room',
  ),
  findings: FindingsDigest.optional().describe(
    'What rules have found, the most severe first, each with key, rows and evidence; and what was not looked at',
  ),
  finding_changes: FindingChangesDigest.optional().describe(
    'What has become of each finding since the surveys before: new, grown, shrunk, gone, dropped (gone with its table or column), not looked at',
  ),
  drift: DriftDigest.optional().describe('What else differs from the survey before: tables, columns, figures'),
  s3_prefix: z.string().optional().describe('Where the reports are published'),
  current_timestamp: z.iso.datetime().describe('Now, in UTC'),
  report_files: z
    .array(z.strictObject({ name: z.string(), about: z.string() }))
    .readonly()
    .describe('The reports that lie in the working directory, where the prompt says `reads_reports`'),
  budget: Budget.describe('The most that this agent may use'),
});
export type AgentContext = z.infer<typeof AgentContext>;
