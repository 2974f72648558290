#!/usr/bin/env python3
"""Hostile programs against `stemma sandbox`, each with an honest control in the same configuration.

usage: battery.py STEMMA [--user UID] [--only WORD] [--list]

A case is contained where its attack did not get what it wanted *and* its control, the honest neighbour under the same
options, did: a sandbox that does not start contains nothing. As an ordinary user (--user) a case that the probe calls
not exact may be exceeded; that is printed as `inexact` and counts as contained only where `stemma sandbox probe` says
so of its budget. Exits with 1 where anything escaped or a control failed.
"""
import argparse, json, os, shutil, signal, socket, subprocess, sys, tempfile, threading, time

LIMITS = {"memory": "256MiB", "processes": "64", "disk": "64MiB", "inodes": "5000", "wall": "8s", "cpus": "1",
          "cpu-time": "6s", "open-files": "1024", "log": "8MiB"}
MIB = 1 << 20
CASES = []


class Result:
    def __init__(self, done, status, work, taken):
        self.code, self.out, self.errors = done.returncode, done.stdout.decode(errors="replace"), done.stderr
        self.status, self.work, self.taken = status, work, taken
        self.reason = status.get("reason")

    def escaped(self):
        return "ESCAPED" in self.out


class Bench:
    """What surrounds the sandboxes: secrets, listeners and victims that nobody inside may reach."""

    def __init__(self, stemma, user):
        self.stemma, self.user = stemma, user
        self.home = tempfile.mkdtemp(prefix="stemma-battery-")
        os.chmod(self.home, 0o755)
        if user:
            os.chown(self.home, user, user)
        self.count = 0
        self.secret = self.file("secret", "the answer is 42", 0o600)
        self.shared = self.folder("shared")
        self.file("shared/data", "granted", 0o644)
        self.port, self.name = self.listen()
        self.victim = subprocess.Popen(["sleep", "100000"], **self.identity())
        self.weak = set()

    def identity(self):
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def file(self, name, text, mode=0o644):
        path = os.path.join(self.home, name)
        with open(path, "w") as out:
            out.write(text)
        os.chmod(path, mode)
        if self.user:
            os.chown(path, self.user, self.user)
        return path

    def folder(self, name):
        path = os.path.join(self.home, name)
        os.mkdir(path)
        if self.user:
            os.chown(path, self.user, self.user)
        return path

    def listen(self):
        tcp = socket.socket()
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        name = f"stemma-battery-{os.getpid()}"
        unix = socket.socket(socket.AF_UNIX)
        unix.bind("\0" + name)
        unix.listen()
        self.sockets = [tcp, unix]
        return tcp.getsockname()[1], name

    def place(self, program):
        self.count += 1
        work = self.folder(f"work{self.count}")
        path = os.path.join(work, "program.py")
        with open(path, "w") as out:
            out.write(program)
        if self.user:
            os.chown(path, self.user, self.user)
        return work

    def run(self, program, collect=False, extra=(), **limits):
        work = self.place(program)
        status = os.path.join(self.home, f"status{self.count}.json")
        taken = os.path.join(self.home, f"taken{self.count}")
        words = [self.stemma, "sandbox", "run", "--work", work, "--status", status, "--read-only", self.shared,
                 "--env", f"SECRET_PATH={self.secret}", "--env", f"PORT={self.port}", "--env", f"NAME={self.name}",
                 "--env", f"VICTIM={self.victim.pid}", "--env", f"SHARED={self.shared}"]
        for name, value in (LIMITS | {k.replace("_", "-"): v for k, v in limits.items()}).items():
            words += ["--" + name, value]
        if collect:
            words += ["--collect", taken]
        leak = os.open(self.secret, os.O_RDONLY)
        os.set_inheritable(leak, True)
        try:
            done = subprocess.run(words + list(extra) + ["--", "python3", "program.py"], capture_output=True,
                                  stdin=subprocess.DEVNULL, pass_fds=[leak], timeout=60,
                                  env={"PATH": os.environ["PATH"], "TOKEN": "the answer is 42", "HOME": self.home},
                                  **self.identity())
        finally:
            os.close(leak)
        try:
            facts = json.load(open(status))
        except (OSError, ValueError):
            facts = {}
        return Result(done, facts, work, taken)

    def evaluate(self, run, evaluator, **limits):
        """Runs a hostile program, then the evaluator on what it left."""
        result = self.run(run)
        key = self.folder(f"key{self.count}")
        for name, text in (("answers", "the answer is 42"), ("score.py", evaluator)):
            self.file(f"key{self.count}/{name}", text)
        words = [self.stemma, "sandbox", "evaluate", "--work", result.work, "--eval", key]
        for name, value in (LIMITS | limits).items():
            words += ["--" + name, value]
        done = subprocess.run(words + ["--", "python3", "-I", key + "/score.py", result.work, key],
                              capture_output=True, timeout=60, stdin=subprocess.DEVNULL,
                              env={"PATH": os.environ["PATH"]}, **self.identity())
        return Result(done, {}, result.work, "")

    def close(self):
        self.victim.kill()
        self.victim.wait()
        for listener in self.sockets:
            listener.close()
        shutil.rmtree(self.home, ignore_errors=True)


def case(name, budget=None):
    """Registers a case: it returns (contained, control passed, evidence). `budget` may be inexact by the probe."""
    def add(body):
        assert name.split()[0] not in [known.split()[0] for known, _, _ in CASES], f"{name} is there already"
        CASES.append((name, budget, body))
        return body
    return add


def simple(name, attack, control="print('fine')", budget=None, **limits):
    """A case whose attack says ESCAPED where it gets through, and whose control says fine."""
    @case(name, budget)
    def body(bench):
        hostile, honest = bench.run(attack, **limits), bench.run(control, **limits)
        return not hostile.escaped(), "fine" in honest.out, (hostile.out.strip() or str(hostile.errors))[-90:]


