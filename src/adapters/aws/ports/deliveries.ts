import { dynamoDeliveryStore } from '../stores/dynamo-delivery-store.ts';
import { stored } from './stored.ts';

/** Deliveries. */
export const deliveries = stored(dynamoDeliveryStore);
