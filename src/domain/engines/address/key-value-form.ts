import type { Invalid } from './decode-percent.ts';

/** How libpq writes a connection string: `host=db port=5432 dbname=shop user=reader password='it''s'`. */
const isKeyValue = /^\s*(host|hostaddr|port|dbname|user|password|sslmode|service)\s*=(?!\s*[^\s';]*;)/i;

/** One pair: a value in quotes may hold spaces, and a backslash makes the next character a plain one. */
const pair = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\[^])*)'|((?:[^\s'\\]|\\[^])*))(?=\s|$)/y;

/** Whether a text is a connection string by keys and values. It may hold a password, and is never repeated. */
export const isKeyValueForm = (text: string): boolean => isKeyValue.test(text);

/** The same as `user:password@host:port/database?options`. */
export const fromKeyValues = (text: string, invalid: Invalid): string => {
  const values = new Map<string, string>();
  pair.lastIndex = 0;
  while (text.slice(pair.lastIndex).trim() !== '') {
    const at = pair.lastIndex;
    const found = pair.exec(text);
    if (found === null)
      throw invalid(
        `cannot be read as keys and values from its character ${at + 1} on; a value with spaces stands in single quotes`,
      );
    const [, key = '', quoted, plain = ''] = found;
    if (values.has(key.toLowerCase())) throw invalid(`has the key ${key.toLowerCase()} twice`);
    values.set(key.toLowerCase(), (quoted ?? plain).replaceAll(/\\([^])/g, '$1'));
  }
  const { host, hostaddr, port, dbname, user, password, ...options } = Object.fromEntries(values) as Readonly<
    Record<string, string | undefined>
  >;
  const address = host === undefined || host === '' ? (hostaddr ?? '') : host;
  if (address.startsWith('/')) throw invalid('names a socket of its own machine as host; name a host and a port');
  const encoded = encodeURIComponent;
  const authority = `${encoded(user ?? '')}:${encoded(password ?? '')}@${address.includes(':') ? `[${address}]` : address}`;
  const query = Object.entries(options).map(([key, value = '']) => `${key}=${encoded(value)}`);
  return `${authority}${port === undefined ? '' : `:${port}`}/${encoded(dbname ?? '')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
};
