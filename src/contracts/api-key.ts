import { z } from 'zod';
import { Sha256, Tenant, Timestamp } from './common.ts';

/** An API key as it is stored: its hash alone. */
export const ApiKey = z.strictObject({
  hash: Sha256,
  tenant: Tenant,
  role: z.enum(['reader', 'operator']),
  label: z.string(),
  created_at: Timestamp,
});
export type ApiKey = z.infer<typeof ApiKey>;
