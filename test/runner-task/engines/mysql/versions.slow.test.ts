import { describe } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { mariadbOfMaven, mysqlOfDebian } from '../../../support/mariadb-programs.ts';
import { describeMysqlEngine } from './describe-mysql-engine.ts';

// All that Maven has of the newer releases and an old one; 10.11.19 is the installed one, of npm test.
describe.skipIf(isMissing('mariadb', 'maven', 'linux', 'x64')).each(['10.2.11', '10.11.5', '11.4.5'])(
  'MariaDB %s',
  (version) => {
    if (!isMissing('mariadb', 'maven', 'linux', 'x64')) describeMysqlEngine(mariadbOfMaven(version));
  },
);

describe.skipIf(isMissing('debian', 'root', 'x64'))('MySQL 9', () => {
  if (!isMissing('debian', 'root', 'x64')) describeMysqlEngine(mysqlOfDebian());
});
