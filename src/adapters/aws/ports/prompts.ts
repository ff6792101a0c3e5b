import { join } from 'node:path';
import * as z from 'zod';
import { promptHashes } from '../../../contracts/prompt-hashes.ts';
import { promptsInForce } from '../../prompts-in-force.ts';
import { bundledPrompts } from '../bundled-prompts.ts';
import { s3Client } from '../clients/s3-client.ts';
import { s3PromptObjects } from '../s3-prompt-objects.ts';
import { awsPort, text } from './aws-port.ts';

/**
 * The prompts beside the bundle, which Lambda unpacks where a variable says; in their place those of the bucket that the
 * stack's context or somebody names.
 */
export const prompts = awsPort(
  z.object({ LAMBDA_TASK_ROOT: z.string().default('.'), BUCKET_NAME: text, PROMPT_HASHES: promptHashes.default({}) }),
  ({ LAMBDA_TASK_ROOT, BUCKET_NAME, PROMPT_HASHES }) =>
    promptsInForce({
      shipped: bundledPrompts(join(LAMBDA_TASK_ROOT, 'prompts')),
      setting: (agent) => PROMPT_HASHES[agent],
      store: s3PromptObjects(s3Client(), BUCKET_NAME),
    }),
);
