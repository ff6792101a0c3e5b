/** One token: white space and comments, texts and names in quotes, words, and any other character alone. */
const token =
  /(?<space>\s+|--[^\n]*|\/\*(?:[^*/]|\*(?!\/)|\/(?!\*))*\*\/)|(?<quoted>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>\w*)\$.*?\$\k<tag>\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|./gsu;

const endsOn = new Set(['USING', 'GROUP', 'ORDER', 'LIMIT', 'OFFSET', 'UNION', 'EXCEPT', 'INTERSECT']);

/** Where a PIVOT is, at one depth of brackets: before its ON, or in an item behind it that has or lacks its values. */
type Place = 'nowhere' | 'source' | 'item' | 'named';

/**
 * The statement with `IN (NULL)` behind each column that a PIVOT … ON leaves without values, so that it is one query.
 * DuckDB makes two statements of it else, the first of which reads the values, and serializes neither. All that such a
 * statement calls and reads stands in this text too; judged, it says what may be run.
 */
export const addPivotValues = (sql: string): string => {
  const outer: Place[] = [];
  let place: Place = 'nowhere';
  let written = '';
  /** Space that may follow an item; what is put behind the item goes before it. */
  let space = '';
  const endItem = (): void => {
    if (place === 'item') written += ' IN (NULL)';
  };
  for (const { 0: text, groups } of sql.matchAll(token)) {
    if (groups?.['space'] !== undefined) {
      space += text;
      continue;
    }
    const word = groups?.['word']?.toUpperCase();
    const isInItem = place === 'item' || place === 'named';
    if (isInItem && (text === ',' || text === ')' || text === ';' || (word !== undefined && endsOn.has(word)))) {
      endItem();
      place = text === ',' ? 'item' : 'nowhere';
    } else if (word === 'IN' && place === 'item') place = 'named';
    else if (word === 'ON' && place === 'source') place = 'item';
    else if (word === 'PIVOT' || word === 'PIVOT_WIDER') place = 'source';
    written += space + text;
    space = '';
    if (text === '(') {
      outer.push(place);
      place = 'nowhere';
    } else if (text === ')') place = outer.pop() ?? 'nowhere';
  }
  endItem();
  return written + space;
};
