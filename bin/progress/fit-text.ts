/** Letters that a terminal draws two columns wide. */
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;

/**
 * Text as it may go to a terminal, on one line. A statement comes from a model and a table's name from a database: an
 * escape sequence in them could move the cursor, rename the window or hide what was run; so could a change of direction.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** How many columns of a terminal a printable text takes. */
export const columns = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (/\p{M}/u.test(letter) ? 0 : wide.test(letter) ? 2 : 1), 0);

/** A printable text in at most so many columns; what is cut off shows as `…`. */
export const fitText = (text: string, width: number): string => {
  if (columns(text) <= width) return text;
  let cut = '';
  let used = 1;
  for (const letter of text) {
    used += columns(letter);
    if (used > width) break;
    cut += letter;
  }
  return width < 1 ? '' : `${cut}…`;
};
