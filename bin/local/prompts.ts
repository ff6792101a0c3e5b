import { join } from 'node:path';
import { filePromptObjects } from '../../src/adapters/local/file-prompt-objects.ts';
import { promptFiles } from '../../src/adapters/prompt-files.ts';
import { promptsInForce } from '../../src/adapters/prompts-in-force.ts';
import type { PromptStore } from '../../src/ports/prompt-store.ts';
import type { Prompts } from '../../src/ports/prompts.ts';
import type { Settings } from './settings.ts';

/** The prompts of this machine: files of the clone, variables, and what was chosen, which lies beside the objects. */
export const localPrompts = (
  settings: Pick<Settings, 'home' | 'promptsDir' | 'promptVariables'>,
): { readonly prompts: Prompts; readonly store: PromptStore } => {
  const store = filePromptObjects(join(settings.home, 'objects'));
  const files = promptFiles({ dir: settings.promptsDir, env: settings.promptVariables });
  return { prompts: promptsInForce({ ...files, store }), store };
};
