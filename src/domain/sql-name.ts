/** How an engine writes names and texts in SQL. */
export type SqlNames = {
  readonly quoteName: (name: string) => string;
  readonly quoteTable: (table: string) => string;
  readonly quoteText: (text: string) => string;
};

/** A name as SQL takes any name: in double quotes, with those in it doubled. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as a literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** One part of a table's name: in quotes, or without any and then without dots. */
const part = /"((?:[^"]|"")*)"|[^".][^.]*/y;

/**
 * The parts of a table's name as a schema holds it. Dots divide the name into schema and table; a part that holds a dot
 * or begins with a quote is itself in double quotes, as in `sales."2024.orders"`, whatever the engine.
 */
export const tableNameParts = (table: string): readonly string[] => {
  const parts: string[] = [];
  for (let at = 0; at <= table.length; at += 1) {
    part.lastIndex = at;
    const [found, quoted] = part.exec(table) ?? [];
    const end = at + (found?.length ?? 0);
    // Not made of parts: then it is one name, whatever it holds.
    if (found === undefined || (end < table.length && table[end] !== '.')) return [table];
    parts.push(quoted?.replaceAll('""', '"') ?? found);
    at = end;
  }
  return parts;
};

/** How a table is written, from how a name is: each part of its name by itself. */
export const quoteParts =
  (quote: (name: string) => string) =>
  (table: string): string =>
    tableNameParts(table).map(quote).join('.');

/** A table as a schema names it, for SQL that has names in double quotes. */
export const quoteTable = quoteParts(quoteName);

/** Names and texts as standard SQL has them. */
export const standardNames: SqlNames = { quoteName, quoteTable, quoteText };
