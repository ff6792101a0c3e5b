import { formatShare } from '../report/format.ts';

/** How much a finding matters: high breaks results that people rely on, low is good to know. */
export type Severity = 'high' | 'medium' | 'low';

/** What kind of flaw a finding is about. */
export type FindingKind =
  | 'before_its_parent' | 'blank' | 'broken_reference' | 'changed' | 'contradicting_rows' | 'contradiction' | 'copies' | 'empty_column'
  | 'future' | 'late' | 'malformed' | 'missing' | 'negative' | 'not_a_number' | 'outliers' | 'outliers_of_one' | 'padded' | 'percent'
  | 'personal_in_text' | 'placeholder' | 'repeated_key' | 'reversed_times' | 'second_key' | 'silence' | 'single_value' | 'spelling'
  | 'word_for_nothing' | 'wrong_duration' | 'wrong_total' | 'zero'; // prettier-ignore

/** One thing that is wrong, or may be, with its number of rows. */
export type Finding = {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly table: string;
  readonly column?: string;
  readonly title: string;
  /** What was counted, in full sentences; never a value that may be personal. */
  readonly detail: string;
  readonly advice: string;
  readonly rows: number;
  /** The rows that were looked at, where that is not all of the table. */
  readonly of?: number;
  readonly evidence: readonly string[];
  /** A statement that counts the wrong rows, to be run from now on: 0 is good. */
  readonly check?: string;
};

/** Something learned about a table that is not wrong: its key, a reference, a rule that holds. */
export type Fact = { readonly table: string; readonly text: string; readonly evidence: readonly string[] };

/** A column that holds personal data, or free text in which some was found. */
export type PersonalData = {
  readonly table: string;
  readonly column: string;
  readonly kind: string;
  readonly rows: number;
  readonly of: number;
  readonly evidence: readonly string[];
};

/** What one look at the data came to. */
export type Reading = {
  readonly findings?: readonly Finding[];
  readonly facts?: readonly Fact[];
  readonly personal?: readonly PersonalData[];
  /** What could not be looked at. */
  readonly omitted?: readonly string[];
  /** What to ask next, now that this is known. */
  readonly next?: readonly Check[];
};

/** Rows of a result by column name, as text. */
export type Rows = readonly Readonly<Record<string, string | null>>[];

/** A question to the data: one statement and what its result means. */
export type Check = {
  readonly about: string;
  readonly sql: string;
  readonly read: (rows: Rows, evidence: string) => Reading;
};

/** All that was learned about the database. */
export type Survey = {
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
  readonly personal: readonly PersonalData[];
  /** What was not looked at, and why. */
  readonly omitted: readonly string[];
};

/** A share as people read it. */
export const percent = (part: number, whole: number): string => formatShare(whole === 0 ? 0 : part / whole);

/** A count with its word: `1 row`, `2,240 rows`. */
export const countOf = (count: number, word: string): string =>
  `${count.toLocaleString('en-US')} ${word}${count === 1 ? '' : 's'}`;

/** The form of a verb that goes with a count: one row holds, two rows hold. */
export const verb = (count: number, one: string, many: string): string => (count === 1 ? one : many);

/** A number of a result; 0 where there is none. */
export const num = (cell: string | null | undefined): number =>
  cell === null || cell === undefined ? 0 : Number(cell);
