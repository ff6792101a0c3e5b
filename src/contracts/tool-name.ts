import * as z from 'zod';

/** The tools that exist. Apart from their table, whose schemas a function that only names tools does not load. */
export const ToolName = z.enum(['execute_sql', 'execute_python', 'describe_table', 'submit_html']);
export type ToolName = z.infer<typeof ToolName>;
