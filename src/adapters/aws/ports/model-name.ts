import * as z from 'zod';
import type { Model } from '../../../ports/model.ts';
import { awsPort, text } from './aws-port.ts';

/** Whether a model writes the reports, for who does not call it: two thirds of that bundle are the client of the model. */
export const modelName = awsPort(
  z.object({ MODEL_KEY_SECRET: text.optional() }),
  ({ MODEL_KEY_SECRET }): Pick<Model, 'kind'> => ({
    kind: MODEL_KEY_SECRET === undefined ? 'deterministic' : 'model',
  }),
);
