import { serverAddress } from '../address/server-address.ts';

/** A database on a MySQL or MariaDB server. */
export const mysqlAddress = serverAddress('mysql', {
  schemes: ['mysql', 'mariadb'],
  nicknames: [],
  port: 3306,
  tlsWords: {
    whose: 'MySQL’s',
    option: 'ssl-mode',
    modes: new Map([
      ['DISABLED', 'disable'],
      ['PREFERRED', 'prefer'],
      ['REQUIRED', 'require'],
      ['VERIFY_CA', 'verify-ca'],
      ['VERIFY_IDENTITY', 'verify-full'],
    ]),
  },
});
