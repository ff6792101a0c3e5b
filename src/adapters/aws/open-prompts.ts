import type { PromptStore } from '../../ports/prompt-store.ts';
import { s3Client } from './clients/s3-client.ts';
import { s3PromptObjects } from './s3-prompt-objects.ts';

/** The prompts in the bucket of a deployment, for who administers them from outside. */
export const openPrompts = (bucket: string): PromptStore => s3PromptObjects(s3Client(), bucket);
