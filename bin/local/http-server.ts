import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { getRequestListener, type HttpBindings, RequestError } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { corsHeaders, preflightHeaders } from '../../functions/cors-headers.ts';
import { problemResult } from '../../functions/problem-result.ts';
import { Failure, failures } from '../../src/contracts/failure.ts';
import type { Route } from '../../src/contracts/route.ts';
import { routes } from '../../src/contracts/routes.ts';
import type { Log } from '../../src/ports/log.ts';
import type { HttpHandlers } from './handlers.ts';
import { browserSession, sessionCookie } from './browser-session.ts';
import { nearest } from '../../src/domain/nearest.ts';
import { proxyEvent, proxyResponse } from './proxy-event.ts';
import { proofHeaders, proofOf } from './service-proof.ts';
import { refuseUnreadable, unreadableResult } from './refuse-unreadable.ts';
import { strangerLimit } from './stranger-limit.ts';

/** What a local server is made of. It never listens on more than this machine; `apiKey` is what a signed-in browser’s requests carry. */
export type HttpServerOptions = {
  /** 0 means any free port. */
  readonly port: number;
  readonly handlers: HttpHandlers;
  readonly apiKey: string;
  /** Whose pages may call the API from a browser. */
  readonly origins: readonly string[];
  readonly log: Log;
  /** Of one address, without a valid credential; 0 for no limit. */
  readonly strangersPerMinute?: number;
  /** By which the server shows that it is the one whose port `service.json` tells. */
  readonly secret?: string;
};

/** A server that listens. */
export type HttpServer = {
  readonly port: number;
  readonly url: string;
  /** A URL for a browser of this machine: it signs the browser in, once, and leads on to the path. */
  browserUrl(path: string): string;
  /** Ends what is under way and stops listening. */
  stop(): Promise<void>;
};

const host = '127.0.0.1';
const maxBodyBytes = 1024 * 1024;
const table = Object.values(routes) satisfies readonly Route[];

const honoPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const firstSegment = (path: string): string => path.split('/')[1] ?? '';

/** NOT_FOUND with the routes that may have been meant. */
const unknownPath = (path: string): Failure => {
  const [likely] = nearest(firstSegment(path), [...new Set(table.map((route) => firstSegment(route.path)))]);
  const near = table.filter((route) => firstSegment(route.path) === likely).map((r) => `${r.method} ${r.path}`);
  const hint = near.length > 0 ? `Near it: ${near.join(', ')}.` : 'GET /openapi.json lists every route.';
  return new Failure('NOT_FOUND', `This API has no path ${path}. ${hint}`, { where: 'path' });
};

/**
 * A page of any site can make a browser on this machine send requests here: with a name that its owner points to
 * 127.0.0.1 (DNS rebinding), even read the answers. Such a request carries that name as its host.
 */
const checkHost = (given: string | undefined, port: number): void => {
  const allowed = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (given !== undefined && (allowed.includes(given) || (port === 80 && allowed.includes(`${given}:80`)))) return;
  throw new Failure(
    'INVALID_REQUEST',
    `This service answers to ${allowed.join(', ')} only. Use http://${allowed[0]}.`,
    {
      where: 'header.host',
    },
  );
};

