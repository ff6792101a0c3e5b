import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/** `scheme://user:password@host`, and the same without its scheme; a path with such a name is written `./…`. */
const withPassword =
  /^(?:(?!duckdb:|file:)[a-z][a-z0-9+.:-]*:\/\/[^:@]*:.+@|(?!connection:|duckdb:|file:|jdbc:)[^/@:\s]+:(?!\/\/).+@)/is;
const passwordOption = /:\/\/.*[?&](password|passwd|pwd)=./is;

/** Fails with INVALID_REQUEST on a word of the command line that carries a password, without repeating it. */
export const refusePassword = (word: string): void => {
  if (!withPassword.test(word) && !passwordOption.test(word)) return;
  throw new Failure(
    'INVALID_REQUEST',
    'The connection string carries a password, and everybody on this machine can see the words of a command. Nothing was sent.\n' +
      `Give it on standard input: ${programName} catalog - < connection-string.txt\n` +
      `Or keep it under a name: ${programName} connections add shop < connection-string.txt, then ${programName} catalog connection:shop`,
    { where: 'database' },
  );
};
