import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileObjectStore } from '../../src/adapters/local/file-object-store.ts';
import { objectPorts } from '../../src/adapters/object-ports.ts';

describe('the ports of an object store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-places-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { documents, reports, evidenceObjects } = objectPorts(fileObjectStore(folder));
  const report = 'reports/shop/2026-01-31T12-00-00.000Z/summary.html';

  it('share one store, each with the keys of its place', async () => {
    await documents.put('t', '_runs/r/profile.json', '1', 'application/json');
    expect(await documents.putNew('t', '_runs/r/profile.json', '2', 'application/json')).toBe(false);
    await evidenceObjects.put('t', '_evidence/x.json', '3', 'application/json');
    await reports.put('t', report, '4', 'text/html');
    const texts = await Promise.all([
      documents.get('t', '_runs/r/profile.json'),
      evidenceObjects.get('t', '_evidence/x.json'),
      reports.get('t', report),
    ]);
    expect(texts.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['1', '3', '4']);
  });

  it('refuse the keys of other places, to read, to write and to link, as a role on AWS would', async () => {
    const refused = { kind: 'INTERNAL', message: expect.stringContaining('Use the port that its place belongs to') };
    await expect(documents.get('t', report)).rejects.toMatchObject(refused);
    await expect(documents.putNew('t', '_evidence/x.json', '', '')).rejects.toMatchObject(refused);
    await expect(evidenceObjects.put('t', '_runs/r/profile.json', '', '')).rejects.toMatchObject(refused);
    await expect(reports.get('t', '_runs/r/profile.json')).rejects.toMatchObject(refused);
    await expect(reports.link('t', '_evidence/x.json', 'text/html')).rejects.toMatchObject(refused);
  });
});
