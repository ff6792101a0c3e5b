import * as z from 'zod';
import type { ServerEngine } from '../../../contracts/engine.ts';
import type { ServerTarget, TargetOf } from '../../../contracts/sandbox.ts';
import { decodePercent, type Invalid } from './decode-percent.ts';
import { type OptionWords, readServerOptions } from './server-options.ts';
import type { SourceAddress } from './source-address.ts';

/** How servers of one engine are named. */
type ServerNames = Pick<SourceAddress<ServerEngine>, 'schemes' | 'nicknames'> & {
  readonly port: number;
  /** What its own clients write behind the `?`; libpq's words for TLS are always known. */
  readonly options: OptionWords;
};

/** What would end a path or look like a blank in it; letters of every alphabet stay readable. */
const notInPaths = /[%/?#@\s]/g;

/** The address of a kind of source that lies on a server. */
export const serverAddress = <E extends ServerEngine>(engine: E, names: ServerNames): SourceAddress<E> => ({
  schemes: names.schemes,
  nicknames: names.nicknames,
  endings: [],
  hasCredentials: true,
  // The compiler does not see through the condition that TargetOf is made by.
  parse: (rest, invalid) => ({ engine, ...parseServer(names, rest, invalid) }) as TargetOf<E>,
  label: ({ host, port, database }: ServerTarget) =>
    `${names.schemes[0]}://${host.includes(':') ? `[${host}]` : host}:${port}/${database.replace(notInPaths, encodeURIComponent)}`,
});

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/**
 * Reads `user:password@host:port/database?options`. Not with `URL`, which takes a password with a `/` for a host and
 * repairs what a person should hear of.
 */
const parseServer = (
  { port: defaultPort, options }: ServerNames,
  text: string,
  invalid: Invalid,
): Omit<ServerTarget, 'engine'> => {
  if (controlCharacter.test(text)) throw invalid('has a control character in it');
  const [, authority = '', path = '', query] = /^([^/?#]*)([^?#]*)(?:\?([^#]*))?/.exec(text) ?? [];
  const after = text.slice(authority.length);
  // A `/`, `?` or `#` in the password ends the authority early, and the rest of the password would be taken for a
  // database or an option, and be shown. The `@` before the real host tells.
  if (after.includes('@'))
    throw invalid(
      'has an "@" behind its host: there is a plain / ? or # in the user or password, or an "@" behind them',
    );
  if (after.includes('#')) throw invalid('has a "#" in it');

  const split = authority.lastIndexOf('@');
  const credentials = split < 0 ? '' : authority.slice(0, split);
  const [rawUser = ''] = credentials.split(':', 1);
  const user = decoded(rawUser, 'user', invalid);
  if (user === '')
    throw invalid(
      /(?:^|&)user(?:name)?=/i.test(query ?? '')
        ? 'has its user behind the "?"; write user and password before the host, as in user:password@host'
        : 'names no user',
    );
  // A password may have any character that the servers' protocols can carry: all but the one that ends a text there.
  const password = decodePercent(credentials.slice(rawUser.length + 1), 'password', invalid);
  if (password.includes('\0')) throw invalid('has the character %00 in its password');
  if (placeholder.test(password)) throw invalid('still has the placeholder that it was shown with for its password');

  const named = authority.slice(split + 1);
  if (named === '' && /(?:^|&)host=/i.test(query ?? ''))
    throw invalid(
      'has its host behind the "?"; name a host and a port before the database (a socket, as Cloud SQL has one, is not opened: name its address, or that of its proxy)',
    );
  const { host, port } = readHost(named, defaultPort, invalid);
  if (path.slice(1).includes('/')) throw invalid('has a plain "/" in its database');
  const database = decoded(path.slice(1), 'database', invalid);
  if (database === '') throw invalid('names no database');

  return {
    host,
    port,
    database,
    user,
    password,
    ...readServerOptions(options, query ?? '', host, (problem) => invalid(problem, 'options')),
  };
};

/** What providers print where the password belongs. */
const placeholder = /^(\[your[-_ ]?password\]|\{your[-_ ]?password\}|<(your[-_ ]?)?password>|\*{3,})$/i;

const decoded = (text: string, part: string, invalid: Invalid): string => {
  const value = decodePercent(text, part, invalid);
  if (controlCharacter.test(value)) throw invalid(`has a control character in its ${part}`);
  return value;
};

const readHost = (
  text: string,
  defaultPort: number,
  invalid: Invalid,
): { readonly host: string; readonly port: number } => {
  if (text.includes(',')) throw invalid('names several hosts; name one');
  const [, address, name, colon, digits = ''] = /^(?:\[([^\]]*)\]|([^:[\]]*))(?:(:)([^:]*))?$/.exec(text) ?? [];
  if (address === undefined && name === undefined)
    throw invalid('has a host that cannot be read; an IPv6 address stands in brackets, as in [::1]:5432');
  if (address === '' || name === '') throw invalid('names no host');
  if (address !== undefined && !z.ipv6().safeParse(address).success)
    throw invalid('has something in the brackets of its host that is no IPv6 address');
  if (name !== undefined && !/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,252}$/u.test(name))
    throw invalid('has a host that is no name and no address; a path of a socket is not taken');
  const port = colon === undefined ? defaultPort : Number(digits);
  if (colon !== undefined && (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535))
    throw invalid('has a port that is no number from 1 to 65535');
  return { host: address ?? name ?? '', port };
};
