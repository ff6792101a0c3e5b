import { describe } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { postgresPrograms } from '../../../support/postgres-version.ts';
import { describePostgresEngine } from './describe-postgres-engine.ts';

// The newest of each that Maven had in 2025; 15 is the installed one, of npm test.
describe
  .skipIf(isMissing('postgres', 'maven', 'linux', 'x64'))
  .each(['13.22.0', '14.19.0', '16.9.0', '17.5.0', '18.0.0'])('PostgreSQL %s', (version) => {
  if (!isMissing('maven', 'linux', 'x64')) describePostgresEngine(postgresPrograms(version));
});
