import { namesOf, type NameGroup } from '../../../policy/name-groups.ts';

/** The operators of PostgreSQL's catalog (pg_operator), all of them: each computes from its two sides alone. */
const groups: readonly NameGroup[] = [
  { reason: 'arithmetic and bits', names: '+ - * / % ^ |/ ||/ @ & | # ~ << >> !!' },
  { reason: 'comparison', names: '= <> != < <= > >= *< *<= *<> *= *> *>= ~<=~ ~<~ ~>=~ ~>~' },
  { reason: 'texts and patterns', names: '|| ~ ~* !~ !~* ~~ ~~* !~~ !~~* ^@' },
  { reason: 'JSON', names: '-> ->> #> #>> #- ? ?| ?& @? @@' },
  { reason: 'arrays and ranges', names: '@> <@ && -|- &< &>' },
  {
    reason: 'geometry and networks',
    names: '## &<| &> << <<= <<| <-> <^ >^ >>= ?# ?- ?-| ?|| @-@ ~= |&> |>>',
  },
  { reason: 'text search', names: '@@@ <->' },
];

/** The names of all of them. */
export const postgresOperatorNames = namesOf(groups);
