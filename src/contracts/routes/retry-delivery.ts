import * as z from 'zod';
import { Name } from '../common.ts';
import { Message } from '../message.ts';
import type { Route } from '../route.ts';
import { DeliveryView } from '../webhook.ts';

/** Send a message once more. */
export const retryDelivery = {
  method: 'POST',
  path: '/webhooks/{name}/deliveries/{message_id}/retry',
  function: 'retry-delivery',
  roles: ['operator'],
  tenant_wide: true,
  params: z.strictObject({ name: Name, message_id: Message.shape.id }),
  status: 202,
  output: DeliveryView,
} as const satisfies Route;
