import type { Ports } from '../src/ports/ports.ts';
import { answerRoute, type Respond, type RouteRow } from './answer-route.ts';

/** A route that anyone may call. */
type OpenRoute = RouteRow & { readonly roles: 'anyone' };

/** The edge of a function that anyone may call: nothing that looks at credentials is in its bundle. */
export const openHandler = <R extends OpenRoute>(route: R, ports: Ports, respond: Respond<R>) =>
  answerRoute(route, ports, async () => undefined, respond);
