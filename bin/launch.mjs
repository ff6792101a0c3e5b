#!/usr/bin/env node
/**
 * The one door: `npm start`, `npm test` and `./surveyor` all come through here. It installs the packages where they are
 * missing or out of date, then hands over to the pinned Node: to the command line (`launch.mjs runs`) or to any other
 * command (`launch.mjs --run vitest`). Plain JavaScript without dependencies, because it is what any Node ≥ 18 can run
 * in a fresh clone, before anything is installed.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const leastNode = 24;

const say = (message) => process.stderr.write(`${message}\n`);

const readPackages = (...path) => {
  try {
    return JSON.parse(readFileSync(join(root, ...path), 'utf8')).packages;
  } catch {
    return undefined;
  }
};

/**
 * Whether node_modules holds what package-lock.json asks for. npm's own record, which it writes last, is the stamp: an
 * installation that was killed has none, and one that somebody made by hand counts. Packages for other platforms are
 * optional and rightly absent.
 */
const isInstalled = () => {
  const wanted = readPackages('package-lock.json');
  const found = readPackages('node_modules', '.package-lock.json');
  if (wanted === undefined || found === undefined) return false;
  const paths = Object.keys(wanted).filter((path) => path !== '');
  return (
    Object.keys(found).every((path) => path in wanted) &&
    paths.every((path) =>
      path in found
        ? found[path].version === wanted[path].version && found[path].integrity === wanted[path].integrity
        : wanted[path].optional === true,
    )
  );
};

/** What a command sees: this project's programs first, or not at all while npm replaces them. */
const environment = (withBin) => {
  const others = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== bin);
  return { ...process.env, PATH: (withBin ? [bin, ...others] : others).join(delimiter) };
};

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a child to its end with its output kept, and answers with its exit code and that output. A signal ends both. */
const runQuietly = (command, args, env) =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is npm.cmd on Windows, which only a shell starts.
      shell: process.platform === 'win32',
    });
    let stopped;
    const stop = (signal) => {
      stopped = signal;
      child.kill(signal);
    };
    for (const signal of stopSignals) process.on(signal, stop);
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.on('close', (code, signal) => {
      for (const name of stopSignals) process.off(name, stop);
      if (stopped !== undefined) process.exit(128 + constants.signals[stopped]);
      resolve({ code: code ?? 128 + constants.signals[signal], output });
    });
  });

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/**
 * Lets one process at a time install. The lock is a symbolic link whose target is its owner's pid: it comes into being
 * together with its content, so a lock without an owner cannot be seen. It lies outside node_modules, which npm empties.
 */
const withInstallLock = async (work) => {
  const lock = join(tmpdir(), `surveyor-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
  for (let waiting = false; ;) {
    try {
      symlinkSync(String(process.pid), lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      let owner;
      try {
        owner = Number(readlinkSync(lock));
      } catch {
        continue; // released between the two calls
      }
      if (!isAlive(owner)) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!waiting) say(`Another process (${owner}) is installing the packages; waiting for it …`);
      waiting = true;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    await work();
  } finally {
    release();
    process.off('exit', release);
  }
};

const install = () =>
  withInstallLock(async () => {
    if (isInstalled()) return;
    say('Installing packages (npm ci, about a minute the first time) …');
    // Everything here is a tool or a library that runs: also under NODE_ENV=production. The log level is named because
    // `npm run --silent` would hand its own down, and a failure would say nothing.
    const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await runQuietly('npm', args, environment(false));
    if (code === 0) return;
    // npm ends some errors with a page of its usage; what was wrong comes first.
    say(output.trimEnd().split('\n').slice(0, 30).join('\n'));
    say(
      `\nThe packages could not be installed: \`npm ci\` ended with ${code}; its output is above.\n` +
        'Check that the npm registry can be reached and that the disk has 1 GB free, then run the same command again.',
    );
    process.exit(1);
  });

/** Ends the launcher unless the pinned Node is there: Node runs the TypeScript sources directly only from 22.18 on. */
const assertPinnedNode = async () => {
  const { code, output } = await runQuietly(node, ['--version'], process.env);
  const major = Number(/^v(\d+)\./.exec(output)?.[1]);
  if (code === 0 && major >= leastNode) return;
  say(
    `Surveyor runs on its own Node ${leastNode} (node_modules/node), which does not work here: ${output.trim()}\n` +
      'That package fetches Node in an install script, so scripts must be allowed: `npm config get ignore-scripts` has to be\n' +
      'false, and "allowScripts" in package.json has to name "node". Then run `rm -rf node_modules` and the same command again.',
  );
  process.exit(1);
};

/** Hands over: the child has the terminal, gets the signals meant for it, and its end is the launcher's. */
const handOver = (command, args) => {
  const child = spawn(command, args, {
    env: environment(true),
    stdio: 'inherit',
    shell: process.platform === 'win32' && command !== node,
  });
  child.on('error', (error) => {
    say(`${command} could not be started: ${error.message}`);
    process.exit(127);
  });
  // A terminal sends Ctrl-C to the whole group, the child included: passing it on would be a second one. Without a
  // terminal it was sent to this process alone.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of stopSignals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
};

if (!isInstalled()) await install();
await assertPinnedNode();
const args = process.argv.slice(2);
if (args[0] === '--run' && args.length > 1) handOver(args[1], args.slice(2));
else handOver(node, ['--disable-warning=ExperimentalWarning', join(root, 'bin', 'surveyor.ts'), ...args]);