const readBody = async (request: Request): Promise<string> => {
  const tooLarge = new Failure('REQUEST_TOO_LARGE', `A body may have at most ${maxBodyBytes} bytes.`, {
    where: 'body',
  });
  // Both: a length can be claimed without a body, and a body can come in chunks without a length.
  if (Number(request.headers.get('content-length')) > maxBodyBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** A path or a host of which no URL can be made. */
const unreadableTarget = (thrown: unknown): unknown =>
  thrown instanceof RequestError
    ? new Failure('INVALID_REQUEST', `No URL can be made of its path and host: ${thrown.message}.`, { cause: thrown })
    : thrown;

type App = Hono<{ Bindings: HttpBindings }>;

const buildApp = (options: HttpServerOptions, session: ReturnType<typeof browserSession>, port: () => number): App => {
  const app: App = new Hono();
  const strangers = strangerLimit(options.strangersPerMinute ?? 0);
  /** Fails with RATE_LIMITED where the address has sent too many requests without a valid credential. */
  const limit = (address: string): void => {
    const retryAfter = strangers.waitOf(address);
    if (retryAfter === undefined) return;
    throw new Failure(
      'RATE_LIMITED',
      `An address may send ${options.strangersPerMinute} requests a minute without a valid API key. Come again in ${retryAfter} s, or send a key: requests with one are not among them.`,
      { where: 'header.authorization', retryAfter },
    );
  };
  const refuse = (c: Context, thrown: unknown): Response => {
    const request = { path: c.req.path, requestId: randomUUID(), log: options.log, now: new Date() };
    const response = proxyResponse(problemResult(thrown, { ...request, isStranger: true }));
    for (const [name, value] of Object.entries(corsHeaders(options.origins, c.req.header('origin'))))
      response.headers.set(name, value);
    // What is left of a large body is not read, so nothing else can come over this connection.
    if (response.status === failures.REQUEST_TOO_LARGE.status) response.headers.set('connection', 'close');
    return response;
  };

  app.onError((thrown, c) => refuse(c, thrown));
  app.notFound((c) => refuse(c, unknownPath(c.req.path)));
  app.use(async (c, next) => {
    checkHost(c.req.header('host'), port());
    await next();
    const question = c.req.header(proofHeaders.question);
    if (question !== undefined && options.secret !== undefined)
      c.header(proofHeaders.proof, proofOf(options.secret, question));
  });
  app.route('/', session.routes);

  for (const route of table) {
    app.on(route.method, honoPath(route.path), async (c) => {
      const handler = options.handlers[route.function];
      // Not `c.req.header()`, which loses a header that is called `__proto__`.
      const headers: Record<string, string> = Object.fromEntries(c.req.raw.headers);
      const authorization = headers['authorization'] ?? session.authorization(c.req.raw, getCookie(c, sessionCookie));
      if (authorization !== undefined) headers['authorization'] = authorization;
      const address = c.env.incoming.socket.remoteAddress ?? '';
      // Before its body is read. A credential is looked at in any case: no stranger locks out who has a valid one.
      if (route.roles !== 'anyone' && authorization === undefined) limit(address);
      const result = await handler(
        proxyEvent({
          method: route.method,
          resource: route.path,
          url: new URL(c.req.url),
          params: c.req.param(),
          headers,
          body: route.method === 'GET' ? undefined : await readBody(c.req.raw),
        }),
      );
      if (result.statusCode === failures.UNAUTHENTICATED.status) {
        limit(address);
        strangers.note(address);
      }
      return proxyResponse(result);
    });
  }
  for (const path of new Set(table.map((route) => route.path))) {
    const allow = table.filter((route) => route.path === path).map((route) => route.method);
    app.options(honoPath(path), async (c, next) => {
      const preflight = preflightHeaders(options.origins, c.req.header('origin'));
      if (preflight['access-control-allow-methods'] !== undefined) return c.body(null, 204, preflight);
      // To every other origin it is a method like any that is not there.
      await next();
      return undefined;
    });
    app.all(honoPath(path), (c) => {
      const failure = new Failure(
        'METHOD_NOT_ALLOWED',
        `${c.req.method} does not work on ${path}; ${allow.join(' and ')} does.`,
        { where: 'method' },
      );
      const response = refuse(c, failure);
      response.headers.set('allow', allow.join(', '));
      return response;
    });
  }
  return app;
};

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, port)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

const listenFailure = (error: NodeJS.ErrnoException, port: number): Failure => {
  const options = { where: 'SURVEYOR_PORT', cause: error };
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${port} of ${host} is taken by another program. Stop that one, or set SURVEYOR_PORT to another port (0 takes any free one).`;
    return new Failure('CONFLICT', message, options);
  }
  const message = `Port ${port} of ${host} cannot be listened on: ${error.message}. Set SURVEYOR_PORT to another port above 1023.`;
  return new Failure('SETTING_INVALID', message, options);
};

/** Serves the route table on 127.0.0.1 by the same functions, events and answers as API Gateway. */
export const serveHttp = async (options: HttpServerOptions): Promise<HttpServer> => {
  const session = browserSession(options.apiKey);
  let port = options.port;
  const app = buildApp(options, session, () => port);
  const answer = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    errorHandler: (thrown) => {
      const response = proxyResponse(unreadableResult(unreadableTarget(thrown), options.log));
      response.headers.set('connection', 'close');
      return response;
    },
  });
  // That there is no host is for us to say.
  const server = createServer({ requireHostHeader: false }, (incoming, outgoing) => void answer(incoming, outgoing));
  refuseUnreadable(server, options.log);
  port = await listen(server, options.port);
  const url = `http://${host}:${port}`;
  return {
    port,
    url,
    browserUrl: (path) => url + session.linkTo(path),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
