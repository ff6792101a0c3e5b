import * as z from 'zod';

/** Where people look at a run in the console of AWS. */
export const RunConsole = z.strictObject({
  executions: z.array(z.string()).readonly().describe('Of each attempt, the present one last'),
  logs: z.string().describe('What the functions printed about it'),
});
export type RunConsole = z.infer<typeof RunConsole>;
