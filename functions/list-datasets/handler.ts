import { listDatasets as route } from '../../src/contracts/routes/list-datasets.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { listDatasets } from '../../src/use-cases/list-datasets.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /datasets`. */
export const handler = (ports: Ports) => httpHandler(route, ports, async () => listDatasets());
