import * as z from 'zod';
import { awsPort, text } from './aws-port.ts';

/** The model that replaces that of every prompt. */
export const modelOverride = awsPort(
  z.object({ SURVEYOR_MODEL: text.optional() }),
  ({ SURVEYOR_MODEL }) => SURVEYOR_MODEL,
);