def tries(*attacks, setup=""):
    """A program that tries each expression or statement and says ESCAPED where one raises nothing."""
    text = "import os, sys, socket, ctypes, time, fcntl, signal\nlibc = ctypes.CDLL(None, use_errno=True)\n"
    text += "def call(*a):\n    r = libc.syscall(*a)\n    if r < 0: raise OSError(ctypes.get_errno(), 'refused')\n"
    text += "    return r\n" + setup + "\n"
    for attack in attacks:
        body = "\n".join("    " + line for line in attack.split("\n"))
        text += f"try:\n{body}\n    print('ESCAPED', {attack[:60]!r})\nexcept Exception as error: print(type(error).__name__)\n"
    return text


def killed(name, attack, reason, control, budget, within=None, **limits):
    """A case that a budget has to end."""
    @case(name, budget)
    def body(bench):
        start = time.time()
        hostile = bench.run(attack, **limits)
        seconds = time.time() - start
        honest = bench.run(control, **limits)
        peak = hostile.status.get("memory_peak") or 0
        reasons = [reason] if isinstance(reason, str) else reason
        # Where the kernel refuses what was asked for, the program's own failure is all there is to see.
        refused = hostile.code == 1 and reasons[0] in ("processes", "memory")
        good = (hostile.reason in reasons or refused) and not hostile.escaped() and seconds < (within or 12)
        if "memory" in reasons:
            good = good and peak <= 260 * MIB
        return good, "fine" in honest.out and honest.code == 0, (
            f"{hostile.reason} code {hostile.code} {seconds:.1f} s, {peak >> 20} MiB, cpu {hostile.status.get('cpu')} "
            + hostile.out[-60:])


# ---- resources

HONEST_MEMORY = "x = bytearray(100 << 20); print('fine')"
killed("r01 memory of one process", "x = bytearray(600 << 20); print('ESCAPED')", "memory", HONEST_MEMORY, "memory")
killed("r02 memory split over twelve processes", """
import os, time
for i in range(12):
    if os.fork() == 0:
        x = bytearray(40 << 20); time.sleep(20); os._exit(0)
time.sleep(3); print('ESCAPED')""", "memory", """
import os
for i in range(8):
    if os.fork() == 0:
        x = bytearray(8 << 20); os._exit(0)
for i in range(8): os.wait()
print('fine')""", "memory")
killed("r03 memory in shared mappings", """
import mmap, os, time
held = []
for i in range(20):
    m = mmap.mmap(-1, 30 << 20)
    for at in range(0, len(m), 4096): m[at] = 1
    held.append(m)
print('ESCAPED')""", "memory", HONEST_MEMORY, "memory")
killed("r04 memory in files of memory", """
import os, time
held = [os.memfd_create(str(i)) for i in range(20)]
for f in held: os.write(f, bytes(30 << 20))
print('ESCAPED')""", "memory", HONEST_MEMORY, "memory")
simple("r05 memory in /dev/shm", """
n = 0
try:
    for i in range(60):
        with open('/dev/shm/%d' % i, 'wb', 0) as f: n += f.write(bytes(10 << 20))
except OSError: pass
if n > 270 << 20: print('ESCAPED')
print(n >> 20, 'MiB')""", "open('/dev/shm/x', 'wb').write(bytes(4 << 20)); print('fine')", "memory")
killed("r06 memory in buffers of sockets", """
import os, socket, time
for child in range(8):
    if os.fork() == 0:
        held = []
        try:
            while True:
                a, b = socket.socketpair(); held += [a, b]
                for s in (a, b):
                    s.setblocking(False)
                    try:
                        while True: s.send(bytes(32768))
                    except BlockingIOError: pass
        except OSError: pass
        time.sleep(20); os._exit(0)
time.sleep(4)
print('ESCAPED')""", ["memory", "processes"], """
import socket
pairs = [socket.socketpair() for i in range(50)]
for a, b in pairs: a.send(b'x' * 1000)
print('fine')""", "memory")
killed("r07 memory in pipes", """
import fcntl, os, time
for child in range(12):
    if os.fork() == 0:
        held = []
        try:
            while True:
                r, w = os.pipe(); held += [r, w]
                os.set_blocking(w, False)
                try: fcntl.fcntl(w, 1031, 1 << 20)
                except OSError: pass
                try:
                    while True: os.write(w, bytes(65536))
                except BlockingIOError: pass
        except OSError: pass
        time.sleep(20); os._exit(0)
time.sleep(5)
have = [l for l in open('/proc/self/status') if l.startswith('Threads')]
print('held on')
time.sleep(20)""", ["memory", "wall"], "import os; r, w = os.pipe(); os.write(w, b'x' * 60000); print('fine')", "memory")
killed("r08 locked memory", """
import ctypes, mmap
libc = ctypes.CDLL(None); libc.mlockall(3)
x = bytearray(400 << 20); print('ESCAPED')""", "memory", HONEST_MEMORY, "memory")


@case("r09 an honest file larger than memory is left is no memory bomb")
def body(bench):
    honest = bench.run("f = open('big', 'wb')\nfor i in range(50): f.write(bytes(1 << 20))\nf.close(); print('fine')",
                       memory="64MiB")
    return True, "fine" in honest.out and honest.code == 0, f"{honest.reason} {honest.code}"


killed("r10 fork bomb", """
import os, time
made = 0
while True:
    try:
        if os.fork() == 0: time.sleep(30); os._exit(0)
        made += 1
    except OSError: break
    if made > 90: print('ESCAPED', made); break
raise SystemExit(1)""", ["processes", "memory"], """
import os
for i in range(30):
    if os.fork() == 0: os._exit(0)
    os.wait()
print('fine')""", "processes")
killed("r11 threads", """
import threading, time, sys
threading.stack_size(65536)
made = 0
try:
    while made < 200:
        threading.Thread(target=time.sleep, args=(5,), daemon=True).start(); made += 1
except RuntimeError: pass
if made > 80: print('ESCAPED', made)
sys.stdout.flush()
import os; os._exit(1)""", ["processes"], """
import threading
t = [threading.Thread(target=lambda: None) for i in range(20)]
for x in t: x.start()
for x in t: x.join()
print('fine')""", "processes")
killed("r12 processor time of one process", "while True: pass", ["cpu"], "print('fine')", "cpu", cpu_time="1s")
killed("r13 processor time by a relay of short children", """
import os
while True:
    if os.fork() == 0:
        for i in range(100000): pass
        os._exit(0)
    os.wait()""", ["cpu"], "print('fine')", "cpu", cpu_time="1s")


