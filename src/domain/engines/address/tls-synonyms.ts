import type { TlsMode } from '../../../contracts/sandbox.ts';

const yes = /^(|1|true|yes|on)$/i;
const no = /^(0|false|no|off)$/i;

type Reading = (value: string) => TlsMode | undefined;

const flag =
  (on: TlsMode, off: TlsMode): Reading =>
  (value) =>
    yes.test(value) ? on : no.test(value) ? off : undefined;

/** As node-postgres and mysql2 take it: whether to encrypt, or what to look at, as JSON. */
const ofNode: Reading = (value) => {
  const plain = flag('require', 'disable')(value);
  if (plain !== undefined) return plain;
  const [, rejects] = /^\s*\{\s*"rejectUnauthorized"\s*:\s*(true|false)\s*\}\s*$/.exec(value) ?? [];
  if (rejects === undefined) return value === 'require' ? 'require' : undefined;
  return rejects === 'true' ? 'verify-full' : 'require';
};

const words =
  (modes: Readonly<Record<string, TlsMode>>): Reading =>
  (value) =>
    new Map(Object.entries(modes)).get(value.toLowerCase());

/** Other programs' options for what `sslmode` says, and what their values mean. */
export const tlsSynonyms: ReadonlyMap<string, Reading> = new Map<string, Reading>([
  ['ssl', ofNode],
  ['usessl', flag('require', 'disable')],
  ['requiressl', flag('require', 'prefer')],
  ['require_ssl', flag('require', 'prefer')],
  ['verifyservercertificate', flag('verify-ca', 'prefer')],
  ['ssl_verify_cert', flag('verify-ca', 'prefer')],
  ['ssl_verify_identity', flag('verify-full', 'prefer')],
  ['sslaccept', words({ strict: 'verify-full', accept_invalid_certs: 'require' })],
  // Of Go's driver for MySQL.
  ['tls', words({ true: 'verify-full', 'skip-verify': 'require', preferred: 'prefer', false: 'disable' })],
]);
