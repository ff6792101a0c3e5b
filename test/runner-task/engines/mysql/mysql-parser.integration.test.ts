import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { createMysqlParser } from '../../../../runner-task/supervisor/engines/mysql/policy/mysql-parser.ts';
import { stripMysqlComments } from '../../../../runner-task/supervisor/engines/mysql/policy/strip-mysql-comments.ts';
import { policyPython } from '../../policy/policy-python.ts';

/** The children of this process that run the parser. */
const parserProcesses = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const isChild = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${pid}/status`, 'utf8'));
        return isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('parse_mysql.py');
      } catch {
        return false;
      }
    })
    .map(Number);

describe('the process that parses MySQL', () => {
  test.skipIf(isMissing('linux'))('holds no environment, and is started again when it has died', async () => {
    const parser = createMysqlParser(await policyPython());
    try {
      expect(await parser.parse('SELECT 1')).toMatchObject({ statements: [{ sql: 'SELECT 1' }] });
      const [pid] = parserProcesses();
      if (pid === undefined) throw new Error('the process was not found');
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
      process.kill(pid, 'SIGKILL');
      expect(await parser.parse('SELECT 2')).toMatchObject({ failed: 'lost' });
      expect(await parser.parse('SELECT 3')).toMatchObject({ statements: [{ sql: 'SELECT 3' }] });
    } finally {
      parser.close();
    }
    expect(await parser.parse('SELECT 4')).toMatchObject({ failed: 'lost' });
  });

  test('answers many at once, each its own', async () => {
    const parser = createMysqlParser(await policyPython());
    try {
      const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => parser.parse(`SELECT ${index}`)));
      for (const [index, answer] of answers.entries()) {
        expect(answer).toMatchObject({ statements: [{ sql: `SELECT ${index}` }] });
      }
    } finally {
      parser.close();
    }
  });

  test('ends a statement that takes longer than its time, and parses the next one', async () => {
    const parser = createMysqlParser(await policyPython(), 1.5);
    try {
      await parser.parse('SELECT 1');
      expect(await parser.parse(`SELECT ${'1,'.repeat(49_000)}1`.repeat(6))).toMatchObject({
        failed: expect.stringMatching(/lost|syntax/),
      });
      expect(await parser.parse('SELECT 2')).toMatchObject({ statements: [{ sql: 'SELECT 2' }] });
    } finally {
      parser.close();
    }
  });
});

describe('comments of MySQL', () => {
  test.each([
    ['SELECT 1 -- x\n+ 1', 'SELECT 1  \n+ 1'],
    ['SELECT 1 # x', 'SELECT 1  '],
    ['SELECT 1 /* x */ + 1', 'SELECT 1   + 1'],
    ['SELECT 1--1', 'SELECT 1- -1'],
    ['SELECT 1---1', 'SELECT 1- - -1'],
    ['SELECT \'-- x\', "# x", `/* x */`', 'SELECT \'-- x\', "# x", `/* x */`'],
    ["SELECT 'it''s \\' -- x'", "SELECT 'it''s \\' -- x'"],
    ['SELECT `a\\` -- x', 'SELECT `a\\`  '],
    ['SELECT 1 --', 'SELECT 1  '],
    ['SELECT 1 --\u0001x', 'SELECT 1  '],
  ])('%s is stripped to %s', (sql, stripped) => {
    expect(stripMysqlComments(sql)).toBe(stripped);
  });

  test.each([
    '/*! x */',
    'SELECT 1 /*!50000 x */',
    'SELECT /*M! x */ 1',
    "SELECT 'x",
    'SELECT `x',
    'SELECT "x\\"',
    '/* x',
  ])('%s is refused', (sql) => {
    expect(stripMysqlComments(sql)).toMatchObject({ allowed: false });
  });
});
