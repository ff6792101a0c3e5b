import { z } from 'zod';

/** A failed request, as RFC 9457 has it, with the name from the failure table and each thing that was wrong. */
export const Problem = z.strictObject({
  type: z.string().describe('about:blank or a page about the failure'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What was wrong, where, and what to do'),
  instance: z.string().describe('The path that was asked for'),
  kind: z.string().describe('A row of the failure table'),
  request_id: z.string(),
  errors: z
    .array(z.strictObject({ where: z.string(), message: z.string() }))
    .readonly()
    .optional(),
});
export type Problem = z.infer<typeof Problem>;
