import { text } from 'node:stream/consumers';
import { Failure } from '../../src/contracts/failure.ts';
import { programName } from '../program-name.ts';

/**
 * A connection string from standard input, which no process list shows, for a command as it is written, without the
 * redirection. Fails with INVALID_REQUEST where there is none.
 */
export const readConnectionString = async (command: string): Promise<string> => {
  if (process.stdin.isTTY) process.stderr.write('Connection string, then Enter and Ctrl-D: ');
  const given = (await text(process.stdin)).trim();
  if (given !== '') return given;
  throw new Failure(
    'INVALID_REQUEST',
    `Standard input held no connection string. Give it one: ${programName} ${command} < connection-string.txt`,
    { where: 'standard input' },
  );
};
