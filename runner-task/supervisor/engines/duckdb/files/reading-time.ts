import type { DuckDBConnection } from '@duckdb/node-api';
import { wholeMilliseconds } from '../../../../../src/contracts/whole-milliseconds.ts';
import { FileProblem } from './file-loader.ts';

/** All files together; the sandbox gives up on the whole after 300 s. */
export const maxReadingSeconds = 240;

/** A statement that was not yet under way at the first interrupt is ended by the next one. */
const interruptMilliseconds = 200;

/** The time that files share. */
export type ReadingTime = {
  /**
   * Reads one file, in half of the time that is left or, where it is the last one, in all of it: no single file uses up
   * what the others need. Fails with a FileProblem after that.
   */
  read<T>(connection: DuckDBConnection, isLast: boolean, read: (signal: AbortSignal) => Promise<T>): Promise<T>;
};

/** Shares out `seconds` among files that are read one after another. */
export const createReadingTime = (seconds: number): ReadingTime => {
  const end = performance.now() + seconds * 1000;
  return {
    async read(connection, isLast, read) {
      const left = Math.max(0, end - performance.now());
      const own = isLast ? left : left / 2;
      const controller = new AbortController();
      let interrupting: NodeJS.Timeout | undefined;
      const timer = setTimeout(() => {
        controller.abort();
        connection.interrupt();
        interrupting = setInterval(() => connection.interrupt(), interruptMilliseconds);
      }, wholeMilliseconds(own));
      try {
        return await read(controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        throw new FileProblem(
          `It was not read within ${Number((own / 1000).toPrecision(2))} s, which is all that it may take for the others to be read as well. Survey it alone, divide it, or write it as Parquet.`,
          { cause: error },
        );
      } finally {
        clearTimeout(timer);
        clearInterval(interrupting);
      }
    },
  };
};
