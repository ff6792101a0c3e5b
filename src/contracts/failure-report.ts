import * as z from 'zod';
import { Advice } from './advice.ts';
import { Failure, type FailureOptions, isFailureKind, toFailure } from './failure.ts';

/** A failure as it is stored and shown. */
export const FailureReport = z.strictObject({
  kind: z.string().describe('A row of the failure table, or a name of the workflow engine’s own'),
  message: z.string().describe('What was wrong'),
  where: z.string().optional().describe('The part of the input, the table or the address that was wrong'),
  excerpt: z.string().optional().describe('The place in the statement that the database points at'),
  advice: Advice.optional().describe('What can be done about it'),
});
export type FailureReport = z.infer<typeof FailureReport>;

/** Any thrown thing as it is stored and shown. */
export const reportOf = (thrown: unknown): FailureReport => {
  const { kind, message, where, excerpt, advice } = toFailure(thrown);
  return {
    kind,
    message,
    ...(where === undefined ? {} : { where }),
    ...(excerpt === undefined ? {} : { excerpt }),
    ...(advice === undefined ? {} : { advice }),
  };
};

/** The failure that a report tells of. A name that is no row of the table, such as `States.Runtime`, becomes INTERNAL. */
export const failureFrom = (
  { kind, message, where, excerpt, advice }: FailureReport,
  told: Pick<FailureOptions, 'retryAfter'> = {},
): Failure => {
  const more = { where, excerpt, advice, ...told };
  return isFailureKind(kind) ? new Failure(kind, message, more) : new Failure('INTERNAL', `${kind}: ${message}`, more);
};
