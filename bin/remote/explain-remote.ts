import * as z from 'zod';
import { apiStage } from '../../src/contracts/api-stage.ts';
import { Failure, toFailure } from '../../src/contracts/failure.ts';
import { apiVersion } from '../../src/contracts/openapi.ts';
import { readAnswer } from '../../src/contracts/read-answer.ts';
import { programName } from '../program-name.ts';
import type { RemoteKey } from './remote-key.ts';
import { unreachableReason } from './unreachable-reason.ts';

/** An API that runs elsewhere, as failures tell of it. */
type Remote = { readonly url: string; readonly from: RemoteKey['from'] };

const Version = z.object({ version: z.string(), platform: z.string() });

const maxHealthBytes = 64 * 1024;

/** The version that answers; undefined where nothing of ours does. */
const versionAt = async (url: string): Promise<string | undefined> => {
  try {
    const response = await fetch(`${url}/health`, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
    return Version.parse(await (await readAnswer(response, maxHealthBytes, url)).json()).version;
  } catch {
    return undefined;
  }
};

const wrongAddress = (url: string): string =>
  `No Surveyor answers at ${url}: what does is something else, or a part of the address is missing. Give it as the stack’s output ApiUrl has it, with the stage at its end (…/${apiStage}).`;

/** What an answer means that this command line does not understand: another version, or no Surveyor at all. */
const explainAnswer = async (failure: Failure, { url }: Remote): Promise<Failure> => {
  const version = await versionAt(url);
  if (version === undefined)
    return new Failure('SERVICE_UNREACHABLE', wrongAddress(url), { where: url, cause: failure });
  if (version === apiVersion) return failure;
  return new Failure(
    failure.kind,
    `${failure.message}\n${url} runs version ${version}, and this command line is of ${apiVersion}. Use the same: deploy this one, or check out ${version}.`,
    { where: failure.where, cause: failure },
  );
};

/** A failure of a call to an API that runs elsewhere, in the words of who has set its address and key. */
export const explainRemote = async (thrown: unknown, remote: Remote): Promise<Failure> => {
  const failure = toFailure(thrown);
  const { url, from } = remote;
  const about = { where: failure.where, cause: failure.cause };
  switch (failure.kind) {
    case 'SERVICE_UNREACHABLE':
      return failure.where === url
        ? new Failure(failure.kind, `${url} cannot be reached: ${unreachableReason(failure.cause)}`, about)
        : new Failure(
            failure.kind,
            `${failure.message.replace(/\.$/, '')}: ${unreachableReason(failure.cause)}`,
            about,
          );
    case 'UNAUTHENTICATED':
      return new Failure(
        failure.kind,
        `${url} does not take the key in ${from}: it is of another deployment, was revoked, or is a token that has expired. See which keys there are: ${programName} keys list --stack <stack>`,
        { where: from, cause: failure.cause },
      );
    case 'FORBIDDEN':
      return new Failure(failure.kind, `${failure.message} This one is in ${from}.`, { where: from });
    // The client's own, of an answer that it does not understand; what a service tells of itself names no address.
    case 'INTERNAL':
      return failure.where?.includes(url) === true ? explainAnswer(failure, remote) : failure;
    // No run, no connection: the route itself is not there.
    case 'METHOD_NOT_ALLOWED':
      return explainAnswer(failure, remote);
    case 'NOT_FOUND':
      return [undefined, 'path'].includes(failure.where) ? explainAnswer(failure, remote) : failure;
    default:
      return failure;
  }
};
