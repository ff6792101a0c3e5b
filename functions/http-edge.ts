import type { Role } from '../src/contracts/role.ts';
import type { Ports } from '../src/ports/ports.ts';
import { answerRoute, type Respond, type RouteRow } from './answer-route.ts';
import { authorize } from './authorize.ts';
import { limitRate } from './limit-rate.ts';
import { noteUse } from './note-use.ts';

/** A route that asks for a credential. */
type KeyedRoute = RouteRow & { readonly roles: readonly Role[] };

/** The edge of a function whose route asks for an API key, or for a token of the configured issuer. */
export const httpHandler = <R extends KeyedRoute>(route: R, ports: Ports, respond: Respond<R>) =>
  answerRoute(
    route,
    ports,
    async (own, event) => {
      const holder = await authorize(own, route, event);
      await limitRate(own, holder, route.method === 'GET');
      if (holder.kind === 'key') await noteUse(own, holder);
      return holder;
    },
    respond,
  );
