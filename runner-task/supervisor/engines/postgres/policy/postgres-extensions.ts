import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/**
 * Extensions of which every function that is not volatile may be called, by the reason why that is harmless. Of all others only
 * functions in C may be that they declare immutable: by that word they neither read nor change what a database holds.
 */
const groups: readonly NameGroup[] = [
  {
    reason:
      'types and comparisons: some of their functions are written in SQL, or read a setting of their own, such as a threshold',
    names:
      'btree_gin btree_gist citext cube earthdistance fuzzystrmatch hstore intarray isn ltree pg_trgm seg unaccent',
  },
];

/** The names of these extensions. */
export const computingExtensions = namesOf(groups);
