import { open, readdir, rm } from 'node:fs/promises';
import { get as getOverHttp, type IncomingMessage } from 'node:http';
import { get as getOverHttps } from 'node:https';
import { join } from 'node:path';
import { Failure } from '../../src/contracts/failure.ts';
import type { LinkedObject } from '../../src/contracts/sandbox.ts';
import { maxObjectBytes, maxObjects, maxObjectsBytes } from '../../src/domain/connection/object-limits.ts';
import { isDataFile } from '../../src/domain/engines/duckdb/data-file.ts';
import { wholeMilliseconds } from '../../src/contracts/whole-milliseconds.ts';

/** Objects that are fetched at once. */
const maxAtOnce = 4;
/** All of them together: who waits for the source to open waits for 840 s, of which opening may need 300. */
const maxSeconds = 500;
/** A link that is silent for so long leads nowhere. */
const maxSilentSeconds = 15;

const failure = (message: string, cause?: unknown): Failure =>
  new Failure('DATABASE_UNREACHABLE', message, cause === undefined ? {} : { cause });

/** S3 as it is addressed by path, in any region. */
const hostOfS3 = /^s3\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/** Whether a link leads to S3, or to what stands in its place; what else it leads to is not asked. */
const isLinkToS3 = ({ origin, protocol, port, hostname, username }: URL, inItsPlace: string | undefined): boolean => {
  if (inItsPlace !== undefined) return origin === new URL(inItsPlace).origin;
  return protocol === 'https:' && port === '' && username === '' && hostOfS3.test(hostname);
};

/** What was wrong with the objects as they are told of: the caller's list is not trusted with names, sizes or hosts. */
const problemOf = (objects: readonly LinkedObject[], origin: string | undefined): string | undefined => {
  if (objects.length > maxObjects)
    return `There are ${objects.length} objects, of ${maxObjects} that a source may have.`;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  const odd = objects.find(({ name }) => !isDataFile(name) || /[/\\\u0000-\u001f\u007f]/.test(name));
  if (odd !== undefined) return `${JSON.stringify(odd.name)} is not a plain name of a data file.`;
  if (new Set(objects.map(({ name }) => name)).size !== objects.length) return 'Two objects have one name.';
  const all = objects.reduce((sum, { bytes }) => sum + bytes, 0);
  if (objects.some(({ bytes }) => bytes > maxObjectBytes) || all > maxObjectsBytes)
    return `The objects are larger than ${maxObjectBytes} bytes each or ${maxObjectsBytes} together.`;
  const astray = objects.find(({ url }) => {
    const parsed = URL.parse(url);
    return parsed === null || !isLinkToS3(parsed, origin);
  });
  return astray === undefined ? undefined : `The link of ${astray.name} does not lead to S3.`;
};

/** The answer to a link. No redirection is followed, and nothing is unpacked: bytes are counted as they come. */
const request = (url: string, signal: AbortSignal): Promise<IncomingMessage> => {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const get = url.startsWith('https:') ? getOverHttps : getOverHttp;
  const asked = get(url, { signal, timeout: maxSilentSeconds * 1_000, agent: false }, resolve);
  asked.on('error', reject);
  asked.on('timeout', () => asked.destroy(new Error(`nothing came for ${maxSilentSeconds} s`)));
  return promise;
};

const statusProblem = (status: number | undefined): string =>
  status === 403
    ? 'S3 refused the link (403): it has expired, or whoever made it may not read the object'
    : `S3 answered with status ${status}`;

const fetchObject = async ({ name, url, bytes }: LinkedObject, folder: string, signal: AbortSignal): Promise<void> => {
  const response = await request(url, signal);
  if (response.statusCode !== 200) {
    response.destroy();
    throw failure(
      `The object ${name} could not be fetched: ${statusProblem(response.statusCode)}. Start the run again.`,
    );
  }
  const changed = failure(
    `The object ${name} has not the ${bytes} bytes that it had when it was listed. Start the run again when it is written.`,
  );
  const file = await open(join(folder, name), 'wx', 0o600);
  let fetchedBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      fetchedBytes += chunk.length;
      if (fetchedBytes > bytes) throw changed;
      await file.write(chunk);
    }
  } finally {
    response.destroy();
    await file.close();
  }
  if (fetchedBytes !== bytes) throw changed;
};

/**
 * Fetches objects into a folder, which holds nothing else then. Size and number are bounded before the first byte and
 * while they come; where one fails, none is left. A message names objects and never a link, which is a credential. Fails
 * with DATABASE_UNREACHABLE.
 */
export const fetchObjects = async (
  objects: readonly LinkedObject[],
  folder: string,
  origin?: string,
): Promise<void> => {
  const problem = problemOf(objects, origin);
  if (problem !== undefined) throw failure(problem);
  const empty = async (): Promise<void> => {
    for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
  };
  await empty();
  const first = new AbortController();
  const signal = AbortSignal.any([first.signal, AbortSignal.timeout(wholeMilliseconds(maxSeconds * 1_000))]);
  const waiting = [...objects];
  // What broke off first is why; the others are broken off because of it, and may be heard of sooner.
  let failed: Failure | undefined;
  const fetchInTurn = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await fetchObject(next, folder, signal);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        failed ??=
          error instanceof Failure ? error : failure(`The object ${next.name} could not be fetched: ${reason}.`, error);
        first.abort();
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: maxAtOnce }, fetchInTurn));
  if (failed === undefined) return;
  await empty();
  throw failed;
};
