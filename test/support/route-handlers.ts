import type { HttpHandlers } from '../../bin/local/handlers.ts';
import { routes } from '../../src/contracts/routes.ts';

/** A handler for each route: those given, and for all others one that says that nobody expected the call. */
export const routeHandlers = (given: Partial<HttpHandlers>): HttpHandlers => {
  const unexpected = Object.values(routes).map((route) => [
    route.function,
    async () => {
      throw new Error(`Nobody expected a call of ${route.function}.`);
    },
  ]);
  return { ...(Object.fromEntries(unexpected) as HttpHandlers), ...given };
};
