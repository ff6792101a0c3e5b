import type { RouteName } from '../src/contracts/routes.ts';
import type { Ports } from '../src/ports/ports.ts';
import { answerRoute, type Respond } from './answer-route.ts';
import { authorize } from './authorize.ts';
import { limitRate } from './limit-rate.ts';
import { noteUse } from './note-use.ts';
import type { OpenRoute } from './open-edge.ts';

/** The routes that ask for a credential. */
type KeyedRoute = Exclude<RouteName, OpenRoute>;

/** The edge of a function whose route asks for an API key, or for a token of the configured issuer. */
export const httpHandler = <N extends KeyedRoute>(name: N, ports: Ports, respond: Respond<N>) =>
  answerRoute(
    name,
    ports,
    async (own, route, event) => {
      const holder = await authorize(own, route, event);
      await limitRate(own, holder, route.method === 'GET');
      if (holder.kind === 'key') await noteUse(own, holder);
      return holder;
    },
    respond,
  );
