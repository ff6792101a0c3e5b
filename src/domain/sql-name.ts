/** A name as SQL takes any name: in double quotes, with those in it doubled. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One part of a table's name: in quotes, or without any and then without dots. */
const part = /"((?:[^"]|"")*)"|[^".][^.]*/y;

/**
 * A table as a schema names it, for SQL. Dots divide the name into schema and table; a part that holds a dot or begins
 * with a quote is itself in double quotes, as in `sales."2024.orders"`.
 */
export const quoteTable = (table: string): string => {
  const parts: string[] = [];
  for (let at = 0; at <= table.length; at += 1) {
    part.lastIndex = at;
    const [found, quoted] = part.exec(table) ?? [];
    const end = at + (found?.length ?? 0);
    // Not made of parts: then it is one name, whatever it holds.
    if (found === undefined || (end < table.length && table[end] !== '.')) return quoteName(table);
    parts.push(quoteName(quoted?.replaceAll('""', '"') ?? found));
    at = end;
  }
  return parts.join('.');
};

/** A text as a literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
