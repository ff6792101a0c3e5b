import { Failure } from '../../contracts/failure.ts';
import type { Run } from '../../contracts/run.ts';

/** The database that a call is for. Fails with INVALID_REQUEST, in words that the model can act on. */
export const chooseSource = ({ sources }: Pick<Run, 'sources'>, wanted: string | undefined): string => {
  const names = sources.map(({ name }) => name);
  const [only] = names;
  if (wanted === undefined && names.length === 1 && only !== undefined) return only;
  if (wanted !== undefined && names.includes(wanted)) return wanted;
  const said =
    wanted === undefined ? 'No source was named' : `There is no source ${JSON.stringify(wanted.slice(0, 80))}`;
  throw new Failure('INVALID_REQUEST', `${said}. Say in "source" which database is meant: ${names.join(', ')}.`);
};
