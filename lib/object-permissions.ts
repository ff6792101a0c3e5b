import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Needs } from '../src/contracts/function-needs.ts';
import { type ObjectPlace, objectPlaces } from '../src/contracts/object-places.ts';

/** What an access does to objects. To list is of the whole bucket, so it is not limited to a place. */
type ObjectAction = 'GetObject' | 'PutObject' | 'ListBucket';

/** Without ListBucket, which knows no condition there, a missing object answers as a forbidden one. */
const read = ['GetObject', 'ListBucket'] as const;
const write = ['PutObject'] as const;

/** The places of the object store, and what a role needs for each access: test/infra/object-permissions holds it to the keys. */
const objectPermissions = {
  documents: { read, write },
  // A link may do what who signed it may.
  reports: { read, link: ['GetObject'], write },
  evidenceObjects: { read, write },
} as const satisfies {
  readonly [P in ObjectPlace]: { readonly [A in NonNullable<Needs[P]>[number]]: readonly ObjectAction[] };
};

type Table = typeof objectPermissions;

/** A grant on a place of the object store. */
export type ObjectGrant = { readonly [P in ObjectPlace]: `${P}:${keyof Table[P] & string}` }[ObjectPlace];

const actionsOf = (grant: string): readonly ObjectAction[] | undefined => {
  const [place = '', access = ''] = grant.split(':');
  const table: Readonly<Record<string, Readonly<Record<string, readonly ObjectAction[]>>>> = objectPermissions;
  return table[place]?.[access];
};

/** Whether a grant is one on a place of the object store. */
export const isObjectGrant = (grant: string): grant is ObjectGrant => actionsOf(grant) !== undefined;

/** The sample datasets, which are nobody's: no tenant has a name that begins with a dot. */
export const sampleArn = (bucketArn: string): string => `${bucketArn}/.datasets/*`;

/** The prompts and which of them were chosen, which are nobody's either; those that are kept, each under its hash. */
export const promptArns = (bucketArn: string): Readonly<Record<'all' | 'kept', string>> => ({
  all: `${bucketArn}/.prompts/*`,
  kept: `${bucketArn}/.prompts/kept/*`,
});

/** The objects of each place, of any tenant. */
export const placeArns = (bucketArn: string): Readonly<Record<ObjectPlace, string>> => ({
  documents: `${bucketArn}/*/${objectPlaces.documents}`,
  reports: `${bucketArn}/*/${objectPlaces.reports}`,
  evidenceObjects: `${bucketArn}/*/${objectPlaces.evidenceObjects}`,
});

/** What grants on the object store are in IAM's words: a statement for each action, on the places that it is allowed in. */
export const objectStatements = (grants: readonly ObjectGrant[], bucketArn: string): readonly PolicyStatement[] => {
  const arns = placeArns(bucketArn);
  const places = new Map<ObjectAction, Set<string>>();
  for (const grant of grants) {
    const [place] = grant.split(':') as [ObjectPlace];
    for (const action of actionsOf(grant) ?? []) {
      const resource = action === 'ListBucket' ? bucketArn : arns[place];
      places.set(action, new Set([...(places.get(action) ?? []), resource]));
    }
  }
  return [...places].map(
    ([action, resources]) => new PolicyStatement({ actions: [`s3:${action}`], resources: [...resources] }),
  );
};
