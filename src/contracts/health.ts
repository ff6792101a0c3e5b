import * as z from 'zod';

/** Whether the service works, and what it works with. */
export const Health = z.strictObject({
  status: z.enum(['ok', 'degraded']).describe('Degraded: it works, without what `problems` names'),
  problems: z.array(z.string()).readonly().optional(),
  version: z.string(),
  platform: z.enum(['aws', 'local']),
  analyst: z.enum(['model', 'deterministic']).describe('Whether a model key is set'),
});
export type Health = z.infer<typeof Health>;
