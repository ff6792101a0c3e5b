import type { Ports } from '../../src/ports/ports.ts';
import { listDatasets } from '../../src/use-cases/list-datasets.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /datasets`. */
export const handler = (ports: Ports) => httpHandler('listDatasets', ports, async () => listDatasets());
