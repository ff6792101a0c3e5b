import type { Fact, Finding, NotLookedAt, Relationship, TableKey } from '../../contracts/finding.ts';
import type { TableProfile } from '../../contracts/profile.ts';
import type { Engine } from '../../contracts/engine.ts';

/** A column of an outline. */
export type OutlineColumn = Pick<TableProfile['columns'][number], 'name' | 'type' | 'kind' | 'distinct' | 'nulls'> & {
  /** What the type is made of, where it does not tell itself. */
  readonly base_type?: string;
};

/** What rules know of the other tables of a database: enough to find references, small enough for 1,000 tables. */
export type TableOutline = Pick<TableProfile, 'table' | 'rows'> & {
  readonly kind: TableProfile['schema']['kind'];
  readonly constraints: TableProfile['schema']['constraints'];
  /** Columns that can be a key, and the first time. */
  readonly columns: readonly OutlineColumn[];
  /** Of a view: the columns that no table has under the same name, of which alone something new can be said. */
  readonly own_columns?: readonly string[];
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
  /** The most rows that its answer has; whoever asks must let so many pass. */
  readonly rows: number;
  readonly read: (rows: Rows, evidence: string) => Reading;
};

/** What the rules have to say and to ask of a table before any statement was sent. */
export type RulePlan = { readonly known: Reading; readonly questions: readonly Question[] };
