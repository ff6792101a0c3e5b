/** Settings that explain results; the others tell how the server is run. */
export const shownSettings: ReadonlySet<string> = new Set([
  'timezone',
  'datestyle',
  'intervalstyle',
  'search_path',
  'server_version',
  'server_version_num',
  'server_encoding',
  'client_encoding',
  'lc_collate',
  'lc_ctype',
  'standard_conforming_strings',
  'transaction_read_only',
  'statement_timeout',
]);
