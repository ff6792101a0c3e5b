import { describe, expect, it } from 'vitest';
import { isOfPlace, type ObjectPlace, objectPlaces } from '../../src/contracts/object-places.ts';
import { Prefix } from '../../src/contracts/prefix.ts';
import { conversationKeys } from '../../src/domain/agent/conversation.ts';
import { evidenceKey, evidenceResultKey, reportKeys, reportTimestamp, runKeys } from '../../src/domain/run-keys.ts';

const runId = '01JJXB3B00AAAAAAAAAAAAAAAA';
const timestamp = reportTimestamp(new Date('2026-01-31T12:00:00.000Z'));
/** What a key may have to do with: a text that is a time, a place of ours, one with dots and slashes. */
const names = ['main', timestamp, '_runs', '_evidence', 'a.b', `x/${timestamp}/y`, '../_runs/x'];

const placesOf = (key: string): readonly string[] =>
  (Object.keys(objectPlaces) as ObjectPlace[]).filter((place) => isOfPlace(place, key));

/** Every key that a table of keys makes, with some name for each of its parameters. */
const madeBy = (keys: Readonly<Record<string, unknown>>, name: string): readonly string[] =>
  Object.values(keys).map((made) =>
    typeof made === 'function' ? String(Reflect.apply(made, undefined, [name, name])) : String(made),
  );

describe('the places of the object store', () => {
  it('have what a run keeps of its work among its documents, and nowhere else', () => {
    const keys = ['main', 'a.b', '_runs'].flatMap((name) => [
      ...madeBy(runKeys(runId), name),
      ...madeBy(conversationKeys(runId, name), '1'),
      ...madeBy(conversationKeys(runId, name, 2), '0'),
    ]);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => placesOf(key).join() !== 'documents')).toEqual([]);
  });

  it('have evidence and its results among the evidence', () => {
    const evidence = {
      kind: 'sql',
      text: 'select 1',
      verdict: 'ran',
      result_hash: 'a'.repeat(64),
      preview: '1',
    } as const;
    for (const key of [evidenceKey(evidence), evidenceResultKey('a'.repeat(64))])
      expect(placesOf(key)).toEqual(['evidenceObjects']);
  });

  it('have reports among the reports, whatever prefix they are published below', () => {
    const prefixes = names.filter((name) => Prefix.safeParse(name).success);
    expect(prefixes.length).toBeGreaterThan(2);
    for (const prefix of prefixes)
      for (const key of Object.values(reportKeys(prefix, timestamp, 'summary')))
        expect(placesOf(key)).toEqual(['reports']);
  });

  it('have nothing else', () => {
    for (const key of ['shop/orders.csv', '_other/x.json', 'reports/2026/x.html', `${timestamp}/x.html`, 'x/_runs/y'])
      expect(placesOf(key)).toEqual([]);
  });
});
