import * as z from 'zod';

/** Who does something: who holds an API key or a token, a schedule, who uses the console of AWS, or Surveyor itself. */
export const Actor = z.strictObject({
  kind: z.enum(['key', 'token', 'schedule', 'console', 'service']),
  id: z
    .string()
    .describe(
      'Of a key the beginning of its hash, of a token that of the hash of its issuer and subject, of a schedule its name, of the console the name of the execution that was started in it: CloudTrail says by whom',
    ),
  label: z.string().optional().describe('What the key was called when it was made; the subject of a token'),
});
export type Actor = z.infer<typeof Actor>;

/** What made a run begin. */
export const Trigger = z.strictObject({
  kind: z.enum(['api', 'console', 'schedule', 'run']),
  id: z
    .string()
    .optional()
    .describe('Of a schedule its name, of another run its id, of the console the name of the execution'),
});
export type Trigger = z.infer<typeof Trigger>;
