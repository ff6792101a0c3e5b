import type { DatabaseProfile, RunProfile } from '../../contracts/profile.ts';
import { formatCount, formatCountOf } from './format.ts';

/** What of a run’s databases and tables was not measured, a phrase each; none where all was. */
export const unmeasuredParts = ({ databases }: RunProfile): readonly string[] => {
  const unknown = databases.filter(isUnknown).length;
  const known = databases.filter((database) => !isUnknown(database));
  const failed = known.reduce((sum, database) => sum + database.failed.length, 0);
  const all = known.reduce((sum, database) => sum + database.tables.length, failed);
  return [
    ...(unknown === 0
      ? []
      : [
          databases.length === 1
            ? 'The database could not be surveyed'
            : `${formatCount(unknown)} of ${formatCount(databases.length)} databases could not be surveyed`,
        ]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} of ${formatCountOf(all, 'table')} could not be measured`]),
  ];
};

/** A database that could not be opened, or was lost before one of its tables was measured. */
const isUnknown = ({ failure, tables, failed }: DatabaseProfile): boolean =>
  failure !== undefined || (tables.length === 0 && failed.length > 0);
