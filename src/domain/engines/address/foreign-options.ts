/**
 * Options that other programs write into connection strings. One is taken and changes nothing where its value asks for nothing
 * that is done otherwise here; else it is refused, with what to write in its place.
 */
export type ForeignOption = {
  /** In lower case; programs write them with capitals, too. */
  readonly names: string;
  /** The values that change nothing here; absent: all. */
  readonly harmless?: RegExp;
  /** What to do about the others: follows "has the option x=…, ". */
  readonly instead?: string;
};

/** The options of an engine's programs by their names. */
export type ForeignOptions = ReadonlyMap<string, ForeignOption>;

/** Makes the table of an engine of these and of those that programs for every server write. */
export const foreignOptions = (own: readonly ForeignOption[]): ForeignOptions =>
  new Map(
    [...common, ...own].flatMap((option) =>
      option.names
        .trim()
        .split(/\s+/)
        .map((name) => [name, option]),
    ),
  );

/** Nothing, so that none is harmless. */
const none = /(?!)/;

const common: readonly ForeignOption[] = [
  {
    // Surveyor names itself, waits as long as it says, keeps its own few connections and closes them.
    names: `connect_timeout connecttimeout connection_timeout connectiontimeout logintimeout login_timeout socket_timeout
      sockettimeout pool_timeout pool_size pool_recycle pool_mode connection_limit connectionlimit max_connections
      statement_cache_size tcpkeepalive keepalive application_name applicationname program_name`,
  },
  {
    names: 'user username password host port',
    harmless: none,
    instead: 'write it before the options, as in user:password@host:port/database',
  },
  {
    names: 'sslcert sslkey sslpassword sslidentity ssl-cert ssl-key ssl_cert ssl_key clientcertificatekeystoreurl',
    harmless: none,
    instead: 'leave it out, and let the role log in with a password: no certificate of a client is shown here',
  },
  {
    names: 'ssl-ca ssl_ca sslcrl ssl_crl sslcertificate trustcertificatekeystoreurl',
    harmless: none,
    instead: 'write sslrootcert with the certificates themselves, as PEM, percent-encoded',
  },
];