@case("r14 more processors than granted", "cpus")
def body(bench):
    burn = """
import os, time
try: os.sched_setaffinity(0, range(os.cpu_count()))
except OSError: pass
for i in range(3): os.fork()
end = time.time() + 1.5
while time.time() < end: pass
print('fine')"""
    hostile = bench.run(burn, cpus="0.5")
    used = hostile.status.get("cpu") or 0
    return used <= 1.5 * 0.5 + 0.35, used > 0.1 and "fine" in hostile.out, f"{used} s of processor in 1.5 s at 0.5"


killed("r15 sleeping", "import time; time.sleep(100)", "wall", "import time; time.sleep(0.1); print('fine')", None,
       within=4, wall="1s")
killed("r16 deaf to every signal, stopped, in a session of its own", """
import os, signal, time
for n in range(1, 65):
    try: signal.signal(n, signal.SIG_IGN)
    except (OSError, ValueError): pass
if os.fork() == 0: os.setsid(); os.kill(os.getpid(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGSTOP)
time.sleep(100)""", "wall", "print('fine')", None, within=4, wall="1s")
HONEST_DISK = "f = open('x', 'wb')\nfor i in range(50): f.write(bytes(1 << 20))\nf.close(); print('fine')"
FILL = """
import os, sys, time
n = 0
def put(path, size=1 << 20):
    global n
    f = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644); done = os.write(f, bytes(size)); n += done
    return f if done == size else 1 / 0
"""
DONE = "\nprint(n >> 20, 'MiB'); sys.stdout.flush()\nif n > 70 << 20: print('ESCAPED')\nraise SystemExit(1)"
simple("r17 disk in one file", FILL + """
try:
    f = os.open('big', os.O_WRONLY | os.O_CREAT, 0o644)
    for i in range(300): n += os.write(f, bytes(1 << 20))
except OSError: pass""" + DONE, HONEST_DISK, "disk")
simple("r18 disk in a burst of many files", FILL + """
try:
    for i in range(300): os.close(put('part%d' % i))
except (OSError, ZeroDivisionError): pass""" + DONE, HONEST_DISK, "disk")
simple("r19 disk in files without names, here and in /tmp", FILL + """
held = []
try:
    for i in range(300):
        for place in ('.', '/tmp'):
            f = os.open(place, os.O_TMPFILE | os.O_WRONLY, 0o600); held.append(f); n += os.write(f, bytes(1 << 20))
except OSError: pass""" + DONE, HONEST_DISK, "disk")
simple("r20 disk by allocation without writing", FILL + """
try:
    for i in range(300):
        f = os.open('f%d' % i, os.O_WRONLY | os.O_CREAT, 0o644); os.posix_fallocate(f, 0, 1 << 20); n += 1 << 20
except OSError: pass""" + DONE, HONEST_DISK, "disk")
simple("r21 files without content", """
made = 0
try:
    for i in range(20000): open('f%d' % i, 'w').close(); made += 1
except OSError: pass
if made > 5000: print('ESCAPED')
print(made); raise SystemExit(1)""", "[open('f%d' % i, 'w').close() for i in range(1000)]; print('fine')", "disk")
simple("r22 disk in extended attributes", """
import os
n = 0
try:
    for i in range(4000):
        open('a%d' % i, 'w').close()
        for k in range(40): os.setxattr('a%d' % i, 'user.k%d' % k, bytes(3000)); n += 3000
except OSError: pass
if n > 70 << 20: print('ESCAPED')
print(n >> 20, 'MiB')""", HONEST_DISK, "disk")


@case("r23 flood of the log")
def body(bench):
    hostile = bench.run("import os, sys\nb = b'x' * (1 << 20)\nfor i in range(40):\n  for f in (1, 2): os.write(f, b)\n")
    kept = len(hostile.out) + len(hostile.errors)
    honest = bench.run("print('x' * 100000); print('fine')")
    dropped = hostile.status.get("log_dropped") or 0
    return kept <= 8 * MIB + 4096 and dropped > 60 * MIB, "fine" in honest.out, f"{kept >> 20} MiB kept, {dropped >> 20} dropped"


killed("r25 memory in page tables", """
import mmap, time
held = []
for i in range(64):
    m = mmap.mmap(-1, 16 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
    m.madvise(15)
    held.append(m)
    for at in range(0, len(m), 1 << 21): m[at]
time.sleep(20)""", ["memory", "wall", "cpu"], HONEST_MEMORY, "memory")
simple("r26 flushing the disks of the machine", tries("call(162)\nimport errno", "call(306, os.open('/usr', os.O_RDONLY))"),
       "import os; os.fsync(os.open('program.py', os.O_RDONLY)); print('fine')")
simple("r24 raising its own limits", tries(
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20))",
    "import resource; resource.setrlimit(resource.RLIMIT_CORE, (1 << 30,) * 2); assert resource.getrlimit(resource.RLIMIT_CORE)[1] > 1",
    "os.setpriority(os.PRIO_PROCESS, 0, -5)",
    "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))"), "import os; os.nice(1); print('fine')")

# What the machine has so many of for all its programs together is in nobody's budget.
simple("r27 huge pages of the machine's pool", tries(
    "os.memfd_create('huge', 4)", "import mmap; mmap.mmap(-1, 2 << 20, flags=0x40022)[0] = 1"),
    "import mmap; mmap.mmap(-1, 2 << 20)[0] = 1; print('fine')")
simple("r28 asynchronous events of the machine", tries(
    "context = ctypes.c_ulong(); call(206, 60000, ctypes.byref(context))", "context = ctypes.c_ulong(); call(206, 1, ctypes.byref(context))"),
    "import os; os.write(os.open('x', os.O_WRONLY | os.O_CREAT | os.O_DSYNC), b'x'); print('fine')")
