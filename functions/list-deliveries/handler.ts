import { listDeliveries as route } from '../../src/contracts/routes/list-deliveries.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listDeliveries } from '../../src/use-cases/list-deliveries.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /webhooks/{name}/deliveries`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, tenant, params, query }) => listDeliveries(own, tenant, params.name, query));
