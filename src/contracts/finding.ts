import * as z from 'zod';
import { Name, Timestamp } from './common.ts';
import { Basis } from './profile.ts';
import { Severity } from './severity.ts';

/** Where a finding is: a source of the run, a table of it, and the columns that it is about, in the order that its rule gives. */
export const Place = z.strictObject({
  source: Name,
  table: z.string(),
  columns: z.array(z.string()).readonly().describe('None: the rows as a whole'),
  part: z
    .string()
    .optional()
    .describe('What tells findings of one rule in one place apart: the beginning of a gap, the kind of personal data'),
});
export type Place = z.infer<typeof Place>;

/** What returns the offending rows of a finding, and none once it is mended. */
export const FindingCheck = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sql'), source: Name, text: z.string().describe('One SELECT in the source’s SQL') }),
]);
export type FindingCheck = z.infer<typeof FindingCheck>;

/** One thing that is wrong, or may be, with its number of rows. */
export const Finding = z.strictObject({
  key: z.string().describe('The same in every run: made of rule, source, table, columns and part'),
  rule: Name.describe('The rule that found it, or `agent-…` where an agent did'),
  severity: Severity,
  place: Place,
  other_tables: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('Tables of the source that it was found with: a run without them did not look at it'),
  rows: z.number().nonnegative().describe('The rows that are wrong'),
  of: z.number().nonnegative().optional().describe('The rows that were looked at, where that is not all of the table'),
  basis: Basis.describe('Whether `rows` was counted or estimated'),
  examples: z.array(z.string()).max(5).readonly().describe('A few of the values, personal ones masked'),
  evidence: z.array(z.string()).min(1).readonly().describe('Evidence ids that the figures rest on'),
  check: FindingCheck.optional(),
  title: z.string(),
  detail: z.string().describe('What was counted, in full sentences'),
  advice: z.string(),
});
export type Finding = z.infer<typeof Finding>;

const Columns = z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1).readonly() });

/** Columns that point at the key of a table, by declaration or as measured. */
export const Relationship = z.strictObject({
  source: Name,
  from: Columns,
  to: Columns,
  basis: z.enum(['declared', 'inferred']),
  rows: z.number().nonnegative().optional().describe('Rows that point at something; absent where none were counted'),
  orphans: z.number().nonnegative().optional().describe('Of them, those that point at a row which does not exist'),
  evidence: z.array(z.string()).readonly(),
});
export type Relationship = z.infer<typeof Relationship>;

/** Columns that tell the rows of a table apart. */
export const TableKey = z.strictObject({
  source: Name,
  table: z.string(),
  columns: z.array(z.string()).min(1).readonly(),
  basis: z.enum(['primary_key', 'unique', 'measured']),
  evidence: z.array(z.string()).readonly(),
});
export type TableKey = z.infer<typeof TableKey>;

/** Something learned about a table that is not wrong. */
export const Fact = z.strictObject({
  source: Name,
  table: z.string(),
  text: z.string(),
  evidence: z.array(z.string()).readonly(),
});
export type Fact = z.infer<typeof Fact>;

/** Something that the rules did not look at: a whole source, a table, some columns of it, or one rule on one table. */
export const NotLookedAt = z.strictObject({
  source: Name,
  table: z.string().optional().describe('Absent: the whole source, or the `tables` outside the run'),
  tables: z
    .int()
    .positive()
    .optional()
    .describe('How many tables of the source are outside the run, which knows no more'),
  columns: z
    .array(z.string())
    .readonly()
    .optional()
    .describe('Of the table these alone, none where it is not known which; the others were looked at'),
  rule: Name.optional(),
  other_table: z.string().optional().describe('The table that the rule would have needed beside this one'),
  reason: z
    .enum(['not_asked', 'not_visible', 'not_measured', 'left_out', 'failed', 'time', 'budget', 'too_large'])
    .describe(
      '`not_asked`: the run was given other tables; `left_out`: rows of a table that could not be read; `too_large`: beyond a threshold of the rule',
    ),
  detail: z.string().describe('The same in a sentence'),
});
export type NotLookedAt = z.infer<typeof NotLookedAt>;

/** All that the rules of a run came to. What is neither listed as not looked at nor as a finding was looked at and is well. */
export const Findings = z.strictObject({
  rules: z.array(Name).readonly().describe('The rules that ran'),
  findings: z.array(Finding).readonly(),
  relationships: z.array(Relationship).readonly(),
  keys: z.array(TableKey).readonly(),
  facts: z.array(Fact).readonly(),
  not_looked_at: z.array(NotLookedAt).readonly(),
});
export type Findings = z.infer<typeof Findings>;

/** What the rules came to on one table, kept so that a resumed run does not ask again. */
export const TableFindings = z.strictObject({
  profiled_at: Timestamp.describe('Of the profile that the rules looked at'),
  ...Findings.shape,
});
export type TableFindings = z.infer<typeof TableFindings>;
