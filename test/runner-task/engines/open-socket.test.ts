import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectFailure as mysqlFailure } from '../../../runner-task/supervisor/engines/mysql/connect-failure.ts';
import { connect as connectMysql } from '../../../runner-task/supervisor/engines/mysql/connect.ts';
import { connect as connectPostgres } from '../../../runner-task/supervisor/engines/postgres/connect.ts';
import { cloudAddressCode, openSocket } from '../../../runner-task/supervisor/engines/server/open-socket.ts';

const target = { port: 80, database: 'd', user: 'u', password: 'p', tls: 'disable', writable_role: 'refuse' } as const;

describe('a socket to a database', () => {
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    'fd00:ec2::254',
    'fe80::1',
    '::ffff:169.254.169.254',
    '::a9fe:a9fe',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('is not opened to %s', async (host) => {
    const socket = openSocket({ host, port: 80 });
    await expect(once(socket, 'connect')).rejects.toMatchObject({ code: cloudAddressCode });
    await expect(connectPostgres({ ...target, engine: 'postgres', host })).rejects.toMatchObject({
      kind: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('no database is opened there'),
    });
    await expect(connectMysql({ ...target, engine: 'mysql', host })).rejects.toMatchObject({
      kind: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('no database is opened there'),
    });
  });

  it('is not opened to a name that leads there', () => {
    const failure = mysqlFailure(
      { ...target, engine: 'mysql', host: 'metadata.example' },
      Object.assign(new Error('it leads there'), { code: cloudAddressCode }),
    );
    expect(failure.message).toContain('metadata.example:80 is, or leads to, an address');
  });

  it('is opened to a name and to an address of this machine', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    for (const host of ['localhost', '127.0.0.1']) {
      const socket = openSocket({ host, port });
      await once(socket, 'connect');
      expect(socket.remotePort).toBe(port);
      socket.destroy();
    }
    server.close();
  });
});
