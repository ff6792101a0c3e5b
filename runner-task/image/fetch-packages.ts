import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/**
 * Fetches the packages of a list into a folder and checks the hash of each: `node fetch-packages.ts <list> <folder>`. The
 * mirror need not be trusted. It is `DEBIAN_MIRROR`, else the one that this system's own apt asks; an archive that keeps old
 * packages has `DEBIAN_SNAPSHOT`, a time, in its paths.
 */

/** What stands before `/debian` in the sources of apt. */
const mirrorOfApt = async (): Promise<string> => {
  const folder = '/etc/apt/sources.list.d';
  const names = (await readdir(folder).catch(() => [])).map((name) => join(folder, name));
  for (const file of [...names, '/etc/apt/sources.list']) {
    const [, found] = /(https?:\/\/[^\s]+)\/debian\/?\s/.exec(await readFile(file, 'utf8').catch(() => '')) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error('apt names no Debian archive here: set DEBIAN_MIRROR to one.');
};

const mirror = process.env['DEBIAN_MIRROR'] || (await mirrorOfApt());
const snapshot = process.env['DEBIAN_SNAPSHOT'] ?? '';
const [list = '', folder = ''] = process.argv.slice(2);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const download = async (path: string): Promise<Uint8Array> => {
  const [archive = '', ...rest] = path.split('/');
  const url = [mirror, archive, ...(snapshot === '' ? [] : [snapshot]), ...rest].join('/');
  const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
  if (response.ok) return response.bytes();
  throw new Error(
    `${url}: HTTP ${response.status}. Mirrors keep the newest versions alone: bring ${list} up to date, or set DEBIAN_MIRROR and DEBIAN_SNAPSHOT to an archive that keeps old ones.`,
  );
};

await mkdir(folder, { recursive: true });
for (const line of (await readFile(list, 'utf8')).split('\n')) {
  if (line === '' || line.startsWith('#')) continue;
  const [hash = '', path = ''] = line.split(/\s+/);
  const file = join(folder, basename(path));
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  const bytes = isThere ? await readFile(file) : await download(path);
  if (sha256(bytes) !== hash) throw new Error(`${path} has the SHA-256 ${sha256(bytes)}, and ${list} says ${hash}.`);
  if (!isThere) await writeFile(file, bytes);
}
