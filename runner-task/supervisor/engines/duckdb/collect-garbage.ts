import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// The one way to it in a process that was started without the flag.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as (options: { readonly type: 'major' | 'minor' }) => void;

const muchBytes = 64 * 1024 * 1024;

/**
 * Does the work, then collects what it left. DuckDB frees the memory of a result when V8 collects the object that stands
 * for it, and that is small to V8: five results of 200 MB were kept until the process had to be killed. What is young goes
 * in 0.2 ms; all of it, in 15 ms, is looked at where the process has grown by much.
 */
export const collectAfter = async <T>(work: () => Promise<T>): Promise<T> => {
  const before = process.memoryUsage.rss();
  try {
    return await work();
  } finally {
    collect({ type: process.memoryUsage.rss() - before > muchBytes ? 'major' : 'minor' });
  }
};
