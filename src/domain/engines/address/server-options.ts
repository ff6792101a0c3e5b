import { TlsMode } from '../../../contracts/sandbox.ts';
import { decodePercent, type Invalid } from './decode-percent.ts';
import type { ForeignOption, ForeignOptions } from './foreign-options.ts';
import { tlsSynonyms } from './tls-synonyms.ts';
import { nearest } from '../../nearest.ts';
import type { ServerTarget } from '../../../contracts/sandbox.ts';

/** What the options behind the `?` decide. */
type ServerOptions = Pick<ServerTarget, 'tls' | 'ca' | 'channel_binding' | 'writable_role'>;

/** The words of an engine's own clients for what libpq's words say of TLS. */
export type TlsWords = {
  /** Whose words they are, for messages. */
  readonly whose: string;
  /** What its clients call the option. */
  readonly option: string;
  /** Its words in capitals, with libpq's for the same. */
  readonly modes: ReadonlyMap<string, TlsMode>;
};

/** What an engine's programs call the modes of TLS, where they have words of their own, and what else they write. */
export type OptionWords = { readonly tls?: TlsWords; readonly foreign: ForeignOptions };

const known = ['sslmode', 'sslrootcert', 'writable_role'] as const;

const certificates = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/**
 * Reads the options of a server's connection string: `sslmode` (or what the engine's own clients call it, in their words),
 * `sslrootcert` and `writable_role`. Without a mode, a connection is encrypted wherever it leaves the machine, and the
 * certificate is checked where one to check it by is given.
 */
export const readServerOptions = (
  { tls: words, foreign }: OptionWords,
  query: string,
  host: string,
  invalid: Invalid,
): ServerOptions => {
  const names = words === undefined ? known : [known[0], words.option, ...known.slice(1)];
  const options = optionsIn(query, names, foreign, invalid);
  const signer = options.get('sslrootcert');
  // libpq's word for the machine's own, which are asked where no others are given.
  const isSystem = signer === 'system';
  const ca = isSystem ? undefined : signer;
  const mode = modeOf(words, options, invalid);
  const tls = mode ?? (signer !== undefined ? 'verify-full' : isLoopback(host) ? 'prefer' : 'require');
  if (ca !== undefined) {
    if (!certificates.test(ca))
      throw invalid(
        'has an sslrootcert that is no certificate: give the certificates themselves, as PEM, percent-encoded; a file path is not taken, because the sandbox that connects has no such file',
      );
    if (tls !== 'verify-ca' && tls !== 'verify-full')
      throw invalid(`has an sslrootcert, which sslmode=${tls} would not look at; set verify-full or verify-ca`);
  }
  const writable_role = options.get('writable_role') ?? 'refuse';
  if (writable_role !== 'refuse' && writable_role !== 'accept')
    throw invalid('has a writable_role that is neither "refuse" nor "accept"');
  if (isSystem && tls !== 'verify-full')
    throw invalid('has sslrootcert=system, which asks for sslmode=verify-full; leave one of the two out');
  const binds = options.get('channel_binding') === 'require';
  if (binds && tls === 'disable')
    throw invalid('has channel_binding=require, for which sslmode=disable leaves no channel');
  return {
    tls,
    ...(ca === undefined ? {} : { ca }),
    ...(binds ? { channel_binding: 'require' } : {}),
    writable_role,
  };
};

/** The options that mean something here, by the names that `names` gives them; what means nothing is passed over. */
const optionsIn = (
  query: string,
  names: readonly string[],
  foreign: ForeignOptions,
  invalid: Invalid,
): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [rawName = ''] = pair.split('=', 1);
    const name = rawName.toLowerCase();
    // Not by URLSearchParams: a `+` of a certificate stays one.
    const value = decodePercent(pair.slice(rawName.length + 1), `option ${spoken(rawName)}`, invalid);
    const other = foreign.get(name);
    if (names.includes(name) || tlsSynonyms.has(name) || name === 'channel_binding') {
      if (options.has(name)) throw invalid(`has the option ${name} twice`);
      if (other !== undefined) checkForeign(name, value, other, invalid);
      options.set(name, value);
    } else if (other === undefined) throw invalid(`has ${unknown(rawName, names)}; there are ${names.join(', ')}`);
    else checkForeign(name, value, other, invalid);
  }
  return options;
};

const checkForeign = (name: string, value: string, { harmless, instead }: ForeignOption, invalid: Invalid): void => {
  if (harmless === undefined || harmless.test(value)) return;
  throw invalid(`has the option ${name} with a value that is not taken here: ${instead ?? 'leave it out'}`);
};

/** An option's name as it may be repeated: what does not look like one may be anything. */
const spoken = (name: string): string => (/^[A-Za-z][A-Za-z_-]{0,40}$/.test(name) ? name : 'that is none');

const unknown = (name: string, names: readonly string[]): string => {
  if (spoken(name) !== name) return 'something behind the "?" that is no option';
  const [close] = nearest(name, names);
  return `an unknown option "${name}"${close === undefined ? ', which can be left out' : ` (is ${close} meant?)`}`;
};

const modeOf = (
  words: TlsWords | undefined,
  options: ReadonlyMap<string, string>,
  invalid: Invalid,
): TlsMode | undefined => {
  const [libpq, own] = [options.get('sslmode'), words && options.get(words.option)];
  if (libpq !== undefined && own !== undefined)
    throw invalid(`has both sslmode and ${words?.option ?? ''}; one of them is enough`);
  const given = libpq ?? own;
  const synonyms = [...tlsSynonyms].flatMap(([name, read]) => {
    const value = options.get(name);
    if (value === undefined) return [];
    const mode = read(value);
    if (mode === undefined)
      throw invalid(`has the option ${name} with a value that is not known; write sslmode=require`);
    return [mode];
  });
  if (given === undefined) return strictest(synonyms);
  // What node-postgres calls it.
  if (given === 'no-verify') return strictest(['require', ...synonyms]);
  const mode = TlsMode.safeParse(given.toLowerCase()).data ?? words?.modes.get(given.toUpperCase());
  if (mode !== undefined) return strictest([mode, ...synonyms]);
  const others = words === undefined ? '' : ` (or, in ${words.whose} words, ${[...words.modes.keys()].join(', ')})`;
  throw invalid(`has an sslmode that is none of ${TlsMode.options.join(', ')}${others}`);
};

/** Where several options ask, nothing less than any of them asks for is done. */
const strictest = (modes: readonly TlsMode[]): TlsMode | undefined =>
  modes.toSorted((a, b) => TlsMode.options.indexOf(b) - TlsMode.options.indexOf(a))[0];

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|(0+:){7}0*1)$/i.test(host);