simple("r29 a core dump that a program of the machine would take", """
import ctypes, resource
libc = ctypes.CDLL(None, use_errno=True)
# A limit of zero still feeds a dump to a pipe of core_pattern, one byte does not; so it must not become zero again.
pair = (ctypes.c_ulong * 2)(0, 0)
high = ctypes.CDLL(None).mmap
high.restype, high.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
place = high(1 << 32, 4096, 3, 0x100022, -1, 0)
for attempt in (lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)), lambda: libc.syscall(160, 4, pair), lambda: libc.syscall(302, 0, 4, pair, None),
                lambda: libc.syscall(302, 0, 4, ctypes.c_void_p(place), None)):
    try: attempt()
    except (OSError, ValueError): pass
print(resource.getrlimit(resource.RLIMIT_CORE))
if resource.getrlimit(resource.RLIMIT_CORE) != (1, 1): print('ESCAPED')""",
       "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)); resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); print('fine')")
simple("r30 going before the machine's own work", tries(
    "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))", "os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(99))", "os.nice(-1)",
    "call(251, 1, 0, 1 << 13)", "f = open('/proc/self/oom_score_adj', 'w', 1); f.write('-1000\\n'); f.flush()",
    "call(314, 0, (ctypes.c_uint64 * 6)(48 | 6 << 32, 0, 0, 1000000, 10000000, 10000000), 0)"),
    "import os; os.nice(5); os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)); print('fine')")
# Where looking at a folder holds the disk budget, what cannot be looked at must not be free: slow enough to be no burst.
SLOWLY = """
try:
    for i in range(200):
        f = os.open('f%d' % i, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=here); n += os.write(f, bytes(1 << 20)); os.close(f)
        time.sleep(0.01)
except OSError: pass""" + DONE
simple("r31 disk below seventy folders", FILL + """
here = os.open('.', os.O_RDONLY)
for depth in range(70):
    os.mkdir('d', dir_fd=here); here = os.open('d', os.O_RDONLY, dir_fd=here)""" + SLOWLY, HONEST_DISK)
simple("r32 disk in a folder that nobody may list", FILL + """
os.mkdir('closed'); here = os.open('closed', os.O_RDONLY); os.chmod('closed', 0o300)""" + SLOWLY, HONEST_DISK)
simple("r33 disk in folders that nobody may enter", FILL + """
try:
    for i in range(50):
        os.mkdir('part%d' % i)
        for k in range(4): os.close(put('part%d/%d' % (i, k)))
        os.chmod('part%d' % i, 0o600); time.sleep(0.04)
except (OSError, ZeroDivisionError): pass""" + DONE, HONEST_DISK, "disk")

# ---- files

simple("f01 the machine's and the owner's files", tries(
    "open('/etc/shadow').read()", "open(os.environ['SECRET_PATH']).read()", "os.listdir('/root')", "os.listdir('/home')",
    "open('/proc/1/root' + os.environ['SECRET_PATH']).read()", "open('/proc/self/cwd/../secret').read()",
    "open('/etc/machine-id').read()", "os.listdir('/var')", "os.listdir('/sys')"),
    "import os; open(os.environ['SHARED'] + '/data').read(); print('fine')")
simple("f02 links out of the working folder", tries(
    "os.symlink(os.environ['SECRET_PATH'], 'a'); open('a').read()",
    "os.symlink('/', 'b'); open('b' + os.environ['SECRET_PATH']).read()",
    "os.link(os.environ['SHARED'] + '/data', 'c')",
    "os.symlink('../' * 20 + os.environ['SECRET_PATH'], 'd'); open('d').read()"), "import os; os.symlink('x', 'y'); print('fine')")
simple("f03 writing where it may only read", tries(
    "open(os.environ['SHARED'] + '/data', 'w')", "open(os.environ['SHARED'] + '/new', 'w')",
    "os.chmod(os.environ['SHARED'] + '/data', 0o777)", "os.utime(os.environ['SHARED'] + '/data')",
    "os.setxattr(os.environ['SHARED'] + '/data', 'user.x', b'x')", "os.unlink(os.environ['SHARED'] + '/data')",
    "os.rename(os.environ['SHARED'], os.environ['SHARED'] + '2')", "open('/usr/x', 'w')", "open('/etc/passwd', 'w')",
    "open('/dev/x', 'w')", "os.mkdir('/x')", "open('/proc/sys/kernel/core_pattern', 'w').write('x')",
    "open('/proc/sysrq-trigger', 'w').write('b')"),
    "open('x', 'w').write('y'); open('/tmp/x', 'w'); print('fine')")
simple("f04 secrets in environments and command lines", tries(
    "assert any(b'answer is 42' in open('/proc/%s/%s' % (p, f), 'rb').read() for p in os.listdir('/proc') if p.isdigit() "
    "for f in ('environ', 'cmdline'))", "assert 'TOKEN' in os.environ"), "import os; os.environ['PORT']; print('fine')")
simple("f05 descriptors that were left open", tries(
    "assert [n for n in range(3, 1024) if os.path.exists('/proc/self/fd/%d' % n) and 'secret' in os.readlink('/proc/self/fd/%d' % n)]",
    "assert [n for n in os.listdir('/proc/1/fd') if 'secret' in os.readlink('/proc/1/fd/' + n)]",
    "import errno\nfor n in range(4, 64):\n    try: os.fstat(n)\n    except OSError: continue\n    break\nelse: raise OSError"),
    "import os; os.fstat(2); print('fine')")
simple("f06 raw devices", tries(
    "open('/dev/mem', 'rb')", "open('/dev/kmsg', 'rb')", "open('/dev/vda', 'rb')", "open('/dev/sda', 'rb')",
    "open('/dev/loop0', 'rb')", "open('/dev/fuse', 'rb')", "open('/dev/kvm', 'rb')",
    "os.mknod('disk', 0o60666, os.makedev(254, 0)); open('disk', 'rb').read(1)",
    "os.mknod('/tmp/m', 0o20666, os.makedev(1, 1)); open('/tmp/m', 'rb').read(1)"), "open('/dev/urandom', 'rb').read(4); print('fine')")
simple("f07 files by handle and by open descriptor of another process", tries(
    "libc.name_to_handle_at.restype = ctypes.c_int\nb = (ctypes.c_char * 200)(); ctypes.cast(b, ctypes.POINTER(ctypes.c_uint))[0] = 128\n"
    "m = ctypes.c_int()\nif libc.name_to_handle_at(-100, b'/usr', b, ctypes.byref(m), 0) != 0: raise OSError",
    "call(438, call(434, 1, 0), 0, 0)"), "print('fine')")




