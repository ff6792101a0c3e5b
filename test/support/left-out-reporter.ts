import type { Reporter } from 'vitest/node';
import { leftOutPrefix } from './is-missing.ts';

/** Whether all that was printed are lines about tests that are left out: the reporter says them at the end. */
export const isLeftOutLog = (log: string): boolean =>
  log
    .trim()
    .split('\n')
    .every((line) => line.startsWith(leftOutPrefix));

/** Says at the end of a run which tests were left out, each reason once with the number of files it was given in. */
export const createLeftOutReporter = (): Reporter => {
  const filesOf = new Map<string, Set<string>>();
  return {
    onUserConsoleLog({ content, taskId = '' }) {
      for (const line of content.split('\n').filter((text) => text.startsWith(leftOutPrefix)))
        filesOf.set(line, (filesOf.get(line) ?? new Set()).add(taskId));
    },
    onTestRunEnd() {
      for (const [line, { size }] of filesOf)
        process.stdout.write(`${line} (in ${size === 1 ? 'a file' : `${size} files`})\n`);
    },
  };
};
