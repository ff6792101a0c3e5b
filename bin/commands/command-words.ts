import { programName } from '../program-name.ts';
/** What the API's messages advise, in requests, and the same in commands. */
const advice: readonly (readonly [said: RegExp, command: string])[] = [
  [
    /GET \/connections lists them; POST \/connections makes one\./g,
    `See which there are: ${programName} connections list\nAdd one: ${programName} connections add shop < connection-string.txt`,
  ],
  [/GET \/runs lists the runs there are\./g, `See which there are: ${programName} runs`],
  [
    /\(POST \/runs\/\{id\}\/cancel\), then delete the connection\./g,
    `(${programName} cancel <id>), then remove the connection.`,
  ],
  [
    /of run (\w+) was deleted when the run ended\. Send it again, as db_conn_string, for (.+)\.$/gm,
    `of run $1, for $2, was deleted when the run ended.\nGive it again: ${programName} resume $1 - < connection-string.txt`,
  ],
  [
    /Rotate it, or delete it and make it again\./g,
    `Give it one: ${programName} connections rotate <name> < connection-string.txt`,
  ],
  [/Name the ones to survey in "tables"\./g, 'Name the ones to survey with --tables.'],
  [/ See \/openapi\.json for what is taken\./g, ''],
];

/** Fields of requests that are called otherwise on the command line. */
const options: ReadonlyMap<string, string> = new Map([
  ['s3_prefix', '--prefix'],
  ['db_conn_string', 'connection string'],
  ['connection', 'database'],
  ['dataset', 'database'],
  ['sources', 'database'],
]);

/** The word or option of a command that a place in a request (`body.s3_prefix`, `path.name`) stands for. */
export const optionOf = (where: string): string => {
  const [, part, field = '', inner] = /^(?:(path|query|body)\.)?([a-z0-9_]+)(?:\.(\w+))?/.exec(where) ?? [];
  if (part === 'path') return field;
  if (part === 'query' || field === 'tables') return `--${field}`;
  if (field === 'budget') return inner === undefined ? '--budget-…' : `--budget-${inner}`;
  return options.get(field) ?? (part === undefined ? where : field);
};

/** A message of the API in the words of the command line. */
export const commandWords = (message: string): string =>
  advice.reduce((text, [said, command]) => text.replace(said, command), message);

/** A place in a request in the words of the command line; any other place as it is. */
export const commandPlace = (where: string): string => (/^(path|query|body)\./.test(where) ? optionOf(where) : where);
