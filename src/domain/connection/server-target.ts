import type { DatabaseTarget } from '../../contracts/sandbox.ts';

/** A database on a server, as a sandbox opens it. */
export type ServerTarget = Extract<DatabaseTarget, { readonly host: string }>;

/** How the connection string of each engine is written. */
export const serverForms = {
  postgres: 'postgresql://user:password@host:5432/database',
  mysql: 'mysql://user:password@host:3306/database',
} as const satisfies Record<ServerTarget['engine'], string>;
