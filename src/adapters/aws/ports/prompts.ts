import { join } from 'node:path';
import * as z from 'zod';
import { bundledPrompts } from '../bundled-prompts.ts';
import { awsPort } from './aws-port.ts';

/** The prompts beside the bundle: Lambda unpacks a function's code where this variable says. */
export const prompts = awsPort(z.object({ LAMBDA_TASK_ROOT: z.string().default('.') }), ({ LAMBDA_TASK_ROOT }) =>
  bundledPrompts(join(LAMBDA_TASK_ROOT, 'prompts')),
);
