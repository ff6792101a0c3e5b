import { once } from 'node:events';
import type { Interface } from 'node:readline';
import * as z from 'zod';
import { Failure } from '../../src/contracts/failure.ts';
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

/** Settings from the first line of standard input. */
export const settingsFromInput = async (lines: Interface): Promise<SupervisorSettings> => {
  const [line] = (await once(lines, 'line')) as [string];
  return parseSettings(line, 'standard input');
};
