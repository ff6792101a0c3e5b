/**
 * How much one page holds, so that 200 tables of 300 columns still open in a browser (about 4 MB). What is left out is
 * counted on the page, and stands in the JSON twin.
 */
export const pageLimits = {
  /** Rows in the columns tables of all tables together, at about 900 bytes each. */
  column_rows: 2_000,
  /** Columns with all their figures and charts, of all tables together, at about 4 KB each. */
  column_cards: 400,
  /** Up to so many columns a page shows its cards unfolded. */
  open_cards: 40,
  /** Up to so many columns a page shows its tables unfolded. */
  open_tables: 200,
  /** Up to so many tables the contents name each one. */
  contents_tables: 30,
  changes: 300,
  /** Of all databases together, at about 1 KB each. */
  findings: 300,
  /** Of one database, in full sentences. */
  severe_findings: 20,
  checks: 200,
  not_looked_at: 300,
  /** Of one database. */
  not_visible: 100,
  evidence: 400,
  /** Characters of one statement or code cell. */
  evidence_text: 8_000,
  /** Characters of a name and of a value. */
  name: 120,
  value: 80,
  message: 2_000,
} as const;
