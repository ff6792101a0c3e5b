import * as z from 'zod';

/**
 * What has become of a finding since the newest earlier run that looked at its place. `gone`: both looked, and only the
 * earlier found it. `dropped`: it is gone with its table or column, which is not there any more. `not_looked_at`: an earlier run found it, and this one did not look. `not_compared`: this run found it,
 * and no earlier one that looked there can be compared. Nothing is `new`, `gone` or `dropped` that might only have been overlooked.
 */
export const ChangeState = z.enum([
  'new',
  'grown',
  'shrunk',
  'unchanged',
  'gone',
  'dropped',
  'not_looked_at',
  'not_compared',
]);
export type ChangeState = z.infer<typeof ChangeState>;

/** What has become of a finding, in words. */
export const changeWords = {
  new: 'new',
  grown: 'grown',
  shrunk: 'shrunk',
  unchanged: 'unchanged',
  gone: 'gone',
  dropped: 'gone with its table or column',
  not_looked_at: 'not looked at',
  not_compared: 'not compared',
} as const satisfies Readonly<Record<ChangeState, string>>;
