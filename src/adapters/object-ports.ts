import { Failure } from '../contracts/failure.ts';
import { isOfPlace, type ObjectPlace, objectPlaces } from '../contracts/object-places.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Ports } from '../ports/ports.ts';

/**
 * The store, for keys of one place: what a role on AWS does not allow is refused on every platform. Fails with INTERNAL on
 * another key.
 */
export const objectsOf = (
  place: ObjectPlace,
  store: ObjectStore,
): Pick<ObjectStore, 'get' | 'link' | 'put' | 'putNew'> => {
  const own = (key: string): string => {
    if (isOfPlace(place, key)) return key;
    throw new Failure(
      'INTERNAL',
      `The object ${key} is none of the ${place}, whose keys are ${objectPlaces[place]}. Use the port that its place belongs to.`,
    );
  };
  return {
    put: async (tenant, key, ...rest) => store.put(tenant, own(key), ...rest),
    putNew: async (tenant, key, ...rest) => store.putNew(tenant, own(key), ...rest),
    get: async (tenant, key) => store.get(tenant, own(key)),
    link: async (tenant, key, contentType) => store.link(tenant, own(key), contentType),
  };
};

/** The ports of an object store, one for each place. */
export const objectPorts = (store: ObjectStore): Pick<Ports, ObjectPlace> => ({
  documents: objectsOf('documents', store),
  reports: objectsOf('reports', store),
  evidenceObjects: objectsOf('evidenceObjects', store),
});
