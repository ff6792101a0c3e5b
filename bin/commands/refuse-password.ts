import { FileEngine, connectionForms } from '../../src/contracts/engine.ts';
import { Failure } from '../../src/contracts/failure.ts';
import { bareConnectionString } from '../../src/domain/connection/bare-connection-string.ts';
import { programName } from '../program-name.ts';

/** How paths begin, `sqlite:` and the like: what looks like a password there is part of a name. */
const pathSchemes = [...FileEngine.options, 'files' as const].map(
  (kind) => /^[a-z]+:/.exec(connectionForms[kind])?.[0],
);

/** `scheme://user:password@host`, and the same without its scheme; a path with such a name is written `./…`. */
const withPassword = new RegExp(
  `^(?:(?!${pathSchemes.join('|')})[a-z][a-z0-9+.:-]*://[^:@]*:.+@|(?!connection:|jdbc:|${pathSchemes.join('|')})[^/@:\\s]+:(?!//).+@)`,
  'is',
);
/** As an option of an address, in libpq's keys and values, in assignments with `;` between them, or of a shell, as PGPASSWORD. */
const passwordOption = /(:\/\/.*[?&]|(^|[\s;'"]))\w*(password|passwd|pwd)\s*=\s*./is;
/** `mysql -h db -u reader -pSecret`, whole or without its first word. */
const passwordFlag = /(?:^(?:mysql|mariadb)\s|(?:^|\s)-[uh]\s?\S).*\s-p\S|(?:^|\s)--password[=\s]\s*\S/s;

/** Fails with INVALID_REQUEST on a word of the command line that carries a password, without repeating it. */
export const refusePassword = (word: string): void => {
  const bare = bareConnectionString(word);
  if (!withPassword.test(bare) && !passwordOption.test(bare) && !passwordFlag.test(bare)) return;
  throw new Failure(
    'INVALID_REQUEST',
    'The connection string carries a password, and everybody on this machine can see the words of a command. Nothing was sent.\n' +
      `Give it on standard input: ${programName} catalog - < connection-string.txt\n` +
      `Or keep it under a name: ${programName} connections add shop < connection-string.txt, then ${programName} catalog connection:shop`,
    { where: 'database' },
  );
};
