import * as z from 'zod';
import { type ToolCaller, tools } from '../../contracts/tool.ts';
import type { ToolName } from '../../contracts/tool-name.ts';

/** What a model is told of each tool. */
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
    'Statements sent from Python count like those of execute_sql. The first line of the answer names the evidence id of the cell,',
    'the second the number of statements that it sent and their evidence ids: cite those for figures of the database.',
  ].join(' '),
  describe_table: [
    'Returns one table of the survey as it was measured: every figure of each column, its findings with their keys, its',
    'relationships and what was not looked at, as JSON of about 16,000 characters, with a notice where something was cut.',
    'It sends no statement and costs none of your budget of statements.',
  ].join(' '),
  submit_html: [
    'Submits your report and ends your work. Send the body alone, as plain HTML: headings (h2, h3), paragraphs, lists,',
    'tables, code, details. Classes that have a look: num (figures in tables), note, warn, good, bad, muted. Scripts,',
    'styles, forms, outside images and links are removed. Cite evidence as <a href="#ID">ID</a> with an id that a tool or',
    'the profile gave you. In "findings", give what you found beyond the rules, as data: each names evidence of this survey',
    'in whose result its number of rows stands. If it is refused, the answer says everything that is wrong with it.',
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
    const { $schema: _, ...input_schema } = z.toJSONSchema(tools[name].input, {
      io: 'input',
      // To zod it says that an array is not changed in place; to a model it would say that it may not send one.
      override: ({ jsonSchema }) => {
        delete jsonSchema.readOnly;
      },
    });
    return { name, description: descriptions[name], input_schema };
  });

/** The tools of a prompt that this caller may use. */
export const toolsFor = (caller: ToolCaller, names: readonly ToolName[]): readonly ToolName[] =>
  names.filter((name) => (tools[name].callers as readonly ToolCaller[]).includes(caller));
