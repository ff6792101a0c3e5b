import type { IsolationLevel } from '../../../src/contracts/isolation.ts';

/** What attacks aim at: all of it is there and would be reached without a jail. */
export type Targets = {
  readonly supervisor: number;
  readonly tcp_port: number;
  readonly udp_port: number;
  readonly abstract_socket: string;
  readonly socket_path: string;
  readonly secret_file: string;
  readonly neighbour: number;
  readonly neighbour_workspace: string;
};

/** Something that hostile code does. `attempt` answers with what it gained, or raises. */
export type Attack = {
  readonly of: 'network' | 'process' | 'system calls' | 'resources' | 'files' | 'reset';
  readonly name: string;
  /** Python that defines `attempt()`; `T` holds the targets, `call(number, …)` makes a system call. */
  readonly code: string;
  /** The weakest level that stops it. */
  readonly stoppedBy: Exclude<IsolationLevel, 'process'>;
  /** It needs root to get through without a jail. */
  readonly needsRoot?: true;
};

const attack = (
  of: Attack['of'],
  name: string,
  code: string,
  more: { stoppedBy?: 'full'; needsRoot?: true } = {},
): Attack => ({ of, name, code, stoppedBy: 'seccomp', ...more });

/** `attempt` in one expression. */
const gives = (expression: string): string => `def attempt(): return ${expression}`;

/** The attacks, at least one for each class. */
export const attacks: readonly Attack[] = [
  attack('network', 'connects over TCP', gives('socket.create_connection(("127.0.0.1", T["tcp_port"]), 2)')),
  attack('network', 'listens on a port', gives('socket.create_server(("127.0.0.1", 0))')),
  attack('network', 'opens an IPv6 socket', gives('socket.socket(socket.AF_INET6)')),
  attack(
    'network',
    'sends a datagram, as a name lookup does',
    gives('socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"leak", ("127.0.0.1", T["udp_port"]))'),
  ),
  attack(
    'network',
    'connects to an abstract Unix socket',
    `def attempt():
    s = socket.socket(socket.AF_UNIX); s.connect("\\0" + T["abstract_socket"]); return True`,
  ),
  attack(
    'network',
    'connects to a Unix socket by its path',
    `def attempt():
    s = socket.socket(socket.AF_UNIX); s.connect(T["socket_path"]); return True`,
  ),
  attack('network', 'asks the kernel for its routes', gives('socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)')),
  attack('network', 'opens a raw socket', gives('socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)'), {
    needsRoot: true,
  }),
  attack('network', 'makes a socket without Python', gives('call(41, 2, 1, 0) >= 0')),
  attack('network', 'makes sockets through io_uring', gives('call(425, 4, ctypes.create_string_buffer(256)) >= 0'), {
    needsRoot: true,
  }),
  attack(
    'network',
    'passes a descriptor on',
    `def attempt():
    a, b = socket.socketpair(); socket.send_fds(a, [b"x"], [0]); return socket.recv_fds(b, 1, 1)[1]`,
  ),
  attack('network', 'sends a descriptor to the supervisor', gives(`call(46, 3, message_with_descriptor(), 0) >= 0`)),

  attack(
    'process',
    "reads the supervisor's environment",
    gives('open(f"/proc/{T[\'supervisor\']}/environ", "rb").read()'),
  ),
  attack(
    'process',
    "reads the supervisor's arguments",
    gives('open(f"/proc/{T[\'supervisor\']}/cmdline", "rb").read()'),
  ),
  attack('process', "reads the supervisor's memory", gives('open(f"/proc/{T[\'supervisor\']}/mem", "rb")')),
  attack(
    'process',
    "reads the supervisor's memory by a call",
    `def attempt():
    start = int(open(f"/proc/{T['supervisor']}/maps").read().split("-")[0], 16)
    into = ctypes.create_string_buffer(8)
    here, there = (ctypes.c_size_t * 2)(ctypes.addressof(into), 8), (ctypes.c_size_t * 2)(start, 8)
    return call(310, T["supervisor"], here, 1, there, 1, 0) == 8`,
  ),
  attack('process', 'signals the supervisor', gives('os.kill(T["supervisor"], 0) is None')),
  attack('process', 'signals everyone', gives('os.kill(-1, 0) is None')),
  attack('process', 'signals another kernel', gives('os.kill(T["neighbour"], 0) is None')),
  attack('process', 'holds a descriptor of the supervisor', gives('call(434, T["supervisor"], 0) >= 0')),
  attack(
    'process',
    'has signals sent to the supervisor',
    `def attempt():
    r, w = os.pipe(); fcntl.fcntl(r, fcntl.F_SETOWN, T["supervisor"]); return True`,
  ),
  attack(
    'process',
    'lowers the priority of another',
    gives('os.setpriority(os.PRIO_PROCESS, T["neighbour"], 0) is None'),
  ),
  attack('process', 'becomes readable to others', gives('call(157, 4, 1, 0, 0, 0) == 0')),
  attack('process', "finds another kernel's descriptors", gives('os.listdir(f"/proc/{T[\'neighbour\']}/fd")'), {
    needsRoot: true,
  }),

  attack(
    'system calls',
    'forks',
    `def attempt():\n    child = os.fork()\n    return os._exit(0) if child == 0 else os.waitpid(child, 0)`,
  ),
  attack('system calls', 'runs a program', gives('subprocess.run(["/bin/true"]).returncode == 0')),
  attack(
    'system calls',
    'forks by the newest call',
    `def attempt():
    # With the interpreter's lock held: a child that has to wait for it waits for a thread that it does not have.
    child = ctypes.PyDLL(None).syscall(ctypes.c_long(435), struct.pack("11Q", 0, 0, 0, 0, 17, *[0] * 6), ctypes.c_long(88))
    if child < 0: raise OSError("refused")
    return os._exit(0) if child == 0 else os.waitpid(child, 0)`,
  ),
  attack('system calls', 'unshares', gives('call(272, 0x200) == 0')),
  attack('system calls', 'puts a filter of its own in the place', gives('install_filter_that_allows_all() == 0')),
  attack('system calls', 'changes its limits', gives('call(302, 0, 7, struct.pack("QQ", 200, 200), None) == 0')),
  attack('system calls', 'turns off the layout at random', gives('call(135, 0x40000) >= 0')),
  attack('system calls', 'types into a terminal', gives('terminal_takes_input()')),
  attack('system calls', 'makes a call of 32 bits', gives('call_of_32_bits() > 0')),
  attack('system calls', 'becomes root', gives('os.setuid(0) is None'), { needsRoot: true }),
  attack('system calls', 'mounts', gives('ctypes.CDLL(None).mount(b"none", b"/proc", None, 1 << 18, None) == 0'), {
    needsRoot: true,
  }),
  attack(
    'system calls',
    'is bare in its other threads',
    `def attempt():
    with ThreadPoolExecutor(4) as pool: return all(pool.map(lambda _: socket.socket(), range(4)))`,
  ),

  attack('resources', 'takes the memory of pipes', gives('fcntl.fcntl(os.pipe()[1], 1031, 1 << 19)')),
  attack('resources', 'hides memory in a file without a name', gives('os.memfd_create("x")')),
  attack('resources', 'starts more threads than it needs', 'def attempt(): return start_threads(300)', {
    stoppedBy: 'full',
  }),

  attack('files', 'lays a symbolic link', gives('os.symlink("/", "link") is None')),
  attack('files', 'lays a hard link', `def attempt():\n    open("a", "w").close(); os.link("a", "b"); return True`),
  attack('files', 'reads outside', gives('open(T["secret_file"]).read()')),
  attack('files', 'writes outside', gives('open(T["secret_file"], "a")')),
  attack('files', "reads another session's files", gives('os.listdir(T["neighbour_workspace"])')),
  attack('files', 'reads the passwords', gives('open("/etc/shadow").read()'), { needsRoot: true }),
  attack('files', 'leaves something in /tmp', gives('tempfile.mkdtemp(dir="/tmp")')),
  attack('files', 'leaves something in shared memory', gives('tempfile.mkdtemp(dir="/dev/shm")')),

  attack('reset', 'leaves memory behind', gives('call(31, call(29, 0, 4096, 0o1600), 0, 0) == 0')),
  attack('reset', 'leaves a semaphore behind', gives('call(66, call(64, 0, 1, 0o1600), 0, 0) == 0')),
  attack('reset', 'leaves a message queue behind', gives('call(71, call(68, 0, 0o1600), 0, 0) == 0')),
  attack('reset', 'leaves a key behind', gives('call(248, b"user", b"surveyor-jail", b"v", 1, -2) > 0')),
];

