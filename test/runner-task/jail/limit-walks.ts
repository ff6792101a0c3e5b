/** A way around a limit: Python that takes twice what it may. */
export type LimitWalk = {
  readonly of: 'space' | 'entries' | 'memory';
  readonly name: string;
  /** Defines `walk(limit)`, which raises where it is held. */
  readonly code: string;
  /** It goes on when its cell has ended. */
  readonly between?: true;
};

/** What every walk finds defined. */
export const walkPrelude = `
import ctypes, mmap, os, threading, time
from concurrent.futures import ThreadPoolExecutor
MEBIBYTE = 1 << 20
piece = os.urandom(MEBIBYTE)
def fill(descriptor, size):
    while size > 0: size -= os.write(descriptor, piece[:size])
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype, FAILED = ctypes.c_void_p, ctypes.c_void_p(-1).value
def map_read_only(descriptor):
    place = libc.mmap(None, ctypes.c_size_t(4096), mmap.PROT_READ, mmap.MAP_PRIVATE, descriptor, ctypes.c_long(0))
    if place == FAILED: raise OSError(ctypes.get_errno(), "mmap")
def make_read_only(place, size):
    if libc.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(size), mmap.PROT_READ): raise OSError(ctypes.get_errno(), "mprotect")
def hold():
    time.sleep(0.5)
`;

const between = (body: string): string => `
def walk(limit):
    def work():
        time.sleep(0.5)
${body
  .split('\n')
  .map((line) => `        ${line}`)
  .join('\n')}
    threading.Thread(target=work, daemon=True).start()`;

/** The walks. Those of space write to the working folder. */
export const limitWalks: readonly LimitWalk[] = [
  {
    of: 'space',
    name: 'a thread that writes between cells',
    between: true,
    code: between(
      'for n in range(2 * limit // (8 * MEBIBYTE)): fill(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY), 8 * MEBIBYTE)',
    ),
  },
  {
    of: 'space',
    name: 'files unlinked while they are open',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)):
        f = os.open("f", os.O_CREAT | os.O_WRONLY); os.unlink("f"); fill(f, 16 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'space',
    name: 'files unlinked while they are open, between cells',
    between: true,
    code: between(`for n in range(2 * limit // (16 * MEBIBYTE)):
    f = os.open("f", os.O_CREAT | os.O_WRONLY); os.unlink("f"); fill(f, 16 * MEBIBYTE)`),
  },
  {
    of: 'space',
    name: 'files that are mapped, closed and unlinked',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)):
        f = os.open("f", os.O_CREAT | os.O_RDWR); fill(f, 16 * MEBIBYTE); map_read_only(f); os.unlink("f"); os.close(f)
    hold()`,
  },
  {
    of: 'space',
    name: 'files that never had a name',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.open(".", os.O_TMPFILE | os.O_WRONLY), 16 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'space',
    name: 'a folder that nobody may read',
    code: `
