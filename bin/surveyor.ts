import { CommanderError } from 'commander';
import { Failure, toFailure } from '../src/contracts/failure.ts';
import { printFailure } from './commands/print-failure.ts';
import { storageFailure } from './commands/storage-failure.ts';
import { surveyorProgram } from './commands/program.ts';
import { programName } from './program-name.ts';

/** Commander ends a command by throwing, also where nothing is wrong: after `--help` and `--version`. */
const isFine = (thrown: unknown): boolean => thrown instanceof CommanderError && thrown.exitCode === 0;

const failureOf = (thrown: unknown): Failure =>
  thrown instanceof CommanderError
    ? new Failure('INVALID_REQUEST', `${thrown.message.replace(/^error: /, '')}\nSee ${programName} --help.`)
    : toFailure(storageFailure(thrown));

// Whoever reads the output may stop early (`| head`); nobody is left to tell anything.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const words = process.argv.slice(2);
try {
  await surveyorProgram().parseAsync(words.length === 0 ? ['--help'] : words, { from: 'user' });
} catch (thrown) {
  if (!isFine(thrown)) process.exit(printFailure(failureOf(thrown), words));
}
