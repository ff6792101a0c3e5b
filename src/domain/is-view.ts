import type { TableProfile } from '../contracts/profile.ts';

/** Whether a table’s rows are those of other tables. */
export const isView = ({ schema }: Pick<TableProfile, 'schema'>): boolean =>
  schema.kind === 'view' || schema.kind === 'materialized_view';
