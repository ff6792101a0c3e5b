import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/contracts/failure.ts';
import { parseConnectionString } from '../../../src/domain/connection/parse-connection-string.ts';

const failure = (text: string): Failure => {
  try {
    parseConnectionString(text);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error(`${text} was read`);
};

describe('a connection string', () => {
  it.each([
    ['duckdb:///data/shop.duckdb', 'duckdb', '/data/shop.duckdb'],
    ['DuckDB:///data/shop', 'duckdb', '/data/shop'],
    ['file:///data/exports/', 'files', '/data/exports'],
    ['file:///data/a%20b/100%25.csv', 'files', '/data/a b/100%.csv'],
    ['/data/shop.duckdb', 'duckdb', '/data/shop.duckdb'],
    ['/data/shop.ddb', 'duckdb', '/data/shop.ddb'],
    ['sqlite:///data/shop', 'sqlite', '/data/shop'],
    ['/data/shop.sqlite', 'sqlite', '/data/shop.sqlite'],
    ['/data/shop.SQLite3', 'sqlite', '/data/shop.SQLite3'],
    // DuckDB’s or SQLite’s: the sandbox looks into it.
    ['/data/shop.DB', 'files', '/data/shop.DB'],
    ['/data/100%?#.sqlite', 'sqlite', '/data/100%?#.sqlite'],
    ['/data/exports', 'files', '/data/exports'],
    ['  /data/ümlaut/größe.csv\n', 'files', '/data/ümlaut/größe.csv'],
    ['/', 'files', '/'],
  ])('%s names a database', (text, engine, path) => {
    expect(parseConnectionString(text).target).toEqual({ engine, path });
  });

  it('is shown as a scheme and a path', () => {
    expect(parseConnectionString('duckdb:///data/shop.duckdb').label).toBe('duckdb:///data/shop.duckdb');
    expect(parseConnectionString('/data/exports').label).toBe('file:///data/exports');
  });

  it.each(['oracle', 'oracle+cx_oracle', 'sqlserver', 'https', 'constructor'])('of %s is not supported', (scheme) => {
    const { kind, message, where } = failure(`${scheme}://bob:hunter2@db.internal:5432/shop`);
    expect(kind).toBe('UNSUPPORTED_DATABASE');
    expect(where).toBe('body.db_conn_string');
    expect(message).toContain(`${scheme}://`);
    expect(message).toContain('Supported are postgresql://user:password@host:5432/database, mysql://');
    expect(message).toContain('duckdb:///');
    expect(message).not.toMatch(/hunter2|bob|internal/);
  });

  it.each([
    ['shop.duckdb', 'absolute path'],
    ['duckdb://shop.duckdb', 'absolute path'],
    ['duckdb://:memory:', 'absolute path'],
    ['duckdb://bob:hunter2@host/shop.duckdb', 'absolute path'],
    ['bob:hunter2@host/shop', 'absolute path'],
    ['/data/../etc/hunter2', '".."'],
    ['file:///data/%2e%2e/hunter2', '".."'],
    ['/data/a\u0000hunter2', 'control character'],
    ['duckdb:///data/hunter2.duckdb?threads=1', 'options'],
    ['duckdb:///data/hunter2%zz', '"%" in its path'],
    ['', 'absolute path'],
  ])('%j cannot be read, and is not repeated', (text, problem) => {
    const { kind, message } = failure(text);
    expect(kind).toBe('INVALID_REQUEST');
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });

  it.each([
    ['postgre://bob:hunter2@h/d', 'is postgresql:// meant?'],
    ['psql://bob:hunter2@h/d', 'is postgresql:// meant?'],
    ['postgre+psycopg2://bob:hunter2@h/d', 'is postgresql:// meant?'],
    ['mysqll://bob:hunter2@h/d', 'is mysql:// meant?'],
    ['sqlite3:///data/x', 'is sqlite:// meant?'],
    ['jdbc:postgresql://bob:hunter2@h/d', 'drop "jdbc:"'],
    ['hello', 'is neither a scheme'],
    ['postgresql://bob:hunter2@h/d?ssl_mode=require', 'unknown option "ssl_mode" (is sslmode meant?)'],
  ])('%s is told what was probably meant', (text, hint) => {
    expect(failure(text).message).toContain(hint);
    expect(failure(text).message).not.toMatch(/hunter2|bob|%2F/);
  });
});
