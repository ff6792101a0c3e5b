/** Letters that a terminal draws two columns wide. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/u;

/**
 * Text as it may go to a terminal, on one line. A statement comes from a model and a table's name from a database: an
 * escape sequence in them could move the cursor, rename the window or hide what was run; so could a change of direction.
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Letters as a person counts them: an accent or a joined emoji is part of its letter. */
const lettersOf = (text: string): readonly string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

const columnsOf = (letter: string): number => (wide.test(letter) ? 2 : 1);

/** How many columns of a terminal a printable text takes. */
export const columns = (text: string): number => lettersOf(text).reduce((sum, letter) => sum + columnsOf(letter), 0);

/** A printable text in at most so many columns; what is cut off shows as `…`. */
export const fitText = (text: string, width: number): string => {
  if (width < 1) return '';
  if (columns(text) <= width) return text;
  let cut = '';
  let used = 1;
  for (const letter of lettersOf(text)) {
    used += columnsOf(letter);
    if (used > width) break;
    cut += letter;
  }
  return `${cut}…`;
};
