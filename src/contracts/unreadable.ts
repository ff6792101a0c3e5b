import * as z from 'zod';

/** Names of what stands on a page of a list and cannot be read: it is left out, so that one bad row does not hide the others. */
export const Unreadable = z.array(z.string()).readonly().optional();
export type Unreadable = z.infer<typeof Unreadable>;
