/** An array as it is in JSON; elements are read by the one who parses. */
export type ArrayItem<T> = T | null | readonly ArrayItem<T>[];

/**
 * Parses PostgreSQL's notation of an array: `{1,NULL,"a \"b\""}`, nested for more dimensions, with bounds before it where
 * they do not begin at 1 (`[0:1]={7,8}`). Throws a SyntaxError on any other text.
 */
export const parseArray = <T>(text: string, read: (element: string) => T, delimiter = ','): readonly ArrayItem<T>[] => {
  const bounds = /^(?:\[-?\d+:-?\d+\])+=/.exec(text)?.[0].length ?? 0;
  const open: ArrayItem<T>[][] = [];
  const unquoted = new RegExp(`[^{}"\\\\${delimiter}]+`, 'y');
  const quoted = /"((?:[^"\\]|\\.)*)"/sy;
  let at = bounds;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    at += found?.[0].length ?? 0;
    return found;
  };
  while (at < text.length) {
    const character = text[at];
    const array = open.at(-1);
    if (character === '{') {
      const nested: ArrayItem<T>[] = [];
      array?.push(nested);
      open.push(nested);
      at += 1;
    } else if (array === undefined) {
      break;
    } else if (character === '}') {
      open.pop();
      at += 1;
      if (open.length === 0 && at === text.length) return array;
    } else if (character === delimiter) {
      at += 1;
    } else if (character === '"') {
      const found = take(quoted);
      if (!found) break;
      array.push(read((found[1] ?? '').replaceAll(/\\(.)/gs, '$1')));
    } else {
      const found = take(unquoted);
      if (!found) break;
      array.push(found[0] === 'NULL' ? null : read(found[0]));
    }
  }
  throw new SyntaxError(`not an array: ${text.slice(0, 80)}`);
};
