import { describeDataset as route } from '../../src/contracts/routes/describe-dataset.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { describeDataset } from '../../src/use-cases/describe-dataset.ts';
import { httpHandler } from '../http-edge.ts';

/** `GET /datasets/{name}/schema`. */
export const handler = (ports: Ports) => httpHandler(route, ports, async ({ params }) => describeDataset(params.name));
