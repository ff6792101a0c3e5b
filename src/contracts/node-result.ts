import * as z from 'zod';
import { Name, RunId, Sha256, Tenant, Timestamp } from './common.ts';

/** What a node of a run came to; the one mechanism of reuse reads it. */
export const NodeResult = z.strictObject({
  tenant: Tenant,
  run_id: RunId,
  node: Name,
  attempt: z.int().positive().default(1).describe('The attempt of the run that recorded it'),
  input_hash: Sha256.describe('Of the node’s config and the results it was given'),
  object_key: z.string().describe('Where the result lies in the object store'),
  recorded_at: Timestamp,
});
export type NodeResult = z.infer<typeof NodeResult>;
