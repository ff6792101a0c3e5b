import { expect } from 'vitest';
import type { ContainedSupervisor } from './container.ts';

/** That a session leaves a file where the next one could read it, and that the next one does not find it. */
export const expectOpenFolderSwept = async ({ call }: Pick<ContainedSupervisor, 'call'>): Promise<void> => {
  const agent = 'cataloging';
  const shared = async (code: string) =>
    (await call('execute_python', { agent, code: `import os\n${code}\nos.listdir("/dev/shm")`, seconds: 60 })).cell;
  expect((await shared('open("/dev/shm/left", "w").close()')).result).toBe("['left']");
  await call('end_session', {});
  await call('start_session', { agent, statement_limit: 1 });
  expect((await shared('')).result).toBe('[]');
};
