import * as z from 'zod';
import { FailureReport } from './failure-report.ts';

/** So many of a request's errors are told in the message, where most people look; `errors` has them all. */
export const errorsInMessage = 3;

/** A failed request, as RFC 9457 has it, with the failure itself as it is stored, and each thing that was wrong. */
export const Problem = z.strictObject({
  type: z.string().describe('about:blank or a page about the failure'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('The message, and the advice in words'),
  instance: z.string().describe('The path that was asked for'),
  request_id: z.string(),
  ...FailureReport.shape,
  errors: z
    .array(z.strictObject({ where: z.string(), message: z.string() }))
    .readonly()
    .optional(),
});
export type Problem = z.infer<typeof Problem>;
