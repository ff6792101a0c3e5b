/**
 * A failure as a reader needs it: without the place in Surveyor’s own statement that the server points at, without advice
 * to whoever writes SQL, and with what a table that is suddenly not there most likely means.
 */
export const plainMessage = (message: string): string =>
  message
    .replace(/\s*\bLINE \d+: [^]*$/, '')
    .replace(/ Ask for less at once(?:; the next statement opens the database again)?\./g, '')
    .replace(/ The next statement opens the database again\./g, '')
    .replace(
      'The next statement connects anew; if it fails too, check that the server runs.',
      'Check that the server runs.',
    )
    .replace(notThere, (said) => `${said} (dropped or renamed during the survey?)`)
    .trim();

// As Postgres, MySQL and DuckDB say it; the ends of their sentences are not matched.
const notThere = /\b(?:relation|table)\b[^\n]*?\b(?:does not exist|doesn't exist)\b/i;
