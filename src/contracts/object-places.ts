/**
 * The places of the object store, and which keys are of each: `*` stands for any characters and `?` for one, as IAM
 * compares them. What src/domain/run-keys.ts makes lies in exactly one of them.
 */
export const objectPlaces = {
  documents: '_runs/*',
  evidenceObjects: '_evidence/*',
  // A prefix, the time of the run, the file: no segment of a prefix begins with `_`.
  reports: '*/????-??-??T??-??-??.???Z/*',
} as const;

/** A place of the object store, by the port that opens it. */
export type ObjectPlace = keyof typeof objectPlaces;

/** Whether a key, as its tenant knows it, is of a place. */
export const isOfPlace = (place: ObjectPlace, key: string): boolean =>
  new RegExp(`^${objectPlaces[place].replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*')}$`, 's').test(
    key,
  );
