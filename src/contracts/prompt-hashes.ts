import * as z from 'zod';
import { Name, Sha256 } from './common.ts';

/** Which stored prompts agents are told, as a setting has it: `cataloging=<sha256>,summary=<sha256>`. */
export const promptHashes = z
  .string()
  .transform((text) => text.split(',').map((pair) => pair.trim().split('=')))
  .pipe(z.array(z.tuple([Name, Sha256])))
  .transform((pairs): Readonly<Record<string, string>> => Object.fromEntries(pairs));
