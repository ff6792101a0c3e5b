import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/contracts/failure.ts';
import { DatabaseTarget } from '../../../src/contracts/sandbox.ts';
import { parseConnectionString } from '../../../src/domain/connection/parse-connection-string.ts';

const target = (text: string) => parseConnectionString(text).target;

const failure = (text: string): Failure => {
  try {
    parseConnectionString(text, 'body.sources.2.db_conn_string');
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error(`${text} was read`);
};

const pem = `-----BEGIN CERTIFICATE-----
MIIB+zCCAWQCCQDp4/+=
-----END CERTIFICATE-----
`;
const encodedPem = encodeURIComponent(pem);

describe('the connection string of a server', () => {
  it('names host, port, database, user and password', () => {
    expect(target('postgresql://reader:s3cret@db.internal:6543/shop')).toEqual({
      engine: 'postgres',
      host: 'db.internal',
      port: 6543,
      database: 'shop',
      user: 'reader',
      password: 's3cret',
      tls: 'require',
      writable_role: 'refuse',
    });
  });

  it.each([
    ['postgresql', 'postgres', 5432],
    ['postgres', 'postgres', 5432],
    ['Postgres', 'postgres', 5432],
    ['mysql', 'mysql', 3306],
    ['mariadb', 'mysql', 3306],
  ])('of the scheme %s means %s, on port %i where none is named', (scheme, engine, port) => {
    expect(target(`${scheme}://u:p@h/d`)).toMatchObject({ engine, port });
  });

  it('has user, password and database decoded', () => {
    expect(target('mysql://us%40er:p%2Fa%3As%25s%20%F0%9F%94%91@h/gr%C3%B6%C3%9Fe')).toMatchObject({
      user: 'us@er',
      password: 'p/a:s%s 🔑',
      database: 'größe',
    });
  });

  it.each([
    ['p@ss', 'p@ss'],
    ['p:ss', 'p:ss'],
    ['p+ss w', 'p+ss w'],
    ['', ''],
  ])('takes the password %j as it is', (written, password) => {
    expect(target(`postgresql://bob:${written}@h/d`)).toMatchObject({ user: 'bob', password });
  });

  it('needs no password', () => {
    expect(target('postgresql://bob@h/d')).toMatchObject({ user: 'bob', password: '' });
  });

  it.each([
    ['[::1]:6000', '::1', 6000, 'prefer'],
    ['[2001:db8::7]', '2001:db8::7', 5432, 'require'],
    ['[0:0:0:0:0:0:0:1]', '0:0:0:0:0:0:0:1', 5432, 'prefer'],
    ['127.0.0.1', '127.0.0.1', 5432, 'prefer'],
    ['localhost', 'localhost', 5432, 'prefer'],
    ['db.localhost', 'db.localhost', 5432, 'prefer'],
    ['localhost.example.com', 'localhost.example.com', 5432, 'require'],
    ['10.0.0.1', '10.0.0.1', 5432, 'require'],
    ['my_db-1', 'my_db-1', 5432, 'require'],
    ['größe.example', 'größe.example', 5432, 'require'],
  ])('at %s is encrypted as far as it leaves the machine', (written, host, port, tls) => {
    expect(target(`postgresql://u:p@${written}/d`)).toMatchObject({ host, port, tls });
  });

  it.each(['disable', 'prefer', 'require', 'verify-ca', 'verify-full'])('takes sslmode=%s on both engines', (tls) => {
    expect(target(`postgresql://u:p@h/d?sslmode=${tls}`)).toMatchObject({ tls });
    expect(target(`mysql://u:p@h/d?ssl-mode=${tls.toUpperCase()}`)).toMatchObject({ tls });
  });

  it.each([
    ['DISABLED', 'disable'],
    ['PREFERRED', 'prefer'],
    ['REQUIRED', 'require'],
    ['VERIFY_CA', 'verify-ca'],
    ['VERIFY_IDENTITY', 'verify-full'],
  ])('takes MySQL’s own ssl-mode=%s as %s', (written, tls) => {
    expect(target(`mysql://u:p@h/d?ssl-mode=${written}`)).toMatchObject({ tls });
  });

  it('takes certificates as they are, and then checks by them', () => {
    expect(target(`postgresql://u:p@localhost/d?sslrootcert=${encodedPem}`)).toMatchObject({
      tls: 'verify-full',
      ca: pem,
    });
    const two = encodeURIComponent(pem + pem);
    expect(target(`mysql://u:p@h/d?sslmode=verify-ca&sslrootcert=${two}`)).toMatchObject({ tls: 'verify-ca' });
  });

  it.each([
    // Neon, Supabase, Prisma, RDS, Azure, Cloud SQL, Heroku, PlanetScale, Rails, SQLAlchemy, Go, node-postgres.
    ['postgresql://u:p@ep-x-1.eu-central-1.aws.neon.tech/d?sslmode=require&channel_binding=require', 'require'],
    ["psql 'postgresql://u:p@ep-x-1.eu-central-1.aws.neon.tech/d?sslmode=require&channel_binding=prefer'", 'require'],
    ['DATABASE_URL=postgresql://u:p@h/d?sslmode=verify-full', 'verify-full'],
    ['export DATABASE_URL="postgres://u:p@h/d?sslmode=disable"', 'disable'],
    ["'postgresql://u:p@h/d?sslmode=require'", 'require'],
    ['postgresql://u:p@h/d?options=endpoint%3Dep-x-1', 'require'],
    ['postgresql://u:p@h:6543/d?pgbouncer=true&connection_limit=1', 'require'],
    ['postgres://u:p@h/d?schema=public&pool_timeout=20&sslaccept=accept_invalid_certs', 'require'],
    ['postgres://u:p@h/d?schema=public&sslaccept=strict', 'verify-full'],
    ['postgresql://u:p@h/d?connect_timeout=10&application_name=catalog&keepalives=1', 'require'],
    ['postgresql://u:p@h/d?target_session_attrs=any&gssencmode=prefer', 'require'],
    ['postgresql://u:p@h/d?sslrootcert=system', 'verify-full'],
    ['postgresql://u:p@h/d?sslmode=no-verify&uselibpqcompat=true', 'require'],
    ['postgres://u:p@h/d?ssl=true', 'require'],
    ['postgres://u:p@localhost/d?ssl=false', 'disable'],
    ['postgresql+psycopg2://u:p@h/d', 'require'],
    ['postgresql+asyncpg://u:p@h/d?ssl=require', 'require'],
    ['postgresql://u:p@h/d?options=-c%20statement_timeout%3D5000%20-c%20search_path%3Dpublic', 'require'],
    ['mysql+pymysql://u:p@h/d?charset=utf8mb4', 'require'],
    ['mysql://u:p@h/d?ssl={"rejectUnauthorized":true}', 'verify-full'],
    ['mysql://u:p@h/d?sslaccept=strict&connection_limit=5', 'verify-full'],
    ['mysql://u:p@h/d?useSSL=true&requireSSL=true&verifyServerCertificate=false&serverTimezone=UTC', 'require'],
    ['mysql://u:p@h/d?tls=skip-verify&parseTime=true&loc=Local', 'require'],
    ['mysql://u:p@h/d?sslMode=VERIFY_IDENTITY', 'verify-full'],
  ])('is taken as providers and programs print it: %s', (text, tls) => {
    expect(target(text)).toMatchObject({ user: 'u', password: 'p', database: 'd', tls });
  });

  it('binds the login to the channel where that is asked for, and not where it is preferred', () => {
    expect(target('postgresql://u:p@h/d?channel_binding=require')).toMatchObject({ channel_binding: 'require' });
    expect(target('postgresql://u:p@h/d?channel_binding=prefer')).not.toHaveProperty('channel_binding');
  });

  it('may be keys and values, as libpq takes them', () => {
    expect(
      target("host=h port=6000 dbname=d user='a b' password='it\\'s \\\\ @/?' sslmode=verify-full connect_timeout=5"),
    ).toMatchObject({ host: 'h', port: 6000, database: 'd', user: 'a b', password: "it's \\ @/?", tls: 'verify-full' });
    expect(target('psql "host=h dbname=d user=u password=p"')).toMatchObject({ host: 'h', password: 'p' });
    expect(target('hostaddr=::1 dbname=d user=u')).toMatchObject({ host: '::1', password: '' });
  });

  it('by keys and values is read as it was meant, whatever its values hold', () => {
    const value = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter((one) => !/\p{Cc}/u.test(one));
    const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
    fc.assert(
      fc.property(value, value, value, (user, secret, database) => {
        fc.pre(!/^\*{3,}$/.test(secret));
        const text = `host=h user=${quoted(user)} password = ${quoted(secret)} dbname=${quoted(database)}`;
        expect(target(text)).toMatchObject({ user, password: secret, database });
      }),
      { numRuns: 1_000, examples: [['a;b', 'c;d://x', 'e;']] },
    );
  });

  it('can accept a role that writes', () => {
    expect(target('mysql://u:p@h/d?writable_role=accept')).toMatchObject({ writable_role: 'accept' });
    expect(target('mysql://u:p@h/d?writable_role=refuse')).toMatchObject({ writable_role: 'refuse' });
  });

  it.each([
    ['postgresql://u:hunter2@db.example/shop?sslmode=disable', 'postgresql://db.example:5432/shop'],
    ['postgres://u:hunter2@[::1]/shop', 'postgresql://[::1]:5432/shop'],
    ['mariadb://u:hunter2@h:1/größe', 'mysql://h:1/größe'],
    ['mysql://u:hunter2@h/a%2Fb%20c%25', 'mysql://h:3306/a%2Fb%20c%25'],
  ])('is shown without user, password and options: %s', (text, label) => {
    expect(parseConnectionString(text).label).toBe(label);
  });

  it.each([
    ['postgresql://h/d', 'names no user'],
    ['postgresql://:hunter2@h/d', 'names no user'],
    ['postgresql://', 'names no user'],
    ['postgresql:///d?host=/var/run', 'names no user'],
    ['postgresql://bob:hunter2@/d', 'names no host'],
    ['postgresql://bob:hunter2@:5432/d', 'names no host'],
    ['postgresql://bob:hunter2@h', 'names no database'],
    ['postgresql://bob:hunter2@h/', 'names no database'],
    ['postgresql://bob:hunter2@h/d/e', '"/" in its database'],
    ['postgresql://bob:hunter2@h/../e', '"/" in its database'],
    ['postgresql://bob:hunter2@h/%00', 'control character in its database'],
    ['postgresql://bob%0a:hunter2@h/d', 'control character in its user'],
    ['postgresql://bob:hunter2%00@h/d', '%00 in its password'],
    ['postgresql://bob:hun\nter2@h/d', 'control character'],
    ['postgresql://bob:hunter2%zz@h/d', '"%" in its password'],
    ['postgresql://bob%zz:hunter2@h/d', '"%" in its user'],
    ['postgresql://bob:hunter2@h:0/d', 'port'],
    ['postgresql://bob:hunter2@h:65536/d', 'port'],
    ['postgresql://bob:hunter2@h:/d', 'port'],
    ['postgresql://bob:hunter2@h:5e3/d', 'port'],
    ['postgresql://bob:hunter2@::1/d', 'IPv6'],
    ['postgresql://bob:hunter2@[::1/d', 'IPv6'],
    ['postgresql://bob:hunter2@[hunter2]/d', 'IPv6'],
    ['postgresql://bob:hunter2@%2Fvar%2Frun/d', 'socket'],
    ['postgresql://bob:hunter2@-h/d', 'no name and no address'],
    ['postgresql://bob:hunter2@a,b/d', 'several hosts'],
    ['postgresql://bob:x/hunter2@h/d', '"@" behind its host'],
    ['postgresql://bob:x?hunter2=1@h/d', '"@" behind its host'],
    ['postgresql://bob:x#hunter2@h/d', '"@" behind its host'],
    ['postgresql://bob:x@y/hunter2@h/d', '"@" behind its host'],
    ['postgresql://bob:hunter2@h/d#x', '"#"'],
    ['postgresql://bob:hunter2@h/d?sslmode=allow', 'disable, prefer, require, verify-ca, verify-full'],
    ['mysql://bob:hunter2@h/d?ssl-mode=constructor', 'VERIFY_IDENTITY'],
    ['postgresql://bob:hunter2@h/d?ssl-mode=require', 'unknown option "ssl-mode"'],
    ['mysql://bob:hunter2@h/d?sslmode=require&ssl-mode=REQUIRED', 'both'],
    ['mysql://bob:hunter2@h/d?sslmode=require&sslmode=require', 'twice'],
    [
      'mysql://bob:hunter2@h/d?colour=blue',
      'unknown option "colour", which can be left out; there are sslmode, ssl-mode, sslrootcert, writable_role',
    ],
    ['postgresql://h/d?user=bob&password=hunter2', 'write user and password before the host'],
    ['jdbc:postgresql://h/d?user=bob&password=hunter2', 'drop "jdbc:" and write user and password before the host'],
    ['postgresql://bob:hunter2@/d?host=/cloudsql/p:r:i', 'has its host behind the "?"'],
    ['postgresql://bob:hunter2@h/d?host=/var/run', 'write it before the options'],
    ['postgresql://bob:hunter2@h/d?schema=sales', 'name the tables with their schemas, as in sales.orders'],
    ['postgresql://bob:hunter2@h/d?options=-csearch_path%3Dsales', 'as in sales.orders'],
    ['postgresql://bob:hunter2@h/d?options=-c%20role%3Dhunter2', 'as in sales.orders'],
    ['postgresql://bob:hunter2@h/d?target_session_attrs=read-write', 'the one host that is named is surveyed'],
    ['postgresql://bob:hunter2@h/d?gssencmode=require', 'sslmode=require'],
    ['postgresql://bob:hunter2@h/d?sslcert=/hunter2.pem', 'let the role log in with a password'],
    ['postgresql://bob:hunter2@h/d?sslrootcert=system&sslmode=require', 'asks for sslmode=verify-full'],
    ['postgresql://bob:hunter2@h/d?sslmode=disable&channel_binding=require', 'leaves no channel'],
    ['postgresql://bob:hunter2@h/d?ssl=hunter2', 'write sslmode=require'],
    ['mysql://bob:hunter2@h/d?allowLoadLocalInfile=true', 'no file is ever sent to a server'],
    ['mysql://bob:hunter2@h/d?unix_socket=/run/mysqld.sock', 'name a host and a port'],
    ['postgres://postgres:[YOUR-PASSWORD]@db.x.supabase.co:5432/postgres', 'placeholder'],
    ['Server=tcp:h,1433;Database=d;User Id=bob;Password=hunter2;', 'as in .NET; write it as an address'],
    ['Host=h;Database=d;Username=bob;Password=hunter2', 'as in .NET; write it as an address'],
    ['host=h user=bob password=hunter2', 'names no database'],
    ['host=h dbname=d user=bob password=hunter2 x', 'from its character 42 on'],
    ["host=h dbname=d user=bob password='hunter2", 'from its character 25 on'],
    ['host=/var/run/postgresql dbname=d user=bob password=hunter2', 'a socket of its own machine'],
    ['service=hunter2', 'names no user'],
    ['mysql://bob:hunter2@h/d?hunter2%20=utf8', 'no option'],
    ['mysql://bob:hunter2@h/d?writable_role=yes', 'writable_role'],
    ['mysql://bob:hunter2@h/d?sslrootcert=/etc/ssl/ca.pem', 'no such file'],
    ['mysql://bob:hunter2@h/d?sslrootcert=', 'no certificate'],
    [`mysql://bob:hunter2@h/d?sslmode=require&sslrootcert=${encodedPem}`, 'verify-full'],
  ])('%j is refused, with the part that is wrong and without the string', (text, problem) => {
    const { kind, message, where } = failure(text);
    expect(kind).toBe('INVALID_REQUEST');
    expect(where).toBe('body.sources.2.db_conn_string');
    expect(message).toContain(problem);
    expect(message).not.toMatch(/hunter2|bob/);
  });
});

describe('any connection string', () => {
  const scheme = fc.constantFrom('postgresql', 'postgres', 'mysql', 'mariadb', 'duckdb', 'file', 'oracle');
  // A secret that no message could hold by chance, with anything in the middle: delimiters, controls, half characters.
  const password = fc
    .oneof(
      fc.string({ maxLength: 30, unit: 'binary' }),
      fc.string({ maxLength: 30, unit: fc.constantFrom(...Array.from('/?#@:%&=[].,;\n\0 \\.a1')) }),
    )
    .map((middle) => `Xq7${middle}7qX`);
  /** What is said of a string: the failure's message, or the label of a server. Anything else that is thrown is thrown on. */
  const told = (text: string): string => {
    try {
      const { target: read, label } = parseConnectionString(text);
      return 'host' in DatabaseTarget.parse(read) ? label : '';
    } catch (thrown) {
      if (thrown instanceof Failure) return thrown.message;
      throw thrown;
    }
  };
  const part = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom('h', 'localhost', '[::1]', 'a,b', '../..', '', 'sslmode=x', 'x'.repeat(4_096)),
  );

  it('is read or refused, and never repeated with its password', () => {
    fc.assert(
      fc.property(scheme, password, part, part, part, (name, secret, host, path, query) => {
        for (const written of [secret, encodeURIComponent(secret.toWellFormed())]) {
          const texts = [
            `${name}://bob:${written}@${host}/${path}?${query}`,
            `${name}://${written}@${host}/${path}`,
            `${name}://bob:${written}@h/d?${query}`,
            `bob:${written}@${host}/${path}`,
            `host=${host} user=bob password=${written} ${query}`,
            `user=bob password='${written}' host=h dbname=d ${path}`,
            `Server=${host};User Id=bob;Password=${written};${query}`,
            `jdbc:${name}://${host}/d?user=bob&password=${written}`,
            `psql '${name}://bob:${written}@${host}/${path}'`,
          ];
          for (const text of texts) {
            const said = told(text);
            expect(said).not.toMatch(/Xq7|7qX/);
            expect(said).not.toContain(text);
          }
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('that is written by the rules is read as it was meant', () => {
    const text = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
    const noControls = text.filter((one) => !/\p{Cc}/u.test(one));
    fc.assert(
      fc.property(
        noControls,
        text.filter((one) => !one.includes('\0')),
        noControls,
        (user, secret, database) => {
          const [u, p, d] = [user, secret, database].map(encodeURIComponent);
          expect(target(`postgresql://${u}:${p}@h:1/${d}`)).toMatchObject({ user, password: secret, database });
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('of 4096 characters is read or refused at once', () => {
    const long = 'x'.repeat(4_096);
    const texts = ['', ':', '@', '/', '?', '&=', '%41', '[', '../', '127.0.0.'].flatMap((unit) => [
      `postgresql://u:p@h/d?sslrootcert=-----BEGIN CERTIFICATE-----${unit.repeat(2_000)}`,
      `postgresql://${unit.repeat(2_000)}@h/d`,
      `mysql://u:p@${unit.repeat(2_000)}/d`,
      `mysql://u:${long}@${unit}`,
    ]);
    // A regular expression that backtracks would take minutes here; these take a millisecond.
    for (const one of texts) expect(told(one)).not.toContain('x'.repeat(100));
  });
});
