import { describe, expect, it } from 'vitest';
import { driverError } from '../../../../runner-task/supervisor/engines/mysql/driver-error.ts';
import { serverError } from '../../../../runner-task/supervisor/engines/postgres/server-error.ts';

const secret = 'hunter2-secret';
const said = [
  `password=${secret}`,
  `could not connect with PASSWORD = '${secret} and more' to the other server`,
  `user=u password="${secret}" host=h`,
  `postgresql://u:${secret}@h/db is down`,
  `{"pwd":"x"} passwd: ${secret}, gone`,
];

describe('what a server says', () => {
  it.each(said)('is told without the passwords in it: %s', (text) => {
    const told = JSON.stringify([
      serverError(Object.assign(new Error(text), { code: '42501', detail: text, hint: text })),
      serverError(text),
      driverError(Object.assign(new Error(text), { errno: 1045, sqlMessage: text })),
      driverError(text),
    ]);
    expect(told).not.toContain(secret);
    expect(told).toContain('…');
  });

  it('is told as it is where it holds none', () => {
    const text = 'password authentication failed for user "u" at tcp://h:5432/db, column "password" does not exist';
    expect(serverError(new Error(text)).message).toBe(text);
  });
});
