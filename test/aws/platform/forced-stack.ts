import { type PostgresServer, startPostgres } from '../../support/postgres-server.ts';
import { type AwsPlatform, startAwsPlatform } from './aws-platform.ts';
import { type ForcedRun, forcedRun } from './forced-run.ts';
import { readSynthesis } from './synthesize.ts';

/** A deployed stack and a small database to survey, for runs that something is done to. */
export type ForcedStack = {
  readonly aws: AwsPlatform;
  readonly forced: ForcedRun;
  /** The database. */
  readonly url: string;
  /** Nothing is done any more: also where the test failed before it came so far. */
  calm(): Promise<void>;
  stop(): Promise<void>;
};

const database = `
  create role reader login password 'reads only';
  create table customers (customer_id int primary key, name text not null);
  create table orders (order_id int primary key, customer_id int not null references customers, total numeric(10,2));
  insert into customers select n, 'customer ' || n from generate_series(1, 50) n;
  insert into orders select n, 1 + n % 50, n * 1.5 from generate_series(1, 400) n;
  grant select on customers, orders to reader`;

/** Deploys the stack, with a tenant that has a key. Seconds of its machines are five times as short. */
export const startForcedStack = async (python: string, synthesisFolder: string): Promise<ForcedStack> => {
  const tenant = 'acme';
  const options = { hurry: 5, keepPermissions: synthesisFolder };
  const starting = [startAwsPlatform(python, readSynthesis(synthesisFolder), options), startPostgres()] as const;
  const [aws, postgres]: readonly [AwsPlatform, PostgresServer] = await Promise.all(starting);
  await postgres.run(database);
  const url = postgres.url('app', 'reader', 'reads only');
  return {
    aws,
    url,
    forced: forcedRun(aws, await aws.apiOf(tenant), tenant, url),
    calm: async () => {
      await aws.machines.limit('surveyor-catalog', undefined);
      aws.functions.calm();
      aws.functions.ahead = 0;
      aws.door.calm();
      aws.tasks.next.splice(0);
      aws.tasks.before = undefined;
      aws.events.delivery = { copies: 1, milliseconds: 0 };
    },
    stop: async () => {
      await aws.stop();
      await postgres.stop();
    },
  };
};
