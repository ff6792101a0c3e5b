import { once } from 'node:events';
import type { Interface } from 'node:readline';
import { createSecureContext } from 'node:tls';
import * as z from 'zod';
import { Failure } from '../../src/contracts/failure.ts';
import { SandboxCertificate } from '../../src/contracts/sandbox-certificate.ts';
import { SupervisorSettings } from './settings.ts';

/** Names the environment variable that holds the settings of a supervisor which has no standard input. */
const settingsVariable = 'SURVEYOR_SUPERVISOR_SETTINGS';

/** Checks settings as they were given; fails with SETTING_INVALID, which says what of them is wrong. */
export const parseSettings = (text: string, where: string): SupervisorSettings => {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    const message = `The settings in ${where} are not JSON. Give one JSON object.`;
    throw new Failure('SETTING_INVALID', message, { where, cause: error });
  }
  const settings = SupervisorSettings.safeParse(given);
  if (settings.success) return settings.data;
  const message = `The settings in ${where} are not valid: ${z.prettifyError(settings.error)}`;
  throw new Failure('SETTING_INVALID', message, { where });
};

/** Settings from the environment, where no process that is started later finds them. */
export const settingsFromEnvironment = (environment: NodeJS.ProcessEnv): SupervisorSettings => {
  const text = environment[settingsVariable];
  delete environment[settingsVariable];
  if (text !== undefined) return parseSettings(text, settingsVariable);
  const message = `${settingsVariable} is not set. Set it to the supervisor's settings, or leave --settings-from out.`;
  throw new Failure('SETTING_INVALID', message, { where: settingsVariable });
};

/** Names the environment variable that holds the key and the certificate, as a task's `secrets` hand them in. */
const certificateVariable = 'SURVEYOR_SUPERVISOR_TLS';

/** Key and certificate from the environment, where no process that is started later finds them; none where none was given. */
export const certificateFromEnvironment = (environment: NodeJS.ProcessEnv): SandboxCertificate | undefined => {
  const text = environment[certificateVariable];
  delete environment[certificateVariable];
  if (text === undefined) return undefined;
  try {
    const certificate = SandboxCertificate.parse(JSON.parse(text));
    createSecureContext({ key: certificate.key, cert: certificate.certificate });
    return certificate;
  } catch {
    // What was wrong is not told: the message of a parser can hold a part of what it read, and this is a key.
    const message = `${certificateVariable} is not a key and its certificate. Give JSON with "key" and "certificate", both PEM.`;
    throw new Failure('SETTING_INVALID', message, { where: certificateVariable });
  }
};

/** What a supervisor says that is to listen at a port and has nothing to encrypt with. */
export const withoutCertificate = (): Failure =>
  new Failure(
    'SETTING_INVALID',
    `A port is listened at with TLS alone. Set ${certificateVariable} to a key and its certificate, or listen at a socket.`,
    { where: certificateVariable },
  );

/** Settings from the first line of standard input. */
export const settingsFromInput = async (lines: Interface): Promise<SupervisorSettings> => {
  const [line] = (await once(lines, 'line')) as [string];
  return parseSettings(line, 'standard input');
};
