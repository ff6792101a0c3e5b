import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/** Types that a value may be cast to: a cast to a type of the user's own may call a function of the user's own. */
const groups: readonly NameGroup[] = [
  {
    reason: 'built-in values',
    names: `bit bool bpchar box bytea char cidr circle date float4 float8 inet int2 int4 int8 interval json jsonb
      jsonpath line lseg macaddr macaddr8 money name numeric oid path point polygon text time timestamp timestamptz
      timetz tsquery tsvector unknown uuid varbit varchar pg_lsn record
      int2vector oidvector xid xid8 tid cid`,
  },
  {
    reason: 'ranges of them',
    names: `daterange int4range int8range numrange tsrange tstzrange datemultirange int4multirange int8multirange
      nummultirange tsmultirange tstzmultirange`,
  },
  {
    reason: 'names of catalog rows; only what the catalogs tell anyway',
    names: 'regclass regcollation regconfig regdictionary regnamespace regtype',
  },
];

/** The names of all of them. */
export const postgresTypeNames = namesOf(groups);
