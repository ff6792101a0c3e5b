import { promptFiles } from '../../src/adapters/prompt-files.ts';
import { type PromptObjects, promptObjects } from '../../src/adapters/prompt-objects.ts';
import { promptsInForce } from '../../src/adapters/prompts-in-force.ts';
import type { Prompts } from '../../src/ports/prompts.ts';

/** Objects in memory. */
export const memoryObjects = (): PromptObjects & { readonly texts: Map<string, string> } => {
  const texts = new Map<string, string>();
  return {
    texts,
    get: async (key) => texts.get(key),
    put: async (key, text) => void texts.set(key, text),
    putNew: async (key, text) => void texts.set(key, texts.get(key) ?? text),
    remove: async (key) => texts.delete(key),
    list: async (beginning) => [...texts.keys()].filter((key) => key.startsWith(beginning)),
  };
};

/** The prompts of a folder, and those of variables, with a store in memory. */
export const folderPrompts = (folder: Parameters<typeof promptFiles>[0]): Prompts =>
  promptsInForce({ ...promptFiles(folder), store: promptObjects(memoryObjects()) });
