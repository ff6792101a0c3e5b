import { userSchemas } from './catalog-sql.ts';

/** Every object from here on was made after the server itself. */
const firstOwn = 16384;

/** A type that no value of a built-in type becomes by itself: what takes one is called for values of that type alone. */
const isOwnType = (oid: string): string => `(${oid} >= ${firstOwn} AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_cast c WHERE c.casttarget = ${oid} AND c.castsource < ${firstOwn} AND c.castcontext = 'i'))`;

/** Functions that only compute, as far as their extension says: $1 are the extensions that are known. */
const computing = `
  member AS (
    SELECT d.classid, d.objid, e.extname FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
    WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'
  ), plain AS (
    SELECT p.oid FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_language l ON l.oid = p.prolang
    LEFT JOIN member m ON m.objid = p.oid AND m.classid = 'pg_catalog.pg_proc'::regclass
    WHERE p.prokind IN ('f', 'w') AND NOT p.prosecdef AND (
      (p.oid < ${firstOwn} AND p.provolatile <> 'v')
      OR (m.extname IS NOT NULL AND p.provolatile = 'i' AND l.lanname IN ('c', 'internal'))
      OR (m.extname = ANY ($1::name[]) AND p.provolatile <> 'v' AND l.lanname IN ('c', 'internal', 'sql')))
  ), computing AS (
    SELECT oid FROM plain
    UNION ALL
    SELECT a.aggfnoid FROM pg_catalog.pg_aggregate a
    JOIN member m ON m.objid = a.aggfnoid AND m.classid = 'pg_catalog.pg_proc'::regclass
    WHERE NOT EXISTS (
      SELECT FROM pg_catalog.unnest(ARRAY[a.aggtransfn::oid, a.aggfinalfn::oid, a.aggcombinefn::oid, a.aggserialfn::oid,
                                          a.aggdeserialfn::oid, a.aggmtransfn::oid, a.aggminvtransfn::oid, a.aggmfinalfn::oid]) part (oid)
      WHERE part.oid <> 0 AND part.oid NOT IN (SELECT oid FROM plain))
  )`;

/** The schemas that the role's names without one are looked for in, in this order, after the system's own. */
export const searchPathSql = `
  SELECT pg_catalog.current_schemas(false)::pg_catalog.text[] AS path`;

/** The functions that are not the system's, by schema and name. */
export const ownFunctionsSql = `
  WITH ${computing}
  SELECT n.nspname::text AS schema, p.proname::text AS name,
         pg_catalog.bool_and(p.oid IN (SELECT oid FROM computing)) AS computes,
         pg_catalog.bool_or(NOT EXISTS (SELECT FROM pg_catalog.unnest(p.proargtypes) arg (oid) WHERE ${isOwnType('arg.oid')})) AS captures,
         pg_catalog.bool_or(one.may_be) AS of_one,
         pg_catalog.bool_or(one.may_be AND first.typtype IN ('c', 'd')) AS of_rows,
         pg_catalog.bool_or(one.may_be AND first.typtype = 'p') AS of_anything
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  LEFT JOIN pg_catalog.pg_type first ON first.oid = p.proargtypes[0]
  CROSS JOIN LATERAL (SELECT p.pronargs > 0 AND p.pronargs - p.pronargdefaults <= 1) one (may_be)
  WHERE ${userSchemas} AND p.prokind <> 'p'
    AND p.prorettype NOT IN ('pg_catalog.trigger'::regtype, 'pg_catalog.event_trigger'::regtype)
    AND NOT 'pg_catalog.internal'::regtype = ANY (p.proargtypes)
  GROUP BY 1, 2`;

/** The operators that are not the system's, by schema and name. */
export const ownOperatorsSql = `
  WITH ${computing}
  SELECT n.nspname::text AS schema, o.oprname::text AS name,
         pg_catalog.bool_and(o.oprcode IN (SELECT oid FROM computing)) AS computes,
         pg_catalog.bool_or(NOT (${isOwnType('o.oprleft')} OR ${isOwnType('o.oprright')})) AS captures
  FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
  WHERE ${userSchemas}
  GROUP BY 1, 2`;

/** Types of extensions whose values are read from texts by a function that only computes. */
export const ownTypesSql = `
  WITH ${computing}
  SELECT n.nspname::text AS schema, t.typname::text AS name
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  JOIN member m ON m.objid = t.oid AND m.classid = 'pg_catalog.pg_type'::regclass
  WHERE ${userSchemas} AND t.typtype = 'b' AND t.typelem = 0 AND t.typinput IN (SELECT oid FROM computing)`;
