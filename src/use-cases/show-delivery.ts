import type { Delivery } from '../contracts/delivery.ts';
import type { DeliveryView } from '../contracts/webhook.ts';

/** A delivery as the API shows it. */
export const showDelivery = ({
  tenant: _tenant,
  consumer: _consumer,
  claimed_by: _claim,
  consumer_made_at: _made,
  ...delivery
}: Delivery): DeliveryView => delivery;
