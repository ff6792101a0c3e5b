/** A name as SQL takes any name: in double quotes, with those in it doubled. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A table as a schema names it: qualified where its schema is not the default one. */
export const quoteTable = (table: string): string => table.split('.').map(quoteName).join('.');

/** A text as a literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
