import type { DatabaseTarget } from '../../contracts/sandbox.ts';

const schemes = { duckdb: 'duckdb', files: 'file' } as const satisfies Record<DatabaseTarget['engine'], string>;

/** A database as it may be shown and logged: never its user, password or options. */
export const connectionLabel = (target: DatabaseTarget): string => `${schemes[target.engine]}://${target.path}`;
