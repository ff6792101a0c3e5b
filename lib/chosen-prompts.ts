import type { Node } from 'constructs';
import { promptHashes } from '../src/contracts/prompt-hashes.ts';
import { contextText, wrongContext } from './context.ts';

/** Which prompts of the bucket agents are told, by the context's `prompts`: `cataloging=<sha256>,summary=<sha256>`. */
export const chosenPrompts = (node: Node): string | undefined => {
  const text = contextText(node, 'prompts');
  if (text === undefined || promptHashes.safeParse(text).success) return text;
  return wrongContext('prompts', text, 'agents with the hashes of their prompts: cataloging=<64 hexadecimal digits>,…');
};
