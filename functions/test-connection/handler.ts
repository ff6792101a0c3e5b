import connectionTest from '../../state-machines/connection-test.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import { testConnection as route } from '../../src/contracts/routes/test-connection.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { testConnection } from '../../src/use-cases/test-connection.ts';
import { httpHandler } from '../http-edge.ts';

const chain = Chain.parse(connectionTest);

/** `POST /connections/{name}/test`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, params }) => testConnection(own, caller, chain, params.name));
