/**
 * Text that shows what it holds. Bidirectional controls can make `exe.gpj` read as `jpg.exe` and terminal escapes can
 * carry commands, so neither reaches a page: escape sequences go, bidi and C1 controls become `⟨U+202E⟩`, C0 controls
 * their pictures (`␀`). Tabs and line ends stay.
 */
export const makeVisible = (text: string): string =>
  text.toWellFormed().replace(ansiSequence, '').replace(invisible, picture);

/** The same for one value on one line, where tabs and line ends are part of the data: they become `⇥` and `↵`. */
export const makeVisibleLine = (text: string): string =>
  makeVisible(text)
    .replace(/\r\n|\r|\n/g, '↵')
    .replace(/\t/g, '⇥');

/** Shortened to so many characters, with an ellipsis, never through the middle of a surrogate pair. */
export const shorten = (text: string, characters: number): string => {
  if (text.length <= characters) return text;
  const kept = text.slice(0, characters - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
};

// CSI (colours, cursor), OSC (titles, links; ended by BEL or ST) and the two-character escapes.
const ansiSequence =
  // oxlint-disable-next-line no-control-regex
  /\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-Z\\^-~])/g;

// Everything in Cc but tab, line feed and carriage return; bidi controls; tag characters (an invisible alphabet).
const invisible = /(?![\t\n\r])\p{Cc}|\p{Bidi_Control}|[\u{E0000}-\u{E007F}]/gu;

const picture = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
};
