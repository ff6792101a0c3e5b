import type { Fact, Finding, NotLookedAt, Relationship, TableKey } from '../../contracts/finding.ts';
import type { TableProfile } from '../../contracts/profile.ts';
import type { Engine } from '../../contracts/schema.ts';

/** What rules know of the other tables of a database: enough to find references, small enough for 1,000 tables. */
export type TableOutline = Pick<TableProfile, 'table' | 'rows'> & {
  readonly kind: TableProfile['schema']['kind'];
  readonly constraints: TableProfile['schema']['constraints'];
  /** Columns that can be a key or a time, with no more than names, types, kinds and distinct values. */
  readonly columns: readonly Pick<TableProfile['columns'][number], 'name' | 'type' | 'kind' | 'distinct' | 'nulls'>[];
};

/** One table as the rules look at it. */
export type RuleSubject = {
  readonly source: string;
  readonly engine: Engine;
  readonly table: TableProfile;
  /** All tables of the source, the subject among them. */
  readonly outlines: readonly TableOutline[];
};

/** A finding before it is told where in the run it stands: `place` without the source, and no key. */
export type RuleFinding = Omit<Finding, 'key' | 'place' | 'check'> & {
  readonly columns: readonly string[];
  readonly part?: string;
  /** A SELECT that returns the offending rows. */
  readonly check?: string;
};

/** What one look at the data came to. */
export type Reading = {
  readonly findings?: readonly RuleFinding[];
  readonly facts?: readonly Omit<Fact, 'source' | 'table'>[];
  readonly keys?: readonly Omit<TableKey, 'source' | 'table'>[];
  readonly relationships?: readonly Omit<Relationship, 'source'>[];
  readonly not_looked_at?: readonly Omit<NotLookedAt, 'source' | 'table'>[];
  /** What to ask next, now that this is known. */
  readonly next?: readonly Question[];
};

/** Rows of a result by column name, as text. */
export type Rows = readonly Readonly<Record<string, string | null>>[];

/** A question to the data: one statement and what its result means. */
export type Question = {
  /** The rules that its answer serves: where it fails, they did not look. */
  readonly rules: readonly string[];
  /** What it asks, for the list of what was not looked at: `orders: whether id is a key`. */
  readonly about: string;
  readonly sql: string;
  readonly read: (rows: Rows, evidence: string) => Reading;
};

/** What the rules have to say and to ask of a table before any statement was sent. */
export type RulePlan = { readonly known: Reading; readonly questions: readonly Question[] };
