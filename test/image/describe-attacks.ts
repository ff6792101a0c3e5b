import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackPrelude, attacks, type Attack, type Targets } from '../runner-task/jail/attacks.ts';
import type { ContainedSupervisor } from './container.ts';

/** A sandbox under attack. `kernels` is the first process of the container in which its kernels run, seen from outside. */
export type Attacked = Pick<ContainedSupervisor, 'call' | 'end'> & { readonly kernels: number };

/** What the container does not have cannot be attacked: programs, terminals, passwords, a /tmp to write to. */
const missing = ['runs a program', 'types into a terminal', 'reads the passwords', 'leaves something in /tmp'];

/** Makes the targets within the container, then does what standard input says, unjailed and with all capabilities. */
const targetsCode = `
import json, os, socket, sys, tempfile
secret, folder, path = "/run/surveyor/secret", "/run/surveyor/neighbour", "/run/surveyor/target.socket"
with open(os.open(secret, os.O_CREAT | os.O_WRONLY, 0o600), "w") as file: file.write("secret")
os.mkdir(folder, 0o700)
open(folder + "/private.csv", "w").close()
tcp = socket.create_server(("127.0.0.1", 0))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); udp.bind(("127.0.0.1", 0))
abstract = socket.socket(socket.AF_UNIX); abstract.bind("\\0surveyor-target"); abstract.listen()
named = socket.socket(socket.AF_UNIX); named.bind(path); named.listen(); os.chmod(path, 0o666)
print(json.dumps({"supervisor": 1, "neighbour": os.getpid(), "neighbour_workspace": folder, "secret_file": secret,
  "tcp_port": tcp.getsockname()[1], "udp_port": udp.getsockname()[1],
  "abstract_socket": "surveyor-target", "socket_path": path}), flush=True)
for line in sys.stdin:
    code, read = json.loads(line), os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(read[1], 1)
        os.chdir(tempfile.mkdtemp(dir="/run/surveyor"))
        # As a kernel's does, descriptor 3 leads to somebody.
        pair = socket.socketpair()
        os.dup2(pair[0].fileno(), 3)
        exec(code, {})
        sys.stdout.flush()
        os._exit(0)
    os.close(read[1])
    with open(read[0]) as answer: print(json.dumps(answer.read()), flush=True)
    os.waitpid(child, 0)
`;

const attempt = ({ code }: Attack): string => `
${code}
try: gained = attempt()
except (OSError, MemoryError) as error: print("held:", type(error).__name__)
else: print("got through" if gained else "held: it gained nothing")`;

/** Programs within the container of the kernels, started from outside. */
const startTargets = async (kernels: number) => {
  const names = ['--mount', '--pid', '--net', '--ipc'];
  const program = ['/opt/python/bin/python', '-I', '-B', '-c', targetsCode];
  const child = spawn('nsenter', ['--target', String(kernels), ...names, '--', ...program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => JSON.parse(((await lines.next()) as { value: string }).value);
  const targets = (await next()) as Targets;
  return {
    targets,
    async runUnjailed(code: string): Promise<string> {
      child.stdin.write(`${JSON.stringify(code)}\n`);
      return (await next()) as string;
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
};

/** That the attacks are held by the jail in a container, and get through there without it. */
export const describeAttacks = (
  where: string,
  start: () => Promise<Attacked>,
  { except = [] }: { readonly except?: readonly string[] } = {},
): void => {
  describe(`hostile code ${where}`, () => {
    let sandbox: Attacked;
    let outside: Awaited<ReturnType<typeof startTargets>>;
    let prelude: string;
    const cell = async (code: string) =>
      (await sandbox.call('execute_python', { agent: 'cataloging', code, seconds: 20 })).cell;
    beforeAll(async () => {
      sandbox = await start();
      await sandbox.call('start_session', { agent: 'cataloging', statement_limit: 1 });
      outside = await startTargets(sandbox.kernels);
      prelude = attackPrelude(outside.targets);
      await cell(prelude);
    });
    afterAll(async () => {
      await outside?.end();
      await sandbox?.end();
    });

    it.each(attacks.filter(({ name }) => !except.includes(name)))(
      'is held when it, in the class $of, $name',
      async (attack) => {
        const { stdout, error, state_lost } = await cell(attempt(attack));
        if (state_lost) await cell(prelude);
        expect(`${stdout}${error?.message ?? ''}`).toMatch(/^held: [^\n]*\n$|SIGSYS/);
      },
    );

    it.each(attacks.filter(({ name }) => !missing.includes(name)))(
      'gets through without the jail when it, in the class $of, $name',
      async (attack) => {
        expect(await outside.runUnjailed(`${prelude}\n${attempt(attack)}`)).toBe('got through\n');
      },
    );
  });
};
