import type { RunSource } from '../../contracts/run.ts';

/** The most sources that a title names. */
const mostNames = 4;

/**
 * The title of a report: a dataset’s name or the last part of a database’s address; of several, the names by which the
 * run speaks of them. What they are in full stands below the title.
 */
export const reportTitle = (sources: readonly RunSource[], agent: string): string => `${namesOf(sources)}: ${agent}`;

const namesOf = (sources: readonly RunSource[]): string => {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0)
    return only.label.split('/').findLast((part) => part !== '') ?? only.label;
  const names = sources.map(({ name }) => name);
  if (names.length > mostNames)
    return `${names.slice(0, mostNames - 1).join(', ')} and ${names.length - mostNames + 1} more`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
};
