import type { NotLookedAt, Relationship, TableKey } from '../../contracts/finding.ts';
import type { Severity } from '../../contracts/severity.ts';
import type { Basis } from '../../contracts/profile.ts';
import type { RuleFinding, Rows } from './rule.ts';
import type { RuleTable } from './rule-table.ts';

/** A number that a rule decides by. */
export type Threshold = { readonly value: number; readonly unit: string; readonly why: string };

/** What a rule is, for people and for the registry. */
export type RuleCard = {
  /** The word that an engineer would search for. */
  readonly id: string;
  /** What it finds, in a sentence. */
  readonly says: string;
  /** The grades that its findings can have, and when each; none where it gives facts alone. */
  readonly severity: Readonly<Partial<Record<Severity, string>>>;
  readonly thresholds: Readonly<Record<string, Threshold>>;
  /** What of schema and profile it needs. */
  readonly needs: string;
  /** What `rows` counts, where that is not the rows that its check returns. */
  readonly rows?: string;
  /** Whether it looks at what a view computes; the rows of a view are those of its tables. */
  readonly views?: true;
};

/** A finding as its rule gives it: rule, evidence and masks are added, `basis` is exact where it does not say. */
export type Found = Pick<RuleFinding, 'severity' | 'columns' | 'rows' | 'title' | 'detail' | 'advice'> & {
  readonly part?: string | undefined;
  /** Other tables that it was found with. */
  readonly other_tables?: readonly string[];
  readonly of?: number | undefined;
  readonly basis?: Basis | undefined;
  readonly examples?: readonly (string | number | boolean | undefined)[];
  readonly check?: string | undefined;
  /** Evidence beside that of the answer itself. */
  readonly evidence?: readonly string[];
};

/** What a rule makes of what it saw. */
export type Verdict = {
  readonly findings?: readonly Found[];
  /** What was learned that is not wrong, in sentences. */
  readonly facts?: readonly string[];
  readonly keys?: readonly Omit<TableKey, 'source' | 'table' | 'evidence'>[];
  readonly relationships?: readonly Omit<Relationship, 'source' | 'evidence'>[];
  readonly not_looked_at?: readonly Pick<NotLookedAt, 'reason' | 'detail' | 'columns' | 'other_table'>[];
  /** What to ask next, now that this is known. */
  readonly next?: readonly Ask[];
};

/** A statement and what its answer means. */
export type Ask<T = Verdict> = {
  /** What it asks of the table: `whether id is a key`. */
  readonly about: string;
  readonly sql: string;
  /** The most rows of an answer; 1,000 where it does not say. */
  readonly rows?: number;
  readonly read: (rows: Rows) => T;
};

/** A rule by itself: what it knows from the profile, and what it asks. */
export type Rule = RuleCard & {
  readonly know?: (table: RuleTable) => Verdict;
  readonly ask?: (table: RuleTable) => readonly Ask[];
};

/** A rule that judges what a look at the data saw, beside others. */
export type JudgingRule<Seen> = RuleCard & { readonly judge: (seen: Seen, table: RuleTable) => Verdict };

/** Statements whose answers several rules judge; what was left out is told of all of them. */
export type Look<Seen> = (table: RuleTable) => {
  readonly asks: readonly Ask<Seen>[];
  readonly left_out?: string | undefined;
};
