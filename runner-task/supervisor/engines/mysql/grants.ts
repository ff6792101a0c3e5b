/** One privilege, as SHOW GRANTS tells it: `INSERT` on `app.*`. */
export type Grant = {
  readonly privilege: string;
  readonly on: string;
  /** Of what is on a database or a thing in one: its name, which of `app.*` is a pattern. */
  readonly database?: string;
};

/** What one line of SHOW GRANTS gives: privileges on something, or roles. */
export type GrantLine = { readonly grants: readonly Grant[]; readonly roles: readonly string[] };

/** A quoted name or text as one token, whatever it holds; then punctuation; then words. */
const token = /`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|[(),]|[^\s`'"(),]+/g;

const plain = (text: string): string => {
  const quote = text[0];
  if (quote !== '`' && quote !== "'" && quote !== '"') return text;
  return text.slice(1, -1).replaceAll(quote + quote, quote);
};

/** Splits at the commas that are in no parentheses; what is in them, columns, is left out. */
const listOf = (tokens: readonly string[], join: string, read: (text: string) => string): readonly string[] => {
  const items: string[][] = [[]];
  let depth = 0;
  for (const one of tokens) {
    if (one === '(') depth += 1;
    else if (one === ')') depth -= 1;
    else if (depth > 0) continue;
    else if (one === ',') items.push([]);
    else items.at(-1)?.push(read(one));
  }
  return items.map((words) => words.join(join)).filter((item) => item !== '');
};

/**
 * Reads a line of SHOW GRANTS, such as ``GRANT SELECT, INSERT (`a`) ON `app`.`t` TO `u`@`%` WITH GRANT OPTION``. Only
 * what was granted is kept: MariaDB's lines also hold the password's hash.
 */
export const readGrantLine = (line: string): GrantLine => {
  const tokens: readonly string[] = line.match(token) ?? [];
  const to = tokens.indexOf('TO');
  if (tokens[0] !== 'GRANT' || to < 0) return { grants: [], roles: [] };
  const on = tokens.slice(0, to).indexOf('ON');
  if (on < 0) {
    // Of MySQL `role`@`host`, which SET ROLE and USING take as it is; so it stays quoted.
    return { grants: [], roles: listOf(tokens.slice(1, to), '', (text) => text) };
  }
  const named = tokens.slice(on + 1, to).filter((text) => !/^(PROCEDURE|FUNCTION|PACKAGE|BODY|TABLE)$/.test(text));
  const database = named[0]?.startsWith('`') && named[1]?.startsWith('.') ? { database: plain(named[0]) } : {};
  const object = tokens
    .slice(on + 1, to)
    .map((text) => (/^(PROCEDURE|FUNCTION|PACKAGE|BODY|TABLE)$/.test(text) ? `${text} ` : plain(text)))
    .join('');
  const privileges = listOf(tokens.slice(1, on), ' ', plain);
  const passable = / WITH .*GRANT OPTION/.test(line.slice(line.lastIndexOf(' TO '))) ? ['GRANT OPTION'] : [];
  return {
    grants: [...privileges, ...passable].map((privilege) => ({ privilege, on: object, ...database })),
    roles: [],
  };
};

/** A database's name in a grant, in which `%` and `_` stand for others. */
const patternOf = (name: string, flags = ''): RegExp => {
  const pattern = name.replace(/\\?[^]/gu, (one) => {
    if (one === '%') return '.*';
    return one === '_' ? '.' : `\\u{${one.at(-1)?.codePointAt(0)?.toString(16)}}`;
  });
  return new RegExp(`^${pattern}$`, `su${flags}`);
};

/** Whether something that grants are on holds all tables of a database: `*.*`, or its name or a pattern for it. */
const holds = (on: string, database: string): boolean => {
  const name = on.endsWith('.*') ? on.slice(0, -2) : undefined;
  return name !== undefined && (name === '*' || patternOf(name).test(database));
};

const ofServer = ['mysql', 'sys', 'performance_schema', 'information_schema'];

/**
 * Whether a privilege is of other databases alone: not of the surveyed one, nor of those of the server itself, where
 * users and routines stand. Names are compared without case: a server may ignore it.
 */
export const isElsewhere = ({ on, database }: Grant, surveyed: string): boolean => {
  if (database === undefined) return false;
  const touches = (name: string): boolean =>
    on.endsWith('.*') ? patternOf(database, 'i').test(name) : database.toLowerCase() === name.toLowerCase();
  return ![surveyed, ...ofServer].some(touches);
};

/** Whether the server lists every table of a database to a role, as it does where the role may read them all; else it may not. */
export const listsAll = (grants: readonly Grant[], database: string): boolean =>
  grants.some(({ privilege, on }) => /^(SELECT|ALL PRIVILEGES)$/i.test(privilege) && holds(on, database));

/**
 * Privileges with which nothing can be changed that lasts. Any other counts as writing, among them EXECUTE (a routine
 * may write with its maker's rights) and FILE, SUPER and the ones that servers to come will have: a read-only session
 * does not stop `SELECT … INTO OUTFILE`, nor `SET GLOBAL`.
 */
const harmless = new Set([
  'USAGE',
  'SELECT',
  'SHOW VIEW',
  'SHOW DATABASES',
  'SHOW CREATE ROUTINE',
  'SHOW_ROUTINE',
  'PROCESS',
  'REFERENCES',
  'LOCK TABLES',
  'CREATE TEMPORARY TABLES',
  'REPLICATION CLIENT',
  'REPLICATION SLAVE',
  'BINLOG MONITOR',
  'SLAVE MONITOR',
  'REPLICA MONITOR',
]);

/** Whether a role with this privilege can change something. */
export const canWrite = ({ privilege }: Grant): boolean => !harmless.has(privilege.toUpperCase());