@case("f09 a lease on a granted file makes nobody wait")
def body(bench):
    work = """
import fcntl, os, signal, time
signal.signal(signal.SIGIO, signal.SIG_IGN)
f = os.open(os.environ['SHARED'] + '/data', os.O_RDONLY)
try: fcntl.fcntl(f, 1024, 0); print('ESCAPED', flush=True)
except OSError as error: print(error, flush=True)
fcntl.fcntl(f, fcntl.F_GETFL); time.sleep(1); print('fine')"""
    waited = []

    def edit():
        time.sleep(0.6)
        start = time.time()
        open(bench.shared + "/data", "a").close()
        waited.append(time.time() - start)
    owner = threading.Thread(target=edit)
    owner.start()
    hostile = bench.run(work)
    owner.join()
    return not hostile.escaped() and waited[0] < 0.5, "fine" in hostile.out, f"the owner waited {waited[0]:.2f} s"


# Freeze, thaw, trim, shut down, boot inode, encryption policy, verity, immutable.
simple("f10 what file systems do for their owners", tries(
    *[f"fcntl.ioctl(os.open('program.py', os.O_RDONLY), {number}, {argument})" for number, argument in (
        ("0xC0045877", "bytes(8)"), ("0xC0045878", "bytes(8)"), ("0xC0185879", "bytes(24)"), ("0x8004587D", "bytes(8)"),
        ("0x6611", "0"), ("0x800C6613", "bytes(12)"), ("0x40806685", "bytes(128)"), ("0x40086602", "b'\\x10' + bytes(7)"))],
    "os.setxattr('program.py', 'trusted.x', b'1')", "os.setxattr('program.py', 'security.capability', bytes(20))"),
    "import os; os.chmod('program.py', 0o640); os.utime('program.py'); print('fine')")


@case("f08 set-uid files do not come back with their powers")
def body(bench):
    hostile = bench.run("import os, shutil\nshutil.copy('/bin/true', 'tool'); os.chmod('tool', 0o6777); os.mkdir('out')\n"
                        "shutil.copy('/bin/true', 'out/tool'); os.chmod('out/tool', 0o6777); print('fine')", collect=True)
    modes = [os.stat(p).st_mode & 0o7000 for p in (hostile.work + "/tool", hostile.taken + "/tool") if os.path.exists(p)]
    owners = [os.stat(p).st_uid for p in (hostile.taken + "/tool",) if os.path.exists(p)]
    back = modes[-1:] if bench.user else modes  # An ordinary user's own folder is the program's own, as the model says.
    return not any(back) and owners == [bench.user or 0], "fine" in hostile.out, f"modes {modes} owners {owners}"


# ---- evaluation integrity

SCORE = "import json, os, sys\nrun, key = sys.argv[1:]\n"
TELL = "\nos.write(3, json.dumps({'metrics': {'score': score}}).encode())\n"


def integrity(name, run, evaluator, expected, control_run="open('prediction', 'w').write('1')"):
    @case(name)
    def body(bench):
        hostile, honest = bench.evaluate(run, SCORE + evaluator), bench.evaluate(control_run, SCORE + evaluator)
        said = hostile.out.strip()
        return expected(said), '"score"' in honest.out, said[:90] or str(hostile.errors)[-90:]


PREDICTION = "score = float(open(run + '/prediction').read())" + TELL
integrity("e01 planted modules", """
for n in ('json', 'os', 'random', 'sitecustomize', 'usercustomize', 'encodings'):
    open(n + '.py', 'w').write("import os\\nos.write(3, b'{\\"metrics\\": {\\"score\\": 1e9}}')\\n")
open('prediction', 'w').write('1')""", PREDICTION, lambda said: "1e" not in said.lower() and "1000000000" not in said)
integrity("e02 a prediction that is a link to the answers", """
import os, glob
os.symlink(os.path.dirname(os.getcwd()) + '/key' + '1', 'prediction')
for n in range(1, 200): os.symlink(os.path.dirname(os.getcwd()) + '/key%d/answers' % n, 'p%d' % n)""", """
score = sum(os.path.exists(run + '/p%d' % n) for n in range(1, 200))""" + TELL, lambda said: '"score":0' in said.replace(" ", "").replace(".0", ""))
integrity("e03 the answers are not there during the run", """
import os
found = 0
open('prediction', 'w').write('0')  # On a busy machine the search may be ended before it is through.
for base, folders, files in os.walk('/'):
    if base.startswith(('/proc', '/sys')): folders[:] = []; continue
    found += 'answers' in files
open('prediction', 'w').write(str(found))""", PREDICTION, lambda said: '"score":0' in said.replace(" ", ""))
integrity("e04 a score of its own on standard output and in files", """
print('{"metrics": {"score": 1e9}}')
for n in ('score.json', 'scores.json', 'result.json', 'status.json', 'metrics.json'):
    open(n, 'w').write('{"metrics": {"score": 1e9}, "status": "exited"}')
open('prediction', 'w').write('1')""", "print('{\"metrics\": {\"score\": 5}}')\n" + PREDICTION,
          lambda said: '"score":1' in said.replace(" ", "").replace("1.0", "1") and "1000000000" not in said and "e+" not in said)


integrity("e09 holes that would fill the owner's disk when they are copied for the evaluator",
          "for i in range(40): open('hole%d' % i, 'w').truncate(1 << 20)\nopen('prediction', 'w').write('1')", """
names = [n for n in os.listdir(run) if n.startswith('hole')]
score = float(sum(os.lstat(run + '/' + n).st_blocks * 512 for n in names) >> 20)""" + TELL,
          lambda said: json.loads(said)["metrics"]["score"] < 4)
