import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSecretStore } from '../../../src/adapters/local/file-secret-store.ts';
import { describeSecretStoreContract } from '../../contracts/secret-store-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'surveyor-secret-store-'));
const opened: { close(): void }[] = [];
const filesOf = (name: string) => ({
  dataFile: join(folder, name, 'data', 'secrets.sqlite'),
  keyFile: join(folder, name, 'config', 'secret-key'),
});
const open = (files: { dataFile: string; keyFile: string }) => {
  const store = fileSecretStore(files);
  opened.push(store);
  return store;
};
afterAll(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

describeSecretStoreContract('A sealed file', () => open(filesOf('contract')));

const edit = (path: string, sql: string): void => {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
};

describe('the sealed file', () => {
  it('makes its key once, apart from the data, for its owner alone', async () => {
    const files = filesOf('modes');
    const first = open(files);
    await first.put('acme', 'k', 'v');
    const key = readFileSync(files.keyFile, 'utf8');
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    expect(await open(files).get('acme', 'k')).toBe('v');
    expect(readFileSync(files.keyFile, 'utf8')).toBe(key);
    const modes = [files.keyFile, files.dataFile, join(folder, 'modes', 'config')].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o600, 0o600, 0o700]);
    expect(readdirSync(join(folder, 'modes', 'config'))).toEqual(['secret-key']);
  });

  it('nowhere holds a secret in clear', async () => {
    const files = filesOf('clear');
    const store = open(files);
    await store.put('acme', 'k', 'hunter2-hunter2');
    await store.put('acme', 'k', 'hunter2-hunter3');
    const data = join(folder, 'clear', 'data');
    const contents = readdirSync(data).map((name) => readFileSync(join(data, name)).toString('latin1'));
    expect(contents.join()).toContain('acme/k');
    expect(contents.join()).not.toContain('hunter2');
  });

  it('seals the same value differently each time', async () => {
    const files = filesOf('iv');
    const store = open(files);
    for (const name of ['a', 'b']) await store.put('acme', name, 'same');
    const database = new DatabaseSync(files.dataFile);
    const rows = database.prepare('select distinct hex(iv), hex(sealed) from secrets').all();
    database.close();
    expect(rows).toHaveLength(2);
  });

  it('sets a key file that others may read back to its owner', () => {
    const files = filesOf('open');
    open(files);
    chmodSync(files.keyFile, 0o644);
    open(files);
    expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['value', `update secrets set sealed = cast('x' || substr(sealed, 2) as blob) where name = 'acme/k'`],
    ['tag', 'update secrets set tag = zeroblob(16)'],
    ['tag, cut short', 'update secrets set tag = substr(tag, 1, 4)'],
    ['IV', 'update secrets set iv = zeroblob(12)'],
    ['name', `delete from secrets where name = 'acme/k'; update secrets set name = 'acme/k' where name = 'acme/other'`],
    ['tenant', `delete from secrets where name = 'acme/k'; update secrets set name = 'acme/k' where name = 'rival/k'`],
  ])('gives nothing out whose %s was changed', async (what, sql) => {
    const files = filesOf(`tampered-${what}`);
    const store = open(files);
    await store.put('acme', 'k', 'hunter2');
    await store.put('acme', 'other', 'hunter3');
    await store.put('rival', 'k', 'hunter4');
    edit(files.dataFile, sql);
    await expect(store.get('acme', 'k')).rejects.toMatchObject({
      kind: 'STORAGE_FAILED',
      message: expect.stringMatching(/The secret k in .*secrets\.sqlite was changed since it was sealed/),
    });
  });

  it('says of another key that it is another, and works with that key from then on', async () => {
    const files = filesOf('other-key');
    await open(files).put('acme', 'k', 'old');
    rmSync(files.keyFile);
    const store = open(files);
    await expect(store.get('acme', 'k')).rejects.toMatchObject({
      kind: 'SETTING_INVALID',
      where: files.keyFile,
      message: expect.stringMatching(/sealed with another key .* Put that key back, or store the secret again/),
    });
    await store.put('acme', 'k', 'new');
    expect(await store.get('acme', 'k')).toBe('new');
  });

  it.each([
    ['empty', ''],
    ['too short', Buffer.alloc(16).toString('base64')],
    ['something else', '{"not":"a key"}'],
  ])('refuses a key file that is %s', (what, content) => {
    const files = filesOf(`bad-key-${what}`);
    mkdirSync(join(files.keyFile, '..'), { recursive: true });
    writeFileSync(files.keyFile, content);
    expect(() => open(files)).toThrow(expect.objectContaining({ kind: 'SETTING_INVALID', where: files.keyFile }));
    expect(() => open(files)).toThrow(/secret-key holds no key \(32 bytes in base64\)/);
  });

  it('refuses a key file in a place where no folder can be', () => {
    const files = { ...filesOf('nowhere'), keyFile: join(folder, 'a-file', 'secret-key') };
    writeFileSync(join(folder, 'a-file'), '');
    expect(() => open(files)).toThrow(expect.objectContaining({ kind: 'SETTING_INVALID', where: files.keyFile }));
  });

  it('is shared by several processes that start at once, none losing the key or another’s secrets', async () => {
    const files = filesOf('processes');
    const script = `
      import { fileSecretStore } from ${JSON.stringify(new URL('../../../src/adapters/local/file-secret-store.ts', import.meta.url))};
      const [dataFile, keyFile, name] = process.argv.slice(1);
      const store = fileSecretStore({ dataFile, keyFile });
      for (let count = 0; count < 40; count += 1) await store.put('acme', name + '/' + count, name + count);`;
    const names = ['one', 'two', 'three', 'four'];
    await Promise.all(
      names.map((name) =>
        promisify(execFile)(process.execPath, [
          '--input-type=module',
          '--eval',
          script,
          '--',
          files.dataFile,
          files.keyFile,
          name,
        ]),
      ),
    );
    const store = open(files);
    for (const name of names)
      for (let count = 0; count < 40; count += 1)
        expect(await store.get('acme', `${name}/${count}`)).toBe(`${name}${count}`);
  });
});
