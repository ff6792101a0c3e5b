import type { DatabaseTarget } from '../../contracts/sandbox.ts';
import type { ServerTarget } from './server-target.ts';

/** What would end a path or look like a blank in it; letters of every alphabet stay readable. */
const notInPaths = /[%/?#@\s]/g;

/** A database as it may be shown and logged: never its user, password or options. */
export const connectionLabel = (target: DatabaseTarget): string => {
  switch (target.engine) {
    case 'duckdb':
      return `duckdb://${target.path}`;
    case 'files':
      return `file://${target.path}`;
    case 'postgres':
      return serverLabel('postgresql', target);
    case 'mysql':
      return serverLabel('mysql', target);
  }
};

const serverLabel = (scheme: string, { host, port, database }: ServerTarget): string =>
  `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/${database.replace(notInPaths, encodeURIComponent)}`;
