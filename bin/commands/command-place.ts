/** Fields of requests that are called otherwise on the command line. */
const options: ReadonlyMap<string, string> = new Map([
  ['s3_prefix', '--prefix'],
  ['db_conn_string', 'connection string'],
  ['connection', 'database'],
  ['dataset', 'database'],
  ['sources', 'database'],
  ['time_zone', '--time-zone'],
  ['expression', '--cron'],
]);

/** The word or option of a command that a place in a request (`body.s3_prefix`, `path.name`) stands for. */
export const optionOf = (where: string): string => {
  const [, part, field = '', inner] =
    /^(?:(path|query|body)\.)?(?:catalog\.)?([a-z0-9_]+)(?:\.(\w+))?/.exec(where) ?? [];
  if (part === 'path') return field;
  if (part === 'query' || field === 'tables') return `--${field}`;
  if (field === 'budget') return inner === undefined ? '--budget-…' : `--budget-${inner}`;
  return options.get(field) ?? (part === undefined ? where : field);
};

/** Fields that one of two options fills: of the second where the command has it. */
const others: ReadonlyMap<string, string> = new Map([['--cron', '--rate']]);

/** A place in a request in the words of the command line; any other place as it is. `words` are those of the command. */
export const commandPlace = (where: string, words: readonly string[] = []): string => {
  if (!/^(path|query|body)\./.test(where)) return where;
  const option = optionOf(where);
  const other = others.get(option);
  const isOther = other !== undefined && words.some((word) => word === other || word.startsWith(`${other}=`));
  return isOther ? other : option;
};
