import { serverAddress } from '../address/server-address.ts';

/** A database on a PostgreSQL server. */
export const postgresAddress = serverAddress('postgres', {
  schemes: ['postgresql', 'postgres'],
  nicknames: ['postgres', 'psql', 'pgsql', 'pg'],
  port: 5432,
});
