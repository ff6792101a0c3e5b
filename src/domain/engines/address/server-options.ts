import { TlsMode } from '../../../contracts/sandbox.ts';
import { decodePercent, type Invalid } from './decode-percent.ts';
import { nearest } from '../../nearest.ts';
import type { ServerTarget } from '../../../contracts/sandbox.ts';

/** What the options behind the `?` decide. */
type ServerOptions = Pick<ServerTarget, 'tls' | 'ca' | 'writable_role'>;

/** The words of an engine's own clients for what libpq's words say of TLS. */
export type TlsWords = {
  /** Whose words they are, for messages. */
  readonly whose: string;
  /** What its clients call the option. */
  readonly option: string;
  /** Its words in capitals, with libpq's for the same. */
  readonly modes: ReadonlyMap<string, TlsMode>;
};

const known = ['sslmode', 'sslrootcert', 'writable_role'] as const;

const certificates = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/**
 * Reads the options of a server's connection string: `sslmode` (or what the engine's own clients call it, in their words),
 * `sslrootcert` and `writable_role`. Without a mode, a connection is encrypted wherever it leaves the machine, and the
 * certificate is checked where one to check it by is given.
 */
export const readServerOptions = (
  words: TlsWords | undefined,
  query: string,
  host: string,
  invalid: Invalid,
): ServerOptions => {
  const options = optionsIn(query, words === undefined ? known : [known[0], words.option, ...known.slice(1)], invalid);
  const ca = options.get('sslrootcert');
  const mode = modeOf(words, options, invalid);
  const tls = mode ?? (ca !== undefined ? 'verify-full' : isLoopback(host) ? 'prefer' : 'require');
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
  return { tls, ...(ca === undefined ? {} : { ca }), writable_role };
};

const optionsIn = (query: string, names: readonly string[], invalid: Invalid): ReadonlyMap<string, string> => {
  const options = new Map<string, string>();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [rawName = ''] = pair.split('=', 1);
    const name = names.find((one) => one === rawName.toLowerCase());
    if (name === undefined) throw invalid(`has ${spoken(rawName, names)}; there are ${names.join(', ')}`);
    if (options.has(name)) throw invalid(`has the option ${name} twice`);
    // Not by URLSearchParams: a `+` of a certificate stays one.
    options.set(name, decodePercent(pair.slice(rawName.length + 1), `option ${name}`, invalid));
  }
  return options;
};

/** An option's name as it may be repeated: what does not look like one may be anything. */
const spoken = (name: string, names: readonly string[]): string => {
  if (!/^[A-Za-z][A-Za-z_-]{0,40}$/.test(name)) return 'something behind the "?" that is no option';
  const [close] = nearest(name, names);
  return `an unknown option "${name}"${close === undefined ? '' : ` (is ${close} meant?)`}`;
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
  if (given === undefined) return undefined;
  const mode = TlsMode.safeParse(given.toLowerCase()).data ?? words?.modes.get(given.toUpperCase());
  if (mode !== undefined) return mode;
  const others = words === undefined ? '' : ` (or, in ${words.whose} words, ${[...words.modes.keys()].join(', ')})`;
  throw invalid(`has an sslmode that is none of ${TlsMode.options.join(', ')}${others}`);
};

const isLoopback = (host: string): boolean =>
  /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|::1|(0+:){7}0*1)$/i.test(host);
