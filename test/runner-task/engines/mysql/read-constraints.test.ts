import { expect, it } from 'vitest';
import { readConstraints } from '../../../../runner-task/supervisor/engines/mysql/read-constraints.ts';

const read = (...lines: readonly string[]) =>
  readConstraints(['CREATE TABLE `t` (', ...lines, ') ENGINE=InnoDB'].join('\n'), (table, database) =>
    database === undefined ? table : `${database}/${table}`,
  );

it('reads primary, unique and foreign keys', () => {
  expect(
    read(
      '  `id` int(11) NOT NULL,',
      '  PRIMARY KEY (`id`,`part`),',
      '  UNIQUE KEY `u` (`a`(10),`b` DESC) USING BTREE,',
      '  KEY `plain` (`c`),',
      '  CONSTRAINT `fk` FOREIGN KEY (`a`, `b`) REFERENCES `other` (`x`, `y`) ON DELETE CASCADE,',
      '  CONSTRAINT `far` FOREIGN KEY (`c`) REFERENCES `db`.`other` (`x`)',
    ),
  ).toEqual([
    { kind: 'primary_key', columns: ['id', 'part'] },
    { kind: 'unique', columns: ['a', 'b'] },
    { kind: 'foreign_key', columns: ['a', 'b'], references: { table: 'other', columns: ['x', 'y'] } },
    { kind: 'foreign_key', columns: ['c'], references: { table: 'db/other', columns: ['x'] } },
  ]);
});

it('reads names that hold what keys are written with', () => {
  expect(
    read(
      '  PRIMARY KEY (`we) ird`,`a``b`,`c,(1`),',
      '  CONSTRAINT `) REFERENCES ` FOREIGN KEY (`REFERENCES`) REFERENCES `t``) (`` ` (`x)`)',
    ),
  ).toEqual([
    { kind: 'primary_key', columns: ['we) ird', 'a`b', 'c,(1'] },
    { kind: 'foreign_key', columns: ['REFERENCES'], references: { table: 't`) (` ', columns: ['x)'] } },
  ]);
});

it('says nothing of keys on expressions and periods', () => {
  expect(
    read('  UNIQUE KEY `e` ((lower(`a`))),', '  UNIQUE KEY `p` (`id`,`period` WITHOUT OVERLAPS),', '  KEY `i` (`a`)'),
  ).toEqual([]);
});

it('takes no comment for a key', () => {
  expect(
    read("  `a` int COMMENT 'x\\n  PRIMARY KEY (`a`)',", "  `b` int DEFAULT 1 COMMENT '  UNIQUE KEY `u` (`b`)'"),
  ).toEqual([]);
});
