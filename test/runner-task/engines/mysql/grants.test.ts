import { expect, it } from 'vitest';
import {
  canWrite,
  isElsewhere,
  listsAll,
  readGrantLine,
} from '../../../../runner-task/supervisor/engines/mysql/grants.ts';

it('reads the privileges and what they are on, and nothing of the password’s hash', () => {
  const { grants } = readGrantLine(
    "GRANT SELECT, LOCK TABLES ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*7B9EBEED26AA52ED10C0F549FA863F13C39E0209'",
  );
  expect(grants).toEqual([
    { privilege: 'SELECT', on: '*.*' },
    { privilege: 'LOCK TABLES', on: '*.*' },
  ]);
});

it('is not led astray by names that look like a grant', () => {
  const { grants } = readGrantLine(
    'GRANT SELECT (`a ON b`, `TO`), INSERT (`x``y`) ON `my``db`.`t, ON TO` TO `u`@`%` WITH GRANT OPTION',
  );
  expect(grants).toEqual([
    { privilege: 'SELECT', on: 'my`db.t, ON TO', database: 'my`db' },
    { privilege: 'INSERT', on: 'my`db.t, ON TO', database: 'my`db' },
    { privilege: 'GRANT OPTION', on: 'my`db.t, ON TO', database: 'my`db' },
  ]);
});

it('reads limits that come with the option of granting', () => {
  const { grants } = readGrantLine('GRANT USAGE ON *.* TO `u`@`%` WITH MAX_QUERIES_PER_HOUR 5 GRANT OPTION');
  expect(grants.map(({ privilege }) => privilege)).toEqual(['USAGE', 'GRANT OPTION']);
});

it('reads routines and proxies', () => {
  expect(readGrantLine('GRANT EXECUTE ON PROCEDURE `app`.`p` TO `u`@`%`').grants).toEqual([
    { privilege: 'EXECUTE', on: 'PROCEDURE app.p', database: 'app' },
  ]);
  expect(readGrantLine("GRANT PROXY ON ''@'%' TO 'u'@'%'").grants).toEqual([{ privilege: 'PROXY', on: '@%' }]);
});

it('reads roles as MySQL and MariaDB write them', () => {
  expect(readGrantLine('GRANT `r`@`%`,`s t`@`%` TO `u`@`%` WITH ADMIN OPTION').roles).toEqual(['`r`@`%`', '`s t`@`%`']);
  expect(readGrantLine('GRANT `rw` TO `u`@`%`').roles).toEqual(['`rw`']);
});

it('takes any privilege for one to write that is not known to be harmless', () => {
  const writing = ['INSERT', 'FILE', 'SUPER', 'EXECUTE', 'ALL PRIVILEGES', 'GRANT OPTION', 'BACKUP_ADMIN', 'TRIGGER'];
  const reading = ['USAGE', 'SELECT', 'SHOW VIEW', 'PROCESS', 'REPLICATION CLIENT'];
  expect(writing.filter((privilege) => !canWrite({ privilege, on: '*.*' }))).toEqual([]);
  expect(reading.filter((privilege) => canWrite({ privilege, on: '*.*' }))).toEqual([]);
});

it.each([
  ['GRANT SELECT ON `app`.* TO `u`@`%`', true],
  ['GRANT ALL PRIVILEGES ON *.* TO `u`@`%`', true],
  ['GRANT PROCESS ON *.* TO `u`@`%`', false],
  ['GRANT SELECT ON `ap%`.* TO `u`@`%`', true],
  ['GRANT SELECT ON `a_p`.* TO `u`@`%`', true],
  ['GRANT USAGE ON *.* TO `u`@`%`', false],
  ['GRANT SELECT ON `app`.`orders` TO `u`@`%`', false],
  ['GRANT SELECT ON `a\\_p`.* TO `u`@`%`', false],
  ['GRANT SELECT ON `app2`.* TO `u`@`%`', false],
  ['GRANT SELECT ON `a.p`.* TO `u`@`%`', false],
])('knows from %s whether every table of the database app is listed: %s', (line, expected) => {
  expect(listsAll(readGrantLine(line).grants, 'app')).toBe(expected);
});

it.each([
  ['GRANT INSERT ON `test`.* TO PUBLIC', true],
  ['GRANT INSERT ON `test\\_%`.* TO PUBLIC', true],
  ['GRANT INSERT ON `other`.`t` TO `u`@`%`', true],
  ['GRANT EXECUTE ON PROCEDURE `other`.`p` TO `u`@`%`', true],
  ['GRANT INSERT ON `app`.* TO `u`@`%`', false],
  ['GRANT INSERT ON `APP`.`t` TO `u`@`%`', false],
  ['GRANT INSERT ON `a%`.* TO `u`@`%`', false],
  ['GRANT INSERT ON `m%`.* TO `u`@`%`', false],
  ['GRANT INSERT ON `mysql`.`user` TO `u`@`%`', false],
  ['GRANT FILE ON *.* TO `u`@`%`', false],
  ["GRANT PROXY ON ''@'%' TO 'u'@'%'", false],
])('knows of %s whether it is of other databases than app alone: %s', (line, expected) => {
  expect(readGrantLine(line).grants.every((grant) => isElsewhere(grant, 'app'))).toBe(expected);
});
