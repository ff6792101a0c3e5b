import { refusal, type Refusal } from './verdict.ts';

/** Characters of the longest statement that is parsed: parsers take time and memory by length. */
const longestStatement = 200_000;

/** What can be said of a statement before it is parsed. */
export const checkText = (sql: string): Refusal | undefined => {
  if (sql.length > longestStatement) {
    return refusal(
      'size',
      `the statement has ${sql.length} characters, the limit is ${longestStatement}.`,
      'Shorten it; long lists of values belong into a join.',
    );
  }
  // A server ends a text at the first NUL; a parser may not.
  if (sql.includes('\0')) return refusal('no NUL', 'the statement holds a NUL character.', 'Leave it out.');
  // Half a character becomes another one on its way to the server, which then reads another text than the parser did.
  if (!sql.isWellFormed()) {
    return refusal('whole characters', 'the statement holds half of a surrogate pair.', 'Leave it out.');
  }
  if (sql.trim() === '') return refusal('one statement', 'there is no statement here.', 'Send one SELECT.');
  return undefined;
};
