import * as z from 'zod';
import { DeliveryRef } from '../delivery.ts';
import type { Task } from '../task.ts';

/** Called with what was just published, and every minute, by whatever the clock says, for all that is due. */
export const deliverMessages = {
  function: 'deliver-messages',
  input: z.looseObject({ deliveries: z.array(DeliveryRef).readonly().optional() }),
  output: z.strictObject({
    delivered: z.int().nonnegative(),
    failed: z.int().nonnegative().describe('Given up'),
    again: z.int().nonnegative().describe('To be tried once more'),
  }),
} as const satisfies Task;
