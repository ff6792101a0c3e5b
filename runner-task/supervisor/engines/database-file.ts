import { open, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { FileEngine, SourceKind } from '../../../src/contracts/engine.ts';
import { Failure } from '../../../src/contracts/failure.ts';
import { fileKind, tellingBytes } from '../../../src/domain/engines/file-kind.ts';
import { contentProblem, fileContent } from './file-content.ts';
import { sourceAddresses } from '../../../src/domain/engines/registry.ts';

const failure = (message: string): Failure => new Failure('DATABASE_UNREACHABLE', message);

/** What a path leads to: a folder, or a file of some kind by its first bytes. Fails with DATABASE_UNREACHABLE where there is nothing. */
export const pathKind = async (path: string): Promise<SourceKind | 'folder'> => {
  if (!isAbsolute(path)) throw failure(`The path ${path} is relative. Give the absolute path.`);
  const unopened = (error: NodeJS.ErrnoException): never => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw failure(`${path} cannot be opened: ${reason}. Check the path.`);
  };
  const found = await stat(path).catch(unopened);
  if (found.isDirectory()) return 'folder';
  // To open a pipe waits until somebody writes to it.
  if (!found.isFile()) throw failure(`${path} is a pipe or a device, not a regular file. Check the path.`);
  const file = await open(path).catch(unopened);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(tellingBytes), 0, tellingBytes, 0);
    return fileKind('', buffer.toString('latin1', 0, bytesRead));
  } finally {
    await file.close();
  }
};

/** Fails with DATABASE_UNREACHABLE where a path is not that of a database file of the engine, with the address that it should have. */
export const checkDatabaseFile = async (engine: FileEngine, title: string, path: string): Promise<void> => {
  const kind = await pathKind(path);
  if (kind === engine) return;
  const wanted = `${title} database file`;
  if (kind === 'folder')
    throw failure(`${path} is a folder, not a ${wanted}. For a folder of data files, write file://${path}`);
  const problem = kind === 'files' ? contentProblem(await fileContent(path), path) : undefined;
  if (problem !== undefined) throw failure(`${path} is not a ${wanted}. ${problem}`);
  if (kind === 'files')
    throw failure(`${path} is not a ${wanted}. For a data file (CSV, JSON, Parquet, Excel), write file://${path}`);
  throw failure(
    `${path} is another database’s file, not a ${wanted}: write ${sourceAddresses[kind].schemes[0]}://${path}`,
  );
};