def walk(limit):
    os.mkdir("d"); files = [os.open(f"d/{n}", os.O_CREAT | os.O_WRONLY) for n in range(2 * limit // (16 * MEBIBYTE))]
    os.chmod("d", 0)
    for f in files: fill(f, 16 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'space',
    name: 'a sparse file whose holes are filled through a mapping',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)):
        with open(f"f{n}", "wb+") as f:
            f.truncate(16 * MEBIBYTE)
            with mmap.mmap(f.fileno(), 16 * MEBIBYTE) as m:
                for at in range(0, 16 * MEBIBYTE, 4096): m[at] = 1
    hold()`,
  },
  {
    of: 'space',
    name: 'space that is set aside in one call',
    code: `
def walk(limit):
    for n in range(2 * limit // (32 * MEBIBYTE)): os.posix_fallocate(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY), 0, 32 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'space',
    name: 'many threads that each write one large piece',
    code: `
def walk(limit):
    large = bytes(limit // 4)
    with ThreadPoolExecutor(8) as pool:
        wrote = pool.map(lambda n: os.write(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY), large), range(8))
        if sum(wrote) < 2 * limit: raise OSError("short")
    hold()`,
  },
  {
    of: 'space',
    name: 'files that are renamed while they are looked for',
    code: `
def walk(limit):
    os.mkdir("a"); os.mkdir("b")
    def rename():
        while True:
            for there, here in (("a", "b"), ("b", "a")):
                for name in os.listdir(there): os.rename(f"{there}/{name}", f"{here}/{name}")
    threading.Thread(target=rename, daemon=True).start()
    for n in range(2 * limit // (4 * MEBIBYTE)):
        with open(f"a/{n}", "wb") as f: fill(f.fileno(), 4 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'space',
    name: 'one byte in each block',
    code: `
def walk(limit):
    for n in range(2 * limit // (64 * MEBIBYTE)):
        f = os.open(f"f{n}", os.O_CREAT | os.O_WRONLY)
        for at in range(0, 64 * MEBIBYTE, 4096): os.pwrite(f, b"x", at)
    hold()`,
  },
  {
    of: 'space',
    name: 'writes whose length stands in memory, and copies from file to file',
    code: `
def walk(limit):
    first = os.open("first", os.O_CREAT | os.O_RDWR)
    if os.writev(first, [piece] * 16) < 16 * MEBIBYTE: raise OSError("short")
    for n in range(limit // (16 * MEBIBYTE)):
        os.writev(os.open(f"v{n}", os.O_CREAT | os.O_WRONLY), [piece] * 16)
        s = os.open(f"s{n}", os.O_CREAT | os.O_WRONLY); os.sendfile(s, first, 0, 16 * MEBIBYTE)
        c = os.open(f"c{n}", os.O_CREAT | os.O_WRONLY); os.copy_file_range(first, c, 16 * MEBIBYTE, 0, 0)
    hold()`,
  },
  {
    of: 'space',
    name: 'small mappings of sparse files that are enlarged and filled',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)):
        with open(f"f{n}", "wb+") as f:
            f.truncate(4096)
            with mmap.mmap(f.fileno(), 4096) as m:
                m.resize(16 * MEBIBYTE)
                for at in range(0, 16 * MEBIBYTE, 4096): m[at] = 1
    hold()`,
  },
  {
    of: 'space',
    name: 'mappings that are there before their files have a size',
    code: `
def walk(limit):
    kept, refused = [], None
    try:
        for n in range(2 * limit // (32 * MEBIBYTE)):
            f = os.open(f"f{n}", os.O_CREAT | os.O_RDWR); os.truncate(f, 32 * MEBIBYTE)
            kept.append((f, mmap.mmap(f, 32 * MEBIBYTE))); os.truncate(f, 0)
    except OSError as error: refused = error
    for f, m in kept:
        os.pwrite(f, b"x", 32 * MEBIBYTE - 1)
        for at in range(0, 32 * MEBIBYTE, 4096): m[at] = 1
    if refused: raise refused
    hold()`,
  },
  {
    of: 'space',
    name: 'a descriptor that is a pipe when it is asked about, and then a file',
    code: `
def walk(limit):
    for n in range(limit // (16 * MEBIBYTE)):
        f = os.open(f"f{n}", os.O_CREAT | os.O_WRONLY)
        try: fill(f, 16 * MEBIBYTE)
        except OSError: break
    reading, writing = os.pipe(); os.set_blocking(writing, False)
    names = [f"g{n}" for n in range(8)]
    files, place = [os.open(name, os.O_CREAT | os.O_WRONLY) for name in names], os.dup(writing)
    def swap():
        while True:
            for file in files: os.dup2(file, place); os.dup2(writing, place)
    threading.Thread(target=swap, daemon=True).start()
    until = time.monotonic() + 8
    while sum(os.stat(name).st_size for name in names) < limit:
        try: os.write(place, piece[:65536])
        except BlockingIOError: os.read(reading, 65536)
        except OSError: pass
        if time.monotonic() > until: raise OSError("refused")
    hold()`,
  },
  {
    of: 'entries',
    name: 'folders',
    code: `
def walk(limit):
    for n in range(20_000): os.mkdir(f"d{n}")
    hold()`,
  },
  {
    of: 'entries',
    name: 'files without a name that mappings keep',
    code: `
def walk(limit):
    for n in range(20_000):
        f = os.open("f", os.O_CREAT | os.O_RDWR); os.write(f, b"x"); map_read_only(f); os.unlink("f"); os.close(f)
    hold()`,
  },
  {
    of: 'entries',
    name: 'empty files, between cells',
    between: true,
    code: between('for n in range(30_000): os.close(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY))'),
  },
  {
    of: 'memory',
    name: 'a thread that allocates between cells',
    between: true,
    code: between('kept = [b"x" * (4 * MEBIBYTE) for n in range(2 * limit // (4 * MEBIBYTE))]; time.sleep(1)'),
  },
  {
    of: 'memory',
    name: 'one large allocation',
    code: `
def walk(limit):
    kept = b"x" * (2 * limit)
    hold()`,
  },
  {
    of: 'memory',
    name: 'pages that are filled in one call',
    code: `
def walk(limit):
    kept = [mmap.mmap(-1, limit // 4, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE) for n in range(8)]
    hold()`,
  },
  {
    of: 'memory',
    name: 'pages that are filled and made read-only',
    code: `
def walk(limit):
    kept = []
    for n in range(2 * limit // (32 * MEBIBYTE)):
        m = mmap.mmap(-1, 32 * MEBIBYTE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
        kept.append(m); make_read_only(ctypes.addressof((ctypes.c_char * 1).from_buffer(m)), 32 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'memory',
    name: 'a mapping that grows like a stack',
    code: `
def walk(limit):
    kept = [mmap.mmap(-1, limit // 4, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100 | mmap.MAP_POPULATE) for n in range(8)]
    hold()`,
  },
  {
    of: 'memory',
    name: 'shared memory whose pages are taken out of the tables',
    code: `
def walk(limit):
    kept = []
    for n in range(2 * limit // (16 * MEBIBYTE)):
        m = mmap.mmap(-1, 16 * MEBIBYTE); kept.append(m)
        for at in range(0, 16 * MEBIBYTE, 4096): m[at] = 1
        m.madvise(mmap.MADV_DONTNEED)
    hold()`,
  },
  {
    of: 'memory',
    name: 'shared memory of a device whose pages are taken out of the tables',
    code: `
def walk(limit):
    kept, zero = [], os.open("/dev/zero", os.O_RDWR)
    for n in range(2 * limit // (16 * MEBIBYTE)):
        m = mmap.mmap(zero, 16 * MEBIBYTE); kept.append(m)
        for at in range(0, 16 * MEBIBYTE, 4096): m[at] = 1
        m.madvise(mmap.MADV_DONTNEED)
    hold()`,
  },
  {
    of: 'memory',
    name: 'files in memory',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.memfd_create("f"), 16 * MEBIBYTE)
    hold()`,
  },
  {
    of: 'memory',
    name: 'files in shared memory',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.open(f"/dev/shm/surveyor-walk-{n}", os.O_CREAT | os.O_WRONLY), 16 * MEBIBYTE)
    hold()`,
  },
];
