import { retryDelivery as route } from '../../src/contracts/routes/retry-delivery.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { retryDelivery } from '../../src/use-cases/retry-delivery.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /webhooks/{name}/deliveries/{message_id}/retry`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params }) => retryDelivery(own, tenant, params));
