import * as z from 'zod';

/** The levels of the jail around model-written Python, weakest first; docs/security.md says what each promises. */
export const IsolationLevel = z.enum(['process', 'seccomp', 'full']);
export type IsolationLevel = z.infer<typeof IsolationLevel>;
