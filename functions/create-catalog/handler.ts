import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import { createCatalog as route } from '../../src/contracts/routes/create-catalog.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createCatalog } from '../../src/use-cases/create-catalog.ts';
import { httpHandler } from '../http-edge.ts';

const chain = Chain.parse(catalog);

/** `POST /catalog`. */
export const handler = (ports: Ports) =>
  httpHandler(route, ports, ({ ports: own, caller, body, headers }) =>
    createCatalog(own, caller, chain, body, headers['idempotency-key']),
  );
