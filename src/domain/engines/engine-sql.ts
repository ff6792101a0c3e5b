import type { SqlNames } from '../sql-name.ts';
import type { CheckSql } from './check-sql.ts';
import type { ProfileSql } from './profile-sql.ts';

/** The SQL of one engine: how it writes names, measures tables and checks them. */
export type EngineSql = { readonly names: SqlNames; readonly profileSql: ProfileSql; readonly checkSql: CheckSql };
