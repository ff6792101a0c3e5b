import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../../support/is-missing.ts';
import { mariadbPassword, startMariadb, type MariadbServer } from '../../../support/mariadb-server.ts';
import { failureOf, open } from './mysql-target.ts';

const password = 'r-ole_ Pw:1';

describe.skipIf(isMissing('mariadb'))('the role of a MariaDB connection', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`
      CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, name VARCHAR(20) NOT NULL UNIQUE);
      CREATE TABLE child (id INT PRIMARY KEY, parent_id INT NOT NULL, FOREIGN KEY (parent_id) REFERENCES parent (id));
      INSERT INTO parent (name) VALUES ('a'), ('b'); INSERT INTO child VALUES (1, 1), (2, 2);
      CREATE TABLE log (id INT AUTO_INCREMENT PRIMARY KEY, what TEXT);
      CREATE TRIGGER noted BEFORE DELETE ON child FOR EACH ROW INSERT INTO log (what) VALUES ('deleted');
      CREATE DATABASE shared; CREATE TABLE shared.t (id INT PRIMARY KEY AUTO_INCREMENT); INSERT INTO shared.t VALUES (7);
      CREATE ROLE writers; GRANT INSERT, UPDATE ON app.* TO writers;
      CREATE ROLE deleters; GRANT DELETE ON app.child TO deleters; GRANT deleters TO writers;
      CREATE ROLE readers; GRANT SELECT ON app.* TO readers;`);
    const users: Readonly<Record<string, string>> = {
      reader: 'GRANT SELECT, SHOW VIEW, LOCK TABLES ON app.* TO reader; GRANT PROCESS ON *.* TO reader',
      inserter: 'GRANT SELECT ON app.* TO inserter; GRANT INSERT (name) ON app.parent TO inserter',
      filer: 'GRANT SELECT, FILE ON *.* TO filer',
      with_role: 'GRANT SELECT ON app.* TO with_role; GRANT writers TO with_role',
      default_role: 'GRANT readers TO default_role; SET DEFAULT ROLE readers FOR default_role',
      sharer: 'GRANT SELECT ON shared.t TO sharer',
      nothing: 'SELECT 1',
      elsewhere: 'GRANT CREATE ON app.* TO elsewhere',
    };
    for (const [user, grants] of Object.entries(users)) {
      await server.run(`CREATE USER ${user} IDENTIFIED BY '${password}'; ${grants}`);
    }
  });
  afterAll(() => server.stop());

  const openAs = (user: string, changes: { database?: string; writable_role?: 'accept' } = {}) =>
    open(server.port, { user, password, writable_role: 'refuse', ...changes });

  const dump = (): string =>
    execFileSync(
      'mariadb-dump',
      `--no-defaults -h127.0.0.1 -P${server.port} -uowner --skip-dump-date --triggers --databases app shared`.split(
        ' ',
      ),
      { encoding: 'utf8', env: { ...process.env, MYSQL_PWD: mariadbPassword } },
    );

  it('is let through where it can only read', async () => {
    const engine = await openAs('reader');
    expect(engine.opened.schema.role).toEqual({ name: 'reader@%', can_write: false, found: [] });
    await engine.close();
    // What is not granted to this one is not even listed to it.
    const few = await openAs('sharer', { database: 'shared' });
    expect(few.opened.schema.role).toMatchObject({ can_write: false, lists_only_granted: true });
    await few.close();
  });

  it('is refused as the owner, with what it can do, what to do instead, and how to accept it', async () => {
    const failure = await failureOf(open(server.port, { writable_role: 'refuse' }));
    expect(failure.kind).toBe('DATABASE_WRITABLE');
    expect(failure.message).toContain('User owner@% can write: ALL PRIVILEGES on *.*');
    expect(failure.message).toContain("GRANT SELECT, SHOW VIEW ON `app`.* TO 'surveyor'@'127.0.0.1';");
    expect(failure.message).toContain('?writable_role=accept');
    expect(failure.message).not.toContain(mariadbPassword);
    // Of its hash, as SHOW GRANTS holds it.
    expect(failure.message).not.toMatch(/\*[0-9A-F]{40}/);
  });

  it('can survey with the user whose statements the refusal prints', async () => {
    const { message } = await failureOf(open(server.port, { writable_role: 'refuse' }));
    const statements = message.split('\n').filter((line) => /^(CREATE|GRANT) /.test(line));
    expect(statements).toHaveLength(2);
    await server.run(statements.join('\n').replace('<a new password>', password));
    const engine = await openAs('surveyor');
    expect(engine.opened.schema.tables).toHaveLength(3);
    await engine.close();
  });

  it.each([
    ['inserter', ['INSERT on app.parent']],
    ['filer', ['FILE on *.*']],
    ['with_role', ['INSERT on app.*', 'UPDATE on app.*', 'DELETE on app.child']],
  ])('is refused as %s, though it may read too', async (user, found) => {
    const failure = await failureOf(openAs(user));
    expect(failure.kind).toBe('DATABASE_WRITABLE');
    for (const one of found) expect(failure.message).toContain(one);
  });

  it('is told in the schema where it is accepted', async () => {
    const engine = await openAs('inserter', { writable_role: 'accept' });
    expect(engine.opened.schema.role).toEqual({
      name: 'inserter@%',
      can_write: true,
      found: ['INSERT on app.parent'],
    });
    await engine.close();
  });

  it('reads through a default role', async () => {
    const engine = await openAs('default_role');
    expect(engine.opened.schema.tables.map(({ name }) => name)).toEqual(['child', 'log', 'parent']);
    expect(engine.opened.schema.role?.can_write).toBe(false);
    const { values } = await engine.run('SELECT count(*) FROM parent', { rows: 1, bytes: 1000, seconds: 5 });
    expect(values).toEqual([[2]]);
    await engine.close();
  });

  it('is found out by trying, where the grants of everybody are not among its own', async () => {
    const engine = await openAs('sharer', { database: 'shared' });
    expect(engine.opened.schema.role?.can_write).toBe(false);
    await engine.close();
    await server.run("GRANT INSERT, DELETE ON shared.* TO ''@'%'");
    const failure = await failureOf(openAs('sharer', { database: 'shared' }));
    expect(failure.kind).toBe('DATABASE_WRITABLE');
    expect(failure.message).toContain('can write: INSERT on shared.t, DELETE on shared.t.');
    await server.run("REVOKE INSERT, DELETE ON shared.* FROM ''@'%'");
  });

  it('has changed nothing after all that was tried', async () => {
    // Lets everything be tried: no grant is its own, each is everybody's.
    await server.run("GRANT ALL ON shared.* TO ''@'%'");
    const before = dump();
    expect(before).toContain('CREATE TABLE `parent`');
    await failureOf(openAs('sharer', { database: 'shared' }));
    await failureOf(open(server.port, { writable_role: 'refuse' }));
    await (await open(server.port)).close();
    expect(dump()).toBe(before);
  });

  it('that may read nothing is told so, with the grant that it lacks', async () => {
    for (const user of ['nothing', 'elsewhere']) {
      const failure = await failureOf(openAs(user));
      expect(failure.kind).toBe('DATABASE_EMPTY');
      expect(failure.message).toContain('GRANT SELECT, SHOW VIEW ON `app`.* TO');
      expect(failure.message).not.toContain(password);
    }
  });
});

