import type { RouteName, routes } from '../src/contracts/routes.ts';
import type { Ports } from '../src/ports/ports.ts';
import { answerRoute, type Respond } from './answer-route.ts';

/** The routes that anyone may call. */
export type OpenRoute = { [N in RouteName]: (typeof routes)[N]['roles'] extends 'anyone' ? N : never }[RouteName];

/** The edge of a function that anyone may call: nothing that looks at credentials is in its bundle. */
export const openHandler = <N extends OpenRoute>(name: N, ports: Ports, respond: Respond<N>) =>
  answerRoute(name, ports, async () => undefined, respond);
