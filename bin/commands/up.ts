import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Failure } from '../../src/contracts/failure.ts';
import { loadSettings } from '../local/settings.ts';
import type { Settings } from '../local/settings.ts';
import { interruption } from './interruption.ts';
import { connectService, openService } from './service-link.ts';
import type { LocalLink } from './service-link.ts';
import { terminalOf } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { programName } from '../program-name.ts';

const stateOf = (settings: Settings, link: LocalLink) => ({
  url: link.url,
  pid: link.pid,
  home: settings.home,
  api_key_file: join(settings.configDir, 'api-key'),
});

/** What somebody who wants to use a service has to know. */
export const serviceText = (settings: Settings, link: LocalLink): string =>
  `  API      ${link.url}  (${link.url}/openapi.json)\n  API key  ${join(settings.configDir, 'api-key')}\n  Data     ${settings.home}`;

const tell = (terminal: Terminal, settings: Settings, link: LocalLink, headline: string): void =>
  terminal.print(stateOf(settings, link), () => `${headline}\n${serviceText(settings, link)}`);

/** The service in this process, until somebody stops it. */
const serve = async (settings: Settings, terminal: Terminal): Promise<void> => {
  const stop = interruption();
  try {
    const link = await openService(settings, terminal.display().note, { firesSchedules: true });
    tell(terminal, settings, link, 'Surveyor is up. Ctrl-C stops it.');
    await stop.happened;
    await link.close();
  } finally {
    stop.dispose();
  }
};

const lastLines = (file: string): string => readFileSync(file, 'utf8').trimEnd().split('\n').slice(-12).join('\n');

/** The service in a process of its own, which this one leaves behind once it answers. */
const detach = async (settings: Settings): Promise<LocalLink> => {
  mkdirSync(settings.home, { recursive: true, mode: 0o700 });
  const logFile = join(settings.home, 'service.log');
  const log = openSync(logFile, 'w', 0o600);
  const script = process.argv[1] ?? join(settings.root, 'bin', 'surveyor.ts');
  const child = spawn(process.execPath, [...process.execArgv, script, 'up'], {
    cwd: settings.root,
    detached: true,
    stdio: ['ignore', log, log],
  });
  let ended = false;
  child.once('exit', () => (ended = true));
  child.once('error', () => (ended = true));
  while (!ended) {
    const link = await connectService(settings);
    if (link !== undefined) {
      child.unref();
      return link;
    }
    await sleep(50);
  }
  throw new Failure(
    'SERVICE_UNREACHABLE',
    `The service ended as it started. The end of ${logFile}:\n${lastLines(logFile)}`,
    {
      where: logFile,
    },
  );
};

/** `surveyor up`: the service, in the foreground or the background. */
export const registerUp = (program: Command): void => {
  program
    .command('up')
    .description('Start the service on this machine')
    .option('--detach', 'leave it running in the background; `surveyor down` stops it')
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} up\n  ${programName} up --detach && ${programName} catalog ecommerce`,
    )
    .action(async (options: { detach?: boolean }, command: Command) => {
      const terminal = terminalOf(command);
      const settings = loadSettings();
      const running = await connectService(settings);
      if (running !== undefined)
        return tell(terminal, settings, running, `Surveyor is up already (process ${running.pid}).`);
      if (options.detach !== true) return serve(settings, terminal);
      const link = await detach(settings);
      tell(
        terminal,
        settings,
        link,
        `Surveyor is up in the background (process ${link.pid}). Stop it: ${programName} down`,
      );
    });
};
