import * as z from 'zod';

/**
 * What an API key may do; a key holds one or several, and each route names those that open it (docs/api-access.md has a table).
 * `admin` is keys, tenants and settings, so it alone shows no data.
 */
export const Role = z.enum(['reader', 'analyst', 'operator', 'approver', 'worker', 'auditor', 'admin']);
export type Role = z.infer<typeof Role>;

/** The roles of the routes that show how runs, connections and schedules stand. */
export const readers = ['reader', 'analyst', 'operator', 'approver', 'auditor'] as const satisfies readonly Role[];

/** Reports show rows; who audits sees what was done, not what was found. */
export const reportReaders = ['reader', 'analyst', 'operator', 'approver'] as const satisfies readonly Role[];

/** What a key may do beside its roles, and no role includes: `personal` is to see personal values in clear. */
export const Right = z.enum(['personal']);
export type Right = z.infer<typeof Right>;
