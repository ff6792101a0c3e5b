import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAtLeast, isolationLevel } from '../../../runner-task/supervisor/isolation.ts';
import { IsolationLevel } from '../../../src/contracts/isolation.ts';
import { attackPrelude, attacks, type Attack, type Targets } from './attacks.ts';
import { jailedSession, kernelPython, type JailedSession } from './jailed-session.ts';
import { isMissing, leaveOut } from '../../support/is-missing.ts';

const attempt = ({ code }: Attack): string => `
${code}
try: gained = attempt()
except (OSError, MemoryError) as error: print("held:", type(error).__name__)
else: print("got through" if gained else "held: it gained nothing")`;

describe.skipIf(isMissing('linux', 'x64'))('the jail of a kernel', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surveyor-targets-'));
  const tcp = createServer((socket) => socket.on('error', () => undefined).end('secret'));
  const abstract = createServer();
  const path = createServer();
  const udp = createSocket('udp4');
  let python: string;
  let neighbour: JailedSession;
  let targets: Targets;

  beforeAll(async () => {
    python = await kernelPython();
    neighbour = await jailedSession(python, 'full');
    chmodSync(folder, 0o755);
    const secret_file = join(folder, 'secret');
    writeFileSync(secret_file, 'secret', { mode: 0o600 });
    tcp.listen(0, '127.0.0.1');
    abstract.listen(`\0surveyor-jail-${process.pid}`);
    path.listen(join(folder, 'socket'));
    udp.bind(0, '127.0.0.1');
    await Promise.all([tcp, abstract, path, udp].map((server) => once(server, 'listening')));
    targets = {
      supervisor: process.pid,
      tcp_port: (tcp.address() as AddressInfo).port,
      udp_port: udp.address().port,
      abstract_socket: `surveyor-jail-${process.pid}`,
      socket_path: join(folder, 'socket'),
      secret_file,
      neighbour: neighbour.pid(),
      neighbour_workspace: neighbour.workspace(),
    };
    await neighbour.cell('kept = 42\nopen("private.csv", "w").close()');
  });
  afterAll(async () => {
    for (const server of [tcp, abstract, path, udp]) server.close();
    await neighbour?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  describe.each(IsolationLevel.options)('at the level "%s"', (level) => {
    let session: JailedSession;
    let reached: boolean;
    beforeAll(async () => {
      session = await jailedSession(python, level);
      reached = isAtLeast(isolationLevel(session.isolation()), level);
      if (!reached) leaveOut('jail', `the level "${level}"; here is ${session.isolation()}`);
      await session.cell(attackPrelude(targets));
    });
    afterAll(() => session?.close());

    it('says what it is', ({ skip }) => {
      skip(!reached, 'this machine does not give it');
      expect(session.isolation()).toMatch(new RegExp(`^${level}: a process of its own, .*resource limits$`));
    });

    const stopped = attacks.filter(({ stoppedBy }) => level !== 'process' && isAtLeast(level, stoppedBy));
    it.for(stopped)('holds when code, in the class $of, $name', async (attack, { skip }) => {
      skip(!reached, 'this machine does not give it');
      const { stdout, error, state_lost } = await session.cell(attempt(attack));
      // Foreign calls kill. The next attack finds a fresh process.
      if (state_lost) await session.cell(attackPrelude(targets));
      expect(`${stdout}${error?.message ?? ''}`).toMatch(/^held: [^\n]*\n$|SIGSYS/);
      expect((await neighbour.cell('kept')).result).toBe('42');
    });

    if (level !== 'process') return;
    it.for(attacks)(
      'lets it through, which proves the attack real, when code, in the class $of, $name',
      async (attack, { skip }) => {
        skip(attack.needsRoot === true && isMissing('root'), 'needs root');
        const { stdout, error } = await session.cell(attempt(attack));
        expect(`${stdout}${error?.message ?? ''}`).toBe('got through\n');
      },
    );
  });
});
