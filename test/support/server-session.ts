import mysql from 'mysql2/promise';
import pg from 'pg';
import type { ServerEngine } from '../../src/contracts/engine.ts';

/** Rows of a result as the analyst reads them: every value as text. */
export type TextRows = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
};

/** A session with a test's own server, with no guard in between. */
export type ServerSession = {
  /** Runs a script, several statements at once. */
  run(script: string): Promise<void>;
  query(sql: string): Promise<TextRows>;
  end(): Promise<void>;
};

/** Connects to a server by its URL. */
export const openServerSession = async (engine: ServerEngine, url: string): Promise<ServerSession> => {
  if (engine === 'postgres') {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const types = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;
    return {
      run: async (script) => void (await client.query(script)),
      query: async (text) => {
        const { fields, rows } = await client.query<(string | null)[]>({ text, rowMode: 'array', types });
        return { columns: fields.map(({ name }) => name), rows };
      },
      end: () => client.end(),
    };
  }
  const connection = await mysql.createConnection({ uri: url, multipleStatements: true, charset: 'utf8mb4' });
  return {
    run: async (script) => void (await connection.query(script)),
    query: async (sql) => {
      const [rows, fields] = await connection.query({ sql, rowsAsArray: true, typeCast: (field) => field.string() });
      return { columns: fields.map(({ name }) => name), rows: rows as unknown as (string | null)[][] };
    },
    end: () => connection.end(),
  };
};

/** A script that makes the role `reader`, which may read one database and nothing else. Run it in that database. */
export const grantReader = (engine: ServerEngine, database: string): string =>
  engine === 'postgres'
    ? `do $$ begin create role reader login password 'reads only'; exception when duplicate_object then null; end $$;
       grant usage on schema public to reader; grant select on all tables in schema public to reader`
    : `create user if not exists reader@'%' identified by 'reads only'; grant select on \`${database}\`.* to reader@'%'`;