/** What every attack finds defined. */
export const attackPrelude = (targets: Targets): string => `
import ctypes, fcntl, mmap, os, socket, struct, subprocess, tempfile, threading, warnings
from concurrent.futures import ThreadPoolExecutor
# Python 3.12 and later say that threads and fork do not go together, whether there was a fork or not.
warnings.simplefilter("ignore")
T = ${JSON.stringify(targets)}
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
kept = []
def keep(value):
    kept.append(value); return ctypes.addressof(value)
def message_with_descriptor():
    control = ctypes.create_string_buffer(struct.pack("QiiiI", 20, socket.SOL_SOCKET, socket.SCM_RIGHTS, 0, 0), 24)
    text = ctypes.create_string_buffer(b"\\0")
    parts = ctypes.create_string_buffer(struct.pack("QQ", keep(text), 0))
    return struct.pack("QIxxxxQQQQixxxx", 0, 0, keep(parts), 1, keep(control), 24, 0)
def install_filter_that_allows_all():
    allow = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000), 8)
    return call(317, 1, 0, struct.pack("HxxxxxxQ", 1, keep(allow)))
def terminal_takes_input():
    main = os.open("/dev/ptmx", os.O_RDWR)
    fcntl.ioctl(main, 0x40045431, struct.pack("i", 0)); return True
def call_of_32_bits():
    page = mmap.mmap(-1, 4096, prot=7)
    page.write(bytes.fromhex("53 b814000000 cd80 5b c3"))  # push rbx; mov eax, 20 (getpid); int 0x80; pop rbx; ret
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
def start_threads(count):
    # Small stacks: their number is to be what stops them.
    threading.stack_size(1 << 18)
    go = threading.Event()
    try:
        for _ in range(count): threading.Thread(target=go.wait, daemon=True).start()
        return True
    except RuntimeError as error: raise OSError(11, str(error))
    finally: go.set()
`;
