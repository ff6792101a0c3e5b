import { z } from 'zod';
import type { ToolName } from '../../contracts/agent.ts';

/** What each tool takes. */
export const toolInputs = {
  execute_sql: z.strictObject({
    sql: z.string().min(1).describe('One SELECT statement in the dialect of the database'),
    source: z.string().optional().describe('Which database; needed where the survey has several'),
  }),
  execute_python: z.strictObject({
    code: z.string().min(1).describe('Python 3 code; the value of a last expression is shown'),
  }),
  submit_html: z.strictObject({ content: z.string().min(1).describe('The body of the report as HTML') }),
} as const satisfies Record<ToolName, z.ZodObject>;

const descriptions: Readonly<Record<ToolName, string>> = {
  execute_sql: [
    'Runs one read-only SQL statement on the database under survey and returns the result as tab-separated text',
    '(\\N is NULL; tabs, line ends and backslashes in values are escaped with a backslash).',
    'At most 1,000 rows are fetched and about 16,000 characters shown, with a notice where something was cut:',
    'aggregate in SQL instead of listing rows. The first line names the evidence id of the result, which reports cite.',
  ].join(' '),
  execute_python: [
    'Runs Python in a sandbox that has no network and no credentials. Variables persist between your calls.',
    'db.query(sql) returns a pandas DataFrame, db.table(name) an ibis table expression, db.execute(expr) runs an ibis',
    'expression on the database; db is the first database of the survey, databases["name"] any of them. pandas, polars, pyarrow, ibis and matplotlib are there; files given to you lie in the',
    'working directory. Printed text and the value of the last expression are returned, about 16,000 characters of them.',
    'Statements sent from Python count like those of execute_sql. The first line of the answer names the evidence id.',
  ].join(' '),
  submit_html: [
    'Submits your report and ends your work. Send the body alone, as plain HTML: headings (h2, h3), paragraphs, lists,',
    'tables, code, details. Classes that have a look: num (figures in tables), note, warn, good, bad, muted. Scripts,',
    'styles, forms, outside images and links are removed. Cite evidence as <a href="#ID">ID</a> with an id that a tool or',
    'the profile gave you.',
  ].join(' '),
};

/** A tool as a model is told of it. */
export type ToolDescription = {
  readonly name: ToolName;
  readonly description: string;
  readonly input_schema: Readonly<Record<string, unknown>>;
};

/** The tools of an agent, in the order of its prompt: the order is part of the cached prefix. */
export const describeTools = (names: readonly ToolName[]): readonly ToolDescription[] =>
  names.map((name) => {
    const { $schema: _, ...input_schema } = z.toJSONSchema(toolInputs[name]);
    return { name, description: descriptions[name], input_schema };
  });