describe.skipIf(isMissing('mariadb'))('the role of a connection to MariaDB as it is installed', () => {
  let server: MariadbServer;
  beforeAll(async () => {
    server = await startMariadb();
    await server.run(`
      CREATE TABLE orders (id INT PRIMARY KEY); CREATE DATABASE test; CREATE TABLE test.t (id INT);
      CREATE USER owner@'127.0.0.1' IDENTIFIED BY '${mariadbPassword}'; GRANT ALL ON *.* TO owner@'127.0.0.1' WITH GRANT OPTION;
      GRANT SELECT, INSERT, CREATE ON test.* TO PUBLIC; GRANT SELECT, INSERT, CREATE ON \`test\\_%\`.* TO PUBLIC;
      CREATE USER ''@'127.0.0.1'`);
  });
  afterAll(() => server.stop());

  const openAs = (user: string, database = 'app') =>
    open(server.port, { user, password, database, writable_role: 'refuse' });

  it('is let through with the statements that the refusal prints', async () => {
    // One for any host would be hidden there by the nameless one, whatever its password.
    const { message } = await failureOf(open(server.port, { writable_role: 'refuse' }));
    const statements = message.split('\n').filter((line) => /^(CREATE|GRANT|REVOKE) /.test(line));
    await server.run(`${statements.join('\n').replace('<a new password>', password)}`);
    const engine = await openAs('surveyor');
    expect(engine.opened.schema.role).toMatchObject({
      name: 'surveyor@127.0.0.1',
      can_write: false,
      writes_elsewhere: ['INSERT on test.*', 'INSERT on test\\_%.*', 'CREATE on test.*', 'CREATE on test\\_%.*'],
    });
    await engine.close();
  });

  it('is refused for a database that everybody may write to, with the statement that ends it', async () => {
    const failure = await failureOf(openAs('surveyor', 'test'));
    expect(failure.kind).toBe('DATABASE_WRITABLE');
    expect(failure.message).toContain('REVOKE ALL PRIVILEGES ON `test`.* FROM PUBLIC;');
    const statements = failure.message.split('\n').filter((line) => /^(GRANT|REVOKE) /.test(line));
    await server.run(statements.join('\n'));
    const engine = await openAs('surveyor', 'test');
    expect(engine.opened.schema.role?.can_write).toBe(false);
    await engine.close();
  });
});
