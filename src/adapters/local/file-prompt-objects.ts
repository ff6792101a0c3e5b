import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { Failure } from '../../contracts/failure.ts';
import type { PromptStore } from '../../ports/prompt-store.ts';
import { promptObjects } from '../prompt-objects.ts';

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

/** Prompts as files of the folder that holds the objects of this machine. */
export const filePromptObjects = (dir: string): PromptStore => {
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new Failure(
        'STORAGE_FAILED',
        `A prompt cannot be stored or read: ${reason}. Check the folder and its disk.`,
        {
          where: dir,
          cause: thrown,
        },
      );
    }
  };
  const get = (key: string): Promise<string | undefined> =>
    failing(() =>
      readFile(join(dir, key), 'utf8').catch((thrown: unknown) => {
        if (isMissing(thrown)) return undefined;
        throw thrown;
      }),
    );
  // A service reads while a command writes: whole, or not yet.
  const put = (key: string, text: string): Promise<void> =>
    failing(async () => {
      const path = join(dir, key);
      const draft = `${path}.${randomUUID()}.draft`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeFile(draft, text, { mode: 0o600, flush: true });
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
    });
  return promptObjects({
    get,
    put,
    // All that is put under the key is the same, so of two at once either one does.
    putNew: async (key, text) => ((await get(key)) === undefined ? put(key, text) : undefined),
    remove: (key) =>
      failing(() =>
        rm(join(dir, key)).then(
          () => true,
          (thrown: unknown) => (isMissing(thrown) ? false : Promise.reject(thrown)),
        ),
      ),
    list: (beginning) =>
      failing(async () => {
        const names = await readdir(join(dir, beginning)).catch((thrown: unknown) => {
          if (isMissing(thrown)) return [];
          throw thrown;
        });
        return names.filter((name) => name.endsWith('.json')).map((name) => `${beginning}${name}`);
      }),
  });
};
