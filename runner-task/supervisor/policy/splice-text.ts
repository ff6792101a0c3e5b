/** A piece of a statement, from one byte to another, and what is to stand there. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string };

/** A statement with some pieces replaced; places count its bytes in UTF-8, and no two pieces overlap. */
export const spliceText = (sql: string, splices: readonly Splice[]): string => {
  const bytes = Buffer.from(sql);
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text } of splices.toSorted((a, b) => a.from - b.from)) {
    parts.push(bytes.subarray(at, from).toString(), text);
    at = to;
  }
  return [...parts, bytes.subarray(at).toString()].join('');
};
