import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import { Chain } from '../../src/contracts/chain.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createCatalog } from '../../src/use-cases/create-catalog.ts';
import { httpHandler } from '../http-edge.ts';

const chain = Chain.parse(catalog);

/** `POST /catalog`. */
export const handler = (ports: Ports) =>
  httpHandler('createCatalog', ports, ({ ports: own, caller, body, headers }) =>
    createCatalog(own, caller, chain, body, headers['idempotency-key']),
  );
