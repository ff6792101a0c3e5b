import * as z from 'zod';

/** How much a finding matters: high breaks results that people rely on, low is good to know. */
export const Severity = z.enum(['high', 'medium', 'low']);
export type Severity = z.infer<typeof Severity>;
