import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogSource, catalogSources } from '../../../bin/commands/catalog-source.ts';
import { makeSqliteFile } from '../../support/sqlite-file.ts';
import { parseConnectionString } from '../../../src/domain/connection/parse-connection-string.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'surveyor-source-'));
  const instance = await DuckDBInstance.create(join(folder, 'real.data'));
  instance.closeSync();
  mkdirSync(join(folder, '50% of #1?'));
  mkdirSync(join(folder, 'ecommerce'));
  writeFileSync(join(folder, 'one.csv'), 'x\n1\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the service will open. */
const target = (given: string) =>
  parseConnectionString(catalogSource(given, folder).source.db_conn_string ?? '').target;

describe('the word after `catalog`', () => {
  it('is a sample dataset by its name, even where a folder is called the same', () => {
    expect(catalogSource('ecommerce', folder)).toEqual({ source: { dataset: 'ecommerce' }, label: 'ecommerce' });
    expect(target('./ecommerce')).toEqual({ engine: 'files', path: join(folder, 'ecommerce') });
  });

  it('is a database by what is in the file', () => {
    expect(target('real.data')).toEqual({ engine: 'duckdb', path: join(folder, 'real.data') });
    const file = makeSqliteFile('any.db');
    expect(target(file.path)).toEqual({ engine: 'sqlite', path: file.path });
    file.remove();
    expect(target('one.csv')).toEqual({ engine: 'files', path: join(folder, 'one.csv') });
  });

  it('may hold any character that a path may', () => {
    expect(target('50% of #1?')).toEqual({ engine: 'files', path: join(folder, '50% of #1?') });
    expect(catalogSource('50% of #1?', folder).label).toBe('50-of-1-');
  });

  it('is a connection string as it stands, whose password gets into no prefix', () => {
    const given = 'postgres://ada:secret@db.example:5432/shop';
    expect(catalogSource(given, folder)).toEqual({ source: { db_conn_string: given }, label: 'shop' });
    expect(catalogSource('postgres://ada:secret@db.example', folder).label).toBe('database');
    const keyed = 'host=db.example user=ada password=secret dbname=shop';
    expect(catalogSource(keyed, folder)).toEqual({ source: { db_conn_string: keyed }, label: 'shop' });
  });

  it.each([
    'Server=db.example;Database=shop;User Id=ada;Password=secret;',
    'db.example:5432 ada secret',
    'ada/secret@shop',
    'secret',
    'secret.csv',
  ])('that came by standard input is never repeated: %s', (given) => {
    expect(() => catalogSource(given, folder, undefined, true)).toThrow(
      expect.objectContaining({ kind: 'INVALID_REQUEST', message: expect.not.stringContaining('secret') }),
    );
  });
});

describe('a folder after `catalog`', () => {
  const sources = (given: string, choosesTables = false): readonly (string | undefined)[] =>
    catalogSources(given, folder, { choosesTables }).map(({ source }) =>
      source.db_conn_string?.replace(`${folder}/`, ''),
    );

  it('is its data files, and each database in it by what the file is, whatever its name', () => {
    const place = join(folder, 'mixed');
    mkdirSync(place);
    const file = makeSqliteFile('shop.db');
    copyFileSync(file.path, join(place, 'shop.db'));
    copyFileSync(file.path, join(place, '.hidden.sqlite'));
    file.remove();
    writeFileSync(join(place, 'empty.duckdb'), '');
    symlinkSync(join(folder, 'real.data'), join(place, 'link.duckdb'));
    expect(sources('./mixed')).toEqual(['duckdb://mixed/empty.duckdb', 'sqlite://mixed/shop.db']);
    writeFileSync(join(place, 'one.csv'), 'x\n1\n');
    expect(sources('mixed')).toEqual(['file://mixed', 'duckdb://mixed/empty.duckdb', 'sqlite://mixed/shop.db']);
    expect(sources('mixed', true)).toEqual(['file://mixed']);
    expect(sources('one.csv')).toEqual(['file://one.csv']);
  });

  it('with more databases than a survey has says so', () => {
    mkdirSync(join(folder, 'many'));
    for (let number = 0; number < 11; number += 1) writeFileSync(join(folder, 'many', `${number}.sqlite`), '');
    expect(() => sources('./many')).toThrow(/holds 11 databases, of 10 that one survey has/);
  });
});