integrity("e05 a fifo in place of the prediction", "import os; os.mkfifo('prediction')", """
score = os.path.exists(run + '/prediction')""" + "\nscore = int(score)" + TELL, lambda said: '"score":0' in said.replace(" ", ""))
for number, (label, text) in enumerate([
        ("NaN", '{"metrics": {"score": NaN}}'), ("infinity", '{"metrics": {"score": 1e999}}'),
        ("a name twice", '{"metrics": {"score": 1, "score": 2}}'), ("depth", '[' * 100000), ("two answers", '{"metrics": {"score": 1}} {"metrics": {"score": 2}}'),
        ("a flood", '{"metrics": {"score": 1}}' + ' ' * (9 << 20))]):
    def odd(text):
        half = len(text) // 2
        return (f"text = open(run + '/prediction').read()\nat = 0\nraw = text.encode()\n"
                "while at < len(raw): at += os.write(3, raw[at:at + 65536])\n")
    # The run chooses what an evaluator that trusts it passes on; the control passes on an honest answer.
    size = f"open('prediction', 'w').write({text[:60]!r} + {text[60:61]!r} * {max(0, len(text) - 60)})" if len(text) > 100 else f"open('prediction', 'w').write({text!r})"
    integrity(f"m{number + 1:02} metrics: {label}", size, odd(text), lambda said: said == "",
              "open('prediction', 'w').write('{\"metrics\": {\"score\": 1}}')")


@case("m07 metrics: an evaluator that fails has said nothing")
def body(bench):
    report = "os.write(3, b'{\"metrics\": {\"score\": 1}}')\n"
    fails, hangs = (bench.evaluate("pass", SCORE + report + end, wall="1s") for end in ("sys.exit(3)", "import time; time.sleep(60)"))
    good = bench.evaluate("pass", SCORE + report)
    return fails.out == "" and hangs.out == "", '"score"' in good.out, f"{fails.code} {hangs.code}"


# ---- processes


@case("p01 daemons die with the run")
def body(bench):
    mark = f"77{os.getpid()}.5"
    hostile = bench.run(f"""
import os, time
for i in range(5):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: os.execv('/bin/sleep', ['sleep', '{mark}'])
        os._exit(0)
time.sleep(0.3); print('fine')""")
    alive = subprocess.run(["pgrep", "-f", f"^sleep {mark}"], capture_output=True).stdout.decode().split()
    return not alive and hostile.status.get("wall", 99) < 5, "fine" in hostile.out, f"alive {alive}"


simple("p02 other processes are neither seen nor signalled", tries(
    "os.kill(int(os.environ['VICTIM']), 9)", "os.kill(int(os.environ['VICTIM']), 0)",
    "assert [p for p in os.listdir('/proc') if p.isdigit() and int(p) not in (1, 2, os.getpid(), os.getppid())]",
    "assert os.getpgid(int(os.environ['VICTIM']))", "call(434, int(os.environ['VICTIM']), 0)"),
    "import os; os.kill(os.getpid(), 0); print('fine')")


@case("p03 killing everybody kills only itself")
def body(bench):
    hostile = bench.run("import os, signal\nprint('tried', flush=True)\nos.kill(-1, signal.SIGKILL)\nos.kill(1, signal.SIGKILL)\nprint('alive')")
    return bench.victim.poll() is None and hostile.status.get("status") is not None, "tried" in hostile.out, str(hostile.status.get("status"))


simple("p04 tracing and reading other memory by system call", tries(
    "call(101, 16, 1, 0, 0)", "call(101, 0x4206, os.getppid(), 0, 0)",
    "call(310, 1, 0, 0, 0, 0, 0)", "call(311, 1, 0, 0, 0, 0, 0)", "call(312, os.getpid(), 1, 0, 0, 0)",
    "call(438, 3, 0, 0)"), "print('fine')")


@case("p05 code written into the sandbox's first process changes nothing outside")
def body(bench):
    # The first process belongs to the same user, so its memory can be written; what counts is what comes of it.
    hostile = bench.run("""
import os
try:
    for line in open('/proc/1/maps'):
        span, mode = line.split()[:2]
        if 'x' not in mode or 'bwrap' not in line: continue
        a, b = (int(x, 16) for x in span.split('-'))
        with open('/proc/1/mem', 'r+b', 0) as f:
            f.seek(a); f.write(b'\\xcc' * min(b - a, 65536))
except OSError as e: print(e)
for n in range(3, 16):
    try: os.write(os.open('/proc/1/fd/%d' % n, os.O_WRONLY), b'{ "exit-code": 0 }')
    except OSError: pass
os.fork()
os._exit(9)""")
    honest = bench.run("print('fine'); raise SystemExit(9)")
    ended = hostile.status.get("status") is not None and hostile.status.get("wall", 99) < 9
    return ended and hostile.code != 0, honest.code == 9, f"code {hostile.code} {hostile.status.get('status')}"


simple("p06 joining namespaces", tries(
    "call(308, os.open('/proc/1/ns/net', os.O_RDONLY), 0)", "call(272, 0x10000000)", "call(272, 0x00020000)",
    "call(56, 0x10000000 | 17, 0, 0, 0, 0)", "call(435, ctypes.create_string_buffer(88), 88)",
    "call(161, b'/tmp')", "call(155, b'/tmp', b'/tmp')"), "import os; os.listdir('/proc/self/ns'); print('fine')")
simple("p07 capabilities and other users", tries(
    "os.setuid(0)", "os.setgid(0)", "os.setgroups([0])", "os.chown('program.py', 0, 0)",
    "assert any(int(l.split()[1], 16) for l in open('/proc/self/status') if l.startswith(('CapEff', 'CapPrm', 'CapBnd', 'CapInh', 'CapAmb')))",
    "assert 'NoNewPrivs:\\t1' not in open('/proc/self/status').read()", "call(157, 38, 0, 0, 0, 0)"),
    "import os; os.getuid(); print('fine')")


@case("p08 an end that was forged is not believed")
def body(bench):
    hostile = bench.run("import os\nfor n in range(3, 40):\n  try: os.write(n, b'{ \"exit-code\": 0 }\\n')\n  except OSError: pass\n"
                        "open('status.json', 'w').write('{\"status\": \"exited\", \"code\": 0}')\nos.kill(os.getpid(), 11)")
    honest = bench.run("print('fine')")
    return hostile.code not in (0, 124) and hostile.status.get("signal") == 11, honest.code == 0, str(hostile.status.get("signal"))


