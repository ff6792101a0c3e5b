/** A way around a limit: Python that takes twice what it may. */
export type LimitWalk = {
  readonly of: 'space' | 'entries' | 'memory';
  readonly name: string;
  /** Defines `walk(limit)`, which raises where it is held. */
  readonly code: string;
  /** It goes on when its cell has ended. */
  readonly between?: true;
  /** It gets through at the level "process", of which nothing of the kind is promised. */
  readonly needsFilter?: true;
};

/** What every walk finds defined. */
export const walkPrelude = `
import mmap, os, threading, time
from concurrent.futures import ThreadPoolExecutor
MEBIBYTE = 1 << 20
piece = os.urandom(MEBIBYTE)
def fill(descriptor, size):
    while size > 0: size -= os.write(descriptor, piece[:size])
def rest():
    time.sleep(1.5)
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
    rest()`,
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
kept = []
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)):
        f = os.open("f", os.O_CREAT | os.O_RDWR); fill(f, 16 * MEBIBYTE)
        kept.append(mmap.mmap(f, 4096, prot=mmap.PROT_READ)); os.unlink("f"); os.close(f)
    rest()`,
  },
  {
    of: 'space',
    name: 'files that never had a name',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.open(".", os.O_TMPFILE | os.O_WRONLY), 16 * MEBIBYTE)
    rest()`,
  },
  {
    of: 'space',
    name: 'a folder that nobody may read',
    code: `
def walk(limit):
    os.mkdir("d"); files = [os.open(f"d/{n}", os.O_CREAT | os.O_WRONLY) for n in range(2 * limit // (16 * MEBIBYTE))]
    os.chmod("d", 0)
    for f in files: fill(f, 16 * MEBIBYTE)
    rest()`,
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
    rest()`,
  },
  {
    of: 'space',
    name: 'space that is set aside in one call',
    code: `
def walk(limit):
    for n in range(2 * limit // (32 * MEBIBYTE)): os.posix_fallocate(os.open(f"f{n}", os.O_CREAT | os.O_WRONLY), 0, 32 * MEBIBYTE)
    rest()`,
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
    rest()`,
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
    rest()`,
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
    code: between('kept = [b"x" * (4 * MEBIBYTE) for n in range(2 * limit // (4 * MEBIBYTE))]; time.sleep(2)'),
  },
  {
    of: 'memory',
    name: 'one large allocation',
    code: `
def walk(limit):
    kept = b"x" * (2 * limit); rest()`,
  },
  {
    of: 'memory',
    name: 'pages that are filled in one call',
    code: `
def walk(limit):
    kept = [mmap.mmap(-1, limit // 4, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE) for n in range(8)]
    rest()`,
  },
  {
    of: 'memory',
    name: 'a mapping that grows like a stack',
    needsFilter: true,
    code: `
def walk(limit):
    kept = [mmap.mmap(-1, limit // 4, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x100 | mmap.MAP_POPULATE) for n in range(8)]
    rest()`,
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
    rest()`,
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
    rest()`,
  },
  {
    of: 'memory',
    name: 'files in memory',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.memfd_create("f"), 16 * MEBIBYTE)
    rest()`,
  },
  {
    of: 'memory',
    name: 'files in shared memory',
    code: `
def walk(limit):
    for n in range(2 * limit // (16 * MEBIBYTE)): fill(os.open(f"/dev/shm/surveyor-walk-{n}", os.O_CREAT | os.O_WRONLY), 16 * MEBIBYTE)
    rest()`,
  },
];
