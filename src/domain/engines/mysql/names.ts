import { quoteParts, quoteText, type SqlNames } from '../../sql-name.ts';

const quoteInBackticks = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** How MySQL and MariaDB write names and texts. A backslash in a text would begin an escape. */
export const mysqlNames: SqlNames = {
  quoteName: quoteInBackticks,
  quoteTable: quoteParts(quoteInBackticks),
  quoteText: (text) => quoteText(text.replaceAll('\\', '\\\\')),
};