# ---- network

simple("n01 the machine's loopback and the world", tries(
    "socket.create_connection(('127.0.0.1', int(os.environ['PORT'])), 1)", "socket.create_connection(('1.1.1.1', 53), 1)",
    "s = socket.socket(socket.AF_INET6); s.settimeout(1); s.connect(('2606:4700:4700::1111', 53))",
    "s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', ('1.1.1.1', 53))", "socket.gethostbyname('example.com')",
    "s = socket.socket(type=socket.SOCK_DGRAM); s.setsockopt(1, 6, 1); s.sendto(b'x', ('255.255.255.255', 9))"), """
import socket
a = socket.socket(); a.bind(('127.0.0.1', 0)); a.listen(); socket.create_connection(a.getsockname()); print('fine')""")
simple("n02 abstract sockets of the machine", tries(
    "s = socket.socket(socket.AF_UNIX); s.connect('\\0' + os.environ['NAME'])",
    "s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.sendto(b'x', '\\0' + os.environ['NAME'])"),
    "import socket; a, b = socket.socketpair(); a.send(b'x'); print('fine')")
simple("n03 every other family", tries(*[f"socket.socket({family}, {kind})" for family, kind in (
    (40, 1), (40, 2), (17, 3), (38, 5), (15, 3), (31, 3), (29, 3), (44, 3), (8, 2), (30, 5), (5, 2), (9, 5), (43, 1))]
    + ["socket.socket(2, 3, 1)", "socket.socket(2, 3, 255)", "socket.socket(10, 3, 58)", "socket.socket(2, 1, 132)",
       "socket.socket(2, 1, 262)", "socket.socket(16, 3, 2)", "socket.socket(16, 3, 9)", "socket.socket(16, 3, 12)",
       "socket.socket(16, 3, 15)", "socket.socket(16, 3, 16)"]), "import socket; socket.socket(); socket.socket(10); print('fine')")
simple("n05 families by the pair", """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for family in range(2, 46):
    for kind in (1, 2, 3, 5):
        # Anything but a refusal means that the kernel went to make such a socket, and perhaps loaded a module for it.
        if libc.socketpair(family, kind, 0, (ctypes.c_int * 2)()) == 0 or ctypes.get_errno() != 1: print('ESCAPED', family, kind)""",
       "import socket; a, b = socket.socketpair(); a.send(b'x'); b.recv(1); print('fine')")
simple("n04 changing the network", tries(
    "fcntl.ioctl(socket.socket(), 0x8914, b'lo'.ljust(16, b'\\0') + b'\\0' * 24)",
    "s = socket.socket(16, 3, 0); s.bind((0, 0)); s.send(b'\\x20\\0\\0\\0\\x10\\0\\x05\\x06' + bytes(24)); d = s.recv(4096); assert d[16:20] == b'\\0\\0\\0\\0'"),
    "import socket; socket.socket(16, 3, 0); print('fine')")

# ---- kernel surface

simple("k01 mounts of every kind", tries(
    "call(165, b'x', b'/tmp', b'tmpfs', 0, 0)", "call(166, b'/usr', 2)", "call(428, -100, b'/usr', 1)",
    "call(430, b'tmpfs', 0)", "call(432, 0, 0, 0)", "call(442, -100, b'/usr', 0, 0, 0)", "call(433, -100, b'/', 0)"), "print('fine')")
simple("k02 io_uring, bpf, perf, userfaultfd, keys", tries(
    "call(425, 8, ctypes.create_string_buffer(256))", "call(321, 0, ctypes.create_string_buffer(128), 128)",
    "call(298, ctypes.create_string_buffer(128), 0, -1, -1, 0)", "call(323, 0)", "call(248, b'user', b'x', b'y', 1, -3)",
    "call(250, 0, -3, 0)", "call(249, b'user', b'x', 0, -3)"), "print('fine')")
simple("k03 the machine's clock, name, modules, swap and end", tries(
    "call(227, 0, ctypes.create_string_buffer(16))", "call(170, b'x', 1)", "call(175, b'', 0, b'')", "call(313, 0, b'', 0)",
    "call(167, b'/tmp/x', 0)", "call(169, 0xfee1dead, 672274793, 0x1234567, 0)", "call(246, 0, 0, 0, 0)", "call(320, -1, -1, 0, b'', 0)",
    "call(103, 3, ctypes.create_string_buffer(64), 64)", "call(153)", "call(163, 0)", "call(172, 3)"), "import time; time.time(); print('fine')")
simple("k04 System V objects that outlive their makers", tries(
    "call(29, 0, 4096, 0o1600)", "call(64, 0, 1, 0o1600)", "call(68, 0, 0o1600)"), "import mmap; mmap.mmap(-1, 4096); print('fine')")


@case("k05 foreign system calls end the program")
def body(bench):
    hostile = bench.run("import ctypes\nctypes.CDLL(None).syscall(0x40000000 + 39)\nprint('ESCAPED')")
    honest = bench.run("import ctypes\nctypes.CDLL(None).syscall(39)\nprint('fine')")
    return not hostile.escaped() and hostile.code != 0, "fine" in honest.out, f"signal {hostile.status.get('signal')}"


simple("k06 typing into the owner's terminal", tries(
    "fcntl.ioctl(0, 0x5412, b'x')", "fcntl.ioctl(1, 0x5412, b'x')", "fcntl.ioctl(os.open('/dev/tty', os.O_RDWR), 0x5412, b'x')"),
    "print('fine')")
simple("k08 line disciplines of terminals", """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
master, slave = os.openpty()
for number in range(1, 31):
    for end in (master, slave):
        if libc.ioctl(end, 0x5423, ctypes.byref(ctypes.c_int(number))) == 0 or ctypes.get_errno() != 1: print('ESCAPED', number)""",
       "import os, tty; master, slave = os.openpty(); tty.setraw(slave); os.write(master, b'x'); os.read(slave, 1); print('fine')")
