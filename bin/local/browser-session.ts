import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/**
 * Lets a browser on this machine read reports. A browser cannot send the API key, and a URL with the key in it would
 * stay in the history; so the command line prints a link that works once and leaves a cookie.
 *
 * The cookie is worth less than the key. It is a random word that this process alone knows, so it ends with the service;
 * it lets a browser read and nothing more; and it counts only on requests that no other page has caused. Cookies know no
 * ports, so a page served from another port of this machine would otherwise have it sent along.
 */
export type BrowserSession = {
  /** `GET /session?code=…` and `POST /session {path}`. */
  readonly routes: Hono;
  /** The path of a link that signs one browser in and leads on to the given path. */
  linkTo(path: string): string;
  /** The authorization that a browser's request has through its cookie. */
  authorization(request: Request, cookie: string | undefined): string | undefined;
};

/** The name of the cookie. */
export const sessionCookie = 'surveyor-session';

const random = (): string => randomBytes(24).toString('base64url');

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isOwnPage = (request: Request): boolean =>
  ['none', 'same-origin', undefined].includes(request.headers.get('sec-fetch-site') ?? undefined);

/** Where a link may lead: a path of this service. `//host` and `/\host` are other machines to a browser. */
const isLocalPath = (path: unknown): path is string =>
  typeof path === 'string' && path.length <= 1_024 && /^\/(?![/\\])[\x21-\x7e]*$/.test(path);

/** Sign-in links and cookies for one run of the local service; `apiKey` is what a signed-in browser's requests carry. */
export const browserSession = (apiKey: string): BrowserSession => {
  const links = new Map<string, { readonly path: string; used: boolean }>();
  const sessions = new Set<string>();
  const isSignedIn = (cookie: string | undefined): boolean => cookie !== undefined && sessions.has(cookie);

  const linkTo = (path: string): string => {
    const code = random();
    links.set(code, { path, used: false });
    return `/session?code=${code}`;
  };

  const routes = new Hono();

  routes.get('/session', (c) => {
    c.header('referrer-policy', 'no-referrer');
    c.header('cache-control', 'no-store');
    const link = links.get(c.req.query('code') ?? '');
    if (link !== undefined && !link.used && c.req.method === 'GET') {
      link.used = true;
      const session = random();
      sessions.add(session);
      setCookie(c, sessionCookie, session, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return c.redirect(link.path, 303);
    }
    // The same person opens the same link once more.
    if (link !== undefined && isSignedIn(getCookie(c, sessionCookie))) return c.redirect(link.path, 303);
    return c.text(
      `This link has been used, or the service was started anew since.\nFor a new link: ${programName} report <run id>\n`,
      401,
    );
  });

  routes.post('/session', async (c) => {
    const given = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
    // Digests, because timingSafeEqual wants equal lengths.
    if (!timingSafeEqual(digest(given), digest(apiKey))) {
      throw new Failure('UNAUTHENTICATED', 'A link for a browser is made for the API key of this machine alone.');
    }
    const { path }: { path?: unknown } = await c.req.json<{ path?: unknown }>().catch(() => ({}));
    if (isLocalPath(path)) return c.json({ url: new URL(linkTo(path), c.req.url).href });
    throw new Failure('INVALID_REQUEST', 'Say where the link leads: {"path": "/runs/…"}, a path of this service.', {
      where: 'body.path',
    });
  });

  return {
    routes,
    linkTo,
    authorization: (request, cookie) =>
      request.method === 'GET' && isSignedIn(cookie) && isOwnPage(request) ? `Bearer ${apiKey}` : undefined,
  };
};
