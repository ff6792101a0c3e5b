import type { Node } from 'constructs';
import { nearest } from '../src/domain/nearest.ts';
import { contextKeys } from './context-keys.ts';

/** What the CDK's command line notes in cdk.json without a prefix of its own. */
const ofTheCdk: ReadonlySet<string> = new Set(['acknowledged-issue-numbers', 'cli-telemetry']);

/** The CDK's own are `@aws-cdk/…`, `aws:cdk:…`, `availability-zones:…`. */
const isOurs = (key: string): boolean => !/[:@/]/.test(key) && !ofTheCdk.has(key);

/** Ends the synthesis at a key that nothing reads: who misspelt one would deploy without what it says, and not be told. */
export const checkContextKeys = (node: Node): void => {
  const known: readonly string[] = contextKeys;
  const given = Object.keys(node.getAllContext() as Readonly<Record<string, unknown>>);
  for (const key of given.filter((one) => isOurs(one) && !known.includes(one))) {
    const [likely] = nearest(key, known);
    throw new Error(
      `The context has ${JSON.stringify(key)}, which nothing reads. ${likely === undefined ? `There are: ${known.join(', ')}.` : `Did you mean ${likely}?`}`,
    );
  }
};