simple("k07 what the kernel tells of itself", tries(
    "assert [l for l in open('/proc/kallsyms') if not l.startswith('0000000000000000')]", "open('/proc/kmsg')", "open('/proc/kcore', 'rb').read(1)",
    "assert open('/proc/iomem').read().count('00000000-00000000') < 3", "assert open('/proc/self/pagemap', 'rb').seek(0) == 0 and any(open('/proc/self/pagemap', 'rb').read(64))"),
    "open('/proc/meminfo').read(); open('/proc/cpuinfo').read(); print('fine')")

# ---- collection


def collection(name, attack, judge):
    @case(name)
    def body(bench):
        hostile = bench.run("import os\nos.mkdir('out'); open('out/honest', 'w').write('honest')\n" + attack, collect=True)
        names = sorted(os.path.relpath(os.path.join(base, one), hostile.taken)
                       for base, folders, files in os.walk(hostile.taken) for one in files + folders)
        control = os.path.exists(hostile.taken + "/honest") or "gone" in name or len(names) > 1000
        return judge(names, hostile), control, f"took {names[:6]}"


collection("c01 links, twins, pipes and sockets", """
import socket
os.symlink('/etc/passwd', 'out/link'); os.symlink('/', 'out/root'); os.symlink('..', 'out/up')
open('out/first', 'w').close(); os.link('out/first', 'out/second'); os.mkfifo('out/pipe')
s = socket.socket(socket.AF_UNIX); s.bind('out/socket')""", lambda names, _: names == ["honest"])
collection("c02 odd names", r"""
for n in ('new\nline', '$(reboot)', 'a;b', '-rf', 'tab\there', '`id`', "quo'te", ' ', 'x' * 255, '\x1b[31mred', '..hidden'):
    try: open('out/' + n, 'w').close()
    except OSError: pass
open(b'out/\xff\xfe', 'w').close()""", lambda names, _: "honest" in names and not any(set(n) & set("\n\t;$`'\x1b") or len(n) > 200 for n in names))
collection("c03 a sparse giant", """
with open('out/giant', 'w') as f:
    try: f.truncate(1 << 42)
    except OSError: f.truncate(60 << 20)
print('fine')""", lambda names, r: "giant" not in names or os.path.getsize(r.taken + "/giant") <= 64 * MIB)
collection("c04 three hundred levels", """
here = os.open('out', os.O_RDONLY)
for depth in range(300):
    os.mkdir('d', dir_fd=here); here = os.open('d', os.O_RDONLY, dir_fd=here)
os.close(os.open('deep', os.O_CREAT | os.O_WRONLY, dir_fd=here))""", lambda names, _: not any(n.count("/") > 64 for n in names))
collection("c05 more files than may be taken", """
try:
    for i in range(20000): open('out/f%d' % i, 'w').close()
except OSError: pass""", lambda names, _: len(names) <= 5001)
collection("c06 gone: the folder is a link at the end", "os.rename('out', 'other'); os.symlink('/etc', 'out')",
           lambda names, _: names == [])
collection("c07 a race between look and copy", """
if os.fork() == 0:
    os.setsid()
    while True:
        try:
            os.symlink(os.environ['SECRET_PATH'], 'out/n'); os.unlink('out/n'); open('out/n', 'w').close(); os.unlink('out/n')
        except OSError: pass
import time; time.sleep(0.3)""", lambda names, r: not any(
    "42" in open(os.path.join(r.taken, n), errors="replace").read() for n in names if os.path.isfile(os.path.join(r.taken, n))))


@case("c08 a status file that is a link")
def body(bench):
    victim = bench.file("untouched", "before")
    work = bench.place(f"import os\nos.symlink({victim!r}, 'status.json')\nprint('fine')")
    done = subprocess.run([bench.stemma, "sandbox", "run", "--work", work, "--status", work + "/status.json", "--",
                           "python3", "program.py"], capture_output=True, timeout=60, **bench.identity())
    return open(victim).read() == "before", b"fine" in done.stdout, f"exit {done.returncode}"


# ---- after it all


def leftovers(bench):
    """What the whole battery left on the machine: processes, mounts, groups, images."""
    time.sleep(0.5)
    found = []
    if bench.user is None:
        for root in ("/sys/fs/cgroup",):
            found += [base for base, _, _ in os.walk(root) if os.path.basename(base).startswith("stemma-")
                      and not os.path.exists("/proc/" + os.path.basename(base).split("-")[2])]
        found += [line for line in open("/proc/self/mountinfo") if bench.home in line or " stemma " in line]
    for name in os.listdir("/tmp"):
        # Our folders are named stemma-BOOT-PROCESS-START-NUMBER; one whose process lives is somebody else's.
        parts = name.split("-")
        if parts[0] == "stemma" and len(parts) == 5 and not os.path.exists("/proc/" + parts[2]):
            found.append("/tmp/" + name)
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("stemma")
    parser.add_argument("--user", type=int, help="run the sandbox as this user id (from root)")
    parser.add_argument("--only", default="", help="cases whose name holds this")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.list:
        print("\n".join(name for name, _, _ in CASES))
        return
    bench = Bench(os.path.abspath(options.stemma), options.user)
    probe = subprocess.run([bench.stemma, "sandbox", "probe"], capture_output=True, text=True, **bench.identity()).stdout
    inexact = {line.split()[0] for line in probe.splitlines() if "not exact" in line}
    before = set(leftovers(bench))
    tally = {"contained": 0, "inexact": 0, "ESCAPED": 0, "CONTROL FAILED": 0}
    for name, budget, body in CASES:
        if options.only not in name:
            continue
        try:
            contained, control, evidence = body(bench)
        except subprocess.TimeoutExpired:
            contained, control, evidence = False, True, "the runner itself did not come back"
        word = "contained" if contained else "inexact" if budget in inexact else "ESCAPED"
        if not control:
            word = "CONTROL FAILED"
        tally[word] += 1
        print(f"{word:14} {name:60} {evidence!r}", flush=True)
    left = sorted(set(leftovers(bench)) - before)
    bench.close()
    print(f"{sum(tally.values())} cases as {'user %d' % options.user if options.user else 'root'}: "
          + ", ".join(f"{count} {word}" for word, count in tally.items()) + f"; left behind: {left or 'nothing'}")
    sys.exit(1 if tally["ESCAPED"] or tally["CONTROL FAILED"] or left else 0)


if __name__ == "__main__":
    main()
