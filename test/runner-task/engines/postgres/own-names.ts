import { postgresFunctions } from '../../../../runner-task/supervisor/engines/postgres/policy/postgres-functions.ts';
import { postgresOperatorNames } from '../../../../runner-task/supervisor/engines/postgres/policy/postgres-operators.ts';
import { namesOf } from '../../../../runner-task/supervisor/policy/name-groups.ts';
import { quoteName } from '../../../../src/domain/sql-name.ts';

const signatures = ['text', 'integer', 'double precision', 'numeric', 'bigint', 'text, text', 'text, integer', 'numeric, integer', 'double precision, integer', 'double precision, double precision', 'text, timestamp', 'timestamp', 'text, text, text', 'mood', 'odd', 'anyelement']; // prettier-ignore

/** A function of each built-in name and many signatures, each of which ends the statement that calls it. */
const ownFunctions = [...namesOf(postgresFunctions)].flatMap((name) =>
  signatures.map(
    (types) =>
      `CREATE FUNCTION public.${quoteName(name)}(${types}) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'captured'; END $f$;`,
  ),
);

const operands = ['text, text', 'integer, integer', 'double precision, integer', 'double precision, double precision', 'numeric, integer', 'numeric, double precision', 'bigint, integer', 'integer, text', 'text, integer', 'oid, oid', 'name, name', 'mood, text']; // prettier-ignore

/** An operator of each built-in name for many types, each of which ends the statement that uses it. */
const ownOperators = [
  ...operands.map(
    (types, index) =>
      `CREATE FUNCTION public.capture_${index}(${types}) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'captured'; END $f$;`,
  ),
  ...[...postgresOperatorNames].flatMap((name) =>
    operands.map((types, index) => {
      const [left, right] = types.split(', ');
      return name === '=>' || name === '!=' || name === '<>'
        ? ''
        : `CREATE OPERATOR public.${name} (LEFTARG = ${left}, RIGHTARG = ${right}, FUNCTION = public.capture_${index});`;
    }),
  ),
];

/** The casts that databases have which came from before PostgreSQL 8.3, and one of an own type that ends its statement. */
const ownCasts = [
  ...['smallint', 'integer', 'bigint', 'oid', 'real', 'double precision', 'numeric', 'date', 'timestamp', 'timestamptz', 'time', 'interval'].map(
    (type) => `CREATE CAST (${type} AS text) WITH INOUT AS IMPLICIT;`,
  ), // prettier-ignore
  `CREATE FUNCTION public.label(mood) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'captured'; END $f$;`,
  `CREATE CAST (mood AS text) WITH FUNCTION public.label(mood) AS IMPLICIT;`,
  `CREATE FUNCTION public.words(pair) RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RAISE EXCEPTION 'captured'; END $f$;`,
  `CREATE CAST (pair AS text) WITH FUNCTION public.words(pair) AS IMPLICIT;`,
];

/** What pgvector and PostGIS bring, with types that need no code in C: aggregates, operators and implicit casts. */
const imitations = `
  CREATE TYPE vector AS (v float8[]); CREATE TYPE geometry AS (wkb bytea);
  CREATE FUNCTION vector_add(vector, vector) RETURNS vector LANGUAGE sql IMMUTABLE AS 'SELECT $1';
  CREATE FUNCTION vector_compare(vector, vector) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
  CREATE FUNCTION l2_distance(vector, vector) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 0.5::float8';
  CREATE AGGREGATE avg(vector) (SFUNC = vector_add, STYPE = vector); CREATE AGGREGATE sum(vector) (SFUNC = vector_add, STYPE = vector);
  CREATE OPERATOR + (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_add);
  CREATE OPERATOR < (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_compare);
  CREATE OPERATOR = (LEFTARG = vector, RIGHTARG = vector, FUNCTION = vector_compare);
  CREATE OPERATOR <-> (LEFTARG = vector, RIGHTARG = vector, FUNCTION = l2_distance);
  CREATE FUNCTION to_vector(float8[], integer DEFAULT 0) RETURNS vector LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1)::vector';
  CREATE CAST (float8[] AS vector) WITH FUNCTION to_vector AS IMPLICIT;
  CREATE FUNCTION geometry(text) RETURNS geometry LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1::bytea)::geometry';
  CREATE FUNCTION text(geometry) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'POINT' $$;
  CREATE FUNCTION length(geometry) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT 0::float8';
  CREATE FUNCTION "left"(geometry, geometry) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
  CREATE CAST (text AS geometry) WITH FUNCTION geometry(text) AS IMPLICIT;
  CREATE CAST (geometry AS text) WITH FUNCTION text(geometry);
  CREATE OPERATOR && (LEFTARG = geometry, RIGHTARG = geometry, FUNCTION = "left");
  CREATE OPERATOR = (LEFTARG = geometry, RIGHTARG = geometry, FUNCTION = "left");
  CREATE OPERATOR ~ (LEFTARG = geometry, RIGHTARG = geometry, FUNCTION = "left");`;

/** Each extension that the server has, in a schema; what one of them needs comes with it. */
const extensions = (schema: string): string => `
  DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT name FROM pg_available_extensions WHERE name NOT LIKE '%plpython%' AND name NOT LIKE '%plperl%' LOOP
      BEGIN
        EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I CASCADE', one, '${schema}');
      EXCEPTION WHEN OTHERS THEN EXECUTE format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', one);
      END;
    END LOOP;
  END $$;`;

/** What databases have of their own with the names of what is built in, by what it is. */
export const ownNames: Readonly<Record<string, string>> = {
  'every extension of the server': extensions('public'),
  'every extension off the search path': `CREATE SCHEMA extensions; GRANT USAGE ON SCHEMA extensions TO public; ${extensions('extensions')}`,
  'imitations of pgvector and PostGIS': imitations,
  'functions of every built-in name': ownFunctions.join('\n'),
  'functions that are found first': `ALTER DATABASE own SET search_path = public, pg_catalog; ${ownFunctions.join('\n')}`,
  'an aggregate without arguments': `
    CREATE FUNCTION public.add_one(bigint) RETURNS bigint LANGUAGE sql AS 'SELECT $1 + 2';
    CREATE AGGREGATE public.count(*) (SFUNC = public.add_one, STYPE = bigint, INITCOND = '0');
    ALTER DATABASE own SET search_path = public, pg_catalog;`,
  'operators of every built-in name': ownOperators.join('\n'),
  'operators that are found first': `ALTER DATABASE own SET search_path = public, pg_catalog; ${ownOperators.join('\n')}`,
  'casts of built-in and own types': ownCasts.join('\n'),
  'types that are called like built-in ones': `
    CREATE DOMAIN public.text AS pg_catalog.int4; CREATE DOMAIN public.float8 AS pg_catalog.date; CREATE DOMAIN public.numeric AS pg_catalog.date;
    ALTER DATABASE own SET search_path = public, pg_catalog;`,
};
