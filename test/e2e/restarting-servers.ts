import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../support/is-missing.ts';
import { type LocalService, startLocalService } from '../support/local-service.ts';
import { startMariadb, type MariadbServer } from '../support/mariadb-server.ts';
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts';
import { rows, surveyRestartingServer, tables } from './survey-restarting-server.ts';

const numbers = Array.from({ length: tables }, (_, index) => index);

/** Surveys both servers, each ended at moments of a run, so many milliseconds after it began. */
export const describeRestartingServers = (moments: readonly number[]): void => {
  describe.skipIf(isMissing('postgres', 'mariadb'))('a survey of a server that restarts', () => {
    let postgres: PostgresServer;
    let mariadb: MariadbServer;
    let local: LocalService;
    beforeAll(async () => {
      [postgres, mariadb, local] = await Promise.all([startPostgres(), startMariadb(), startLocalService()]);
      await postgres.run(
        numbers
          .map(
            (n) =>
              `CREATE TABLE t${n} AS SELECT i AS id, 'name ' || i % 977 AS name, i * 1.5 AS price FROM generate_series(1, ${rows}) i;`,
          )
          .join('\n'),
      );
      await postgres.run(
        `CREATE ROLE reader LOGIN PASSWORD 'r'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; CHECKPOINT`,
      );
      await mariadb.run(
        numbers
          .map(
            (n) =>
              `CREATE TABLE t${n} AS SELECT seq AS id, concat('name ', seq % 977) AS name, seq * 1.5 AS price FROM seq_1_to_${rows};`,
          )
          .join('\n'),
      );
      await mariadb.run(`CREATE USER reader@'%' IDENTIFIED BY 'r'; GRANT SELECT ON app.* TO reader@'%'`);
    });
    afterAll(async () => {
      await local?.close();
      await Promise.all([postgres?.stop(), mariadb?.stop()]);
    });

    it.each(moments)('costs a pause on PostgreSQL, %i ms after the run began', async (after) => {
      const took = await surveyRestartingServer(local, postgres, postgres.url('app', 'reader', 'r'), {
        after,
        away: 1_500,
      });
      expect(took).toBeGreaterThan(1_500);
    });

    it.each(moments)('costs a pause on MariaDB, %i ms after the run began', async (after) => {
      const took = await surveyRestartingServer(local, mariadb, mariadb.url('app', 'reader', 'r'), {
        after,
        away: 1_500,
      });
      expect(took).toBeGreaterThan(1_500);
    });
  });
};
