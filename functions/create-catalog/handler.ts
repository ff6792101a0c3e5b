import catalog from '../../state-machines/catalog.chain.json' with { type: 'json' };
import type { Ports } from '../../src/ports/ports.ts';
import { createCatalog } from '../../src/use-cases/create-catalog.ts';
import { httpHandler } from '../http-edge.ts';

/** `POST /catalog`. */
export const handler = (ports: Ports) =>
  httpHandler('createCatalog', ports, ({ ports: own, tenant, body }) =>
    createCatalog(own, tenant, { name: catalog.name, version: catalog.version }, body),
  );
