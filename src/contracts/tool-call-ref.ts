import * as z from 'zod';

/**
 * The most tool calls of one turn that are run; the model is told of the others that they were not. 150 turns of 16 calls
 * are about 20,000 history events, below the 25,000 at which Step Functions ends an execution.
 */
export const maxCallsPerTurn = 16;

/** One call of a tool, as a verdict names it. The call's input is in the conversation. */
export const ToolCallRef = z.strictObject({
  id: z.string(),
  name: z.string(),
  summary: z.string().max(160).describe('The beginning of the statement or code, for people who watch'),
});
export type ToolCallRef = z.infer<typeof ToolCallRef>;
