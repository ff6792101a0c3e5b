import { toFailure } from '../../contracts/failure.ts';
import type { LogStore } from '../../ports/log-store.ts';
import { openSqliteLogStore } from './sqlite-log-store.ts';

/** The log of a service, which runs without one where there is none to be had. */
export type ServiceLog = LogStore & {
  /** Why lines are lost just now; undefined where they are kept. */
  problem(): string | undefined;
  close(): void;
};

/** A file that cannot be used is tried again after this long: the disk may have room again, or the file be moved away. */
const retryMilliseconds = 60_000;

/** Opens the log of a service. Where it cannot be opened, or no longer written, `onLost` is told why, once until it works again. */
export const openServiceLog = (path: string, onLost: (reason: string) => void): ServiceLog => {
  let problem: string | undefined;
  let tried = 0;
  let isClosed = false;

  const note = (thrown: unknown): void => {
    if (problem === undefined) onLost(`Log lines are being lost. ${toFailure(thrown).message}`);
    problem = toFailure(thrown).message;
  };
  const open = (): ReturnType<typeof openSqliteLogStore> | undefined => {
    tried = Date.now();
    try {
      return openSqliteLogStore(path);
    } catch (thrown) {
      note(thrown);
      return undefined;
    }
  };
  let store = open();

  return {
    append(entries) {
      if (isClosed) return;
      if (store === undefined && Date.now() - tried > retryMilliseconds) store = open();
      if (store === undefined) return;
      try {
        store.append(entries);
        problem = undefined;
      } catch (thrown) {
        note(thrown);
      }
    },
    query: async (tenant, query) => {
      store ??= openSqliteLogStore(path);
      return store.query(tenant, query);
    },
    problem: () => problem,
    close() {
      isClosed = true;
      store?.close();
    },
  };
};
