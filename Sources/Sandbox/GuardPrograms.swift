// The hostile programs that a runner turns against itself before it trusts its guards. Each attack
// has an honest neighbour in the same program. They are small on purpose: a reader should see at a
// glance what each one tries. Nothing in here harms a machine whose guards do not hold.

enum GuardPrograms {
  /// Attacks that need one look each; prints `name|control|blocked|evidence` lines on the channel.
  static let isolation = #"""
    import ctypes, os, socket
    libc = ctypes.CDLL(None, use_errno=True)
    def attempt(action):
        try: return True, str(action())[:80]
        except Exception as error: return False, type(error).__name__ + " " + str(error)[:80]
    def report(name, control, attack):
        worked, _ = attempt(control)
        escaped, evidence = attempt(attack)
        evidence = evidence.replace("|", " ").replace("\n", " ")
        os.write(3, ("%s|%d|%d|%s\n" % (name, worked, not escaped, evidence)).encode())
    def write(path):
        with open(path, "w") as file: file.write("x")
        return "wrote " + path
    def first(attempts):
        failure = None
        for action in attempts:
            try: return action()
            except Exception as error: failure = error
        raise failure
    def call(number, *arguments):
        result = libc.syscall(number, *arguments)
        if result < 0: raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return result
    def connect():
        s = socket.socket(); s.settimeout(0.3); s.connect(("1.1.1.1", 53)); return "connected"
    def send():
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(b"x", ("1.1.1.1", 53)); return "sent"
    def loopback():
        a = socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
        b = socket.create_connection(a.getsockname()); return "own loopback"
    def inherited():
        found = []
        for number in range(4, 1024):
            try: os.fstat(number); found.append(number)
            except OSError: pass
        if not found: raise LookupError("nothing but 0 to 3")
        return found
    report("descriptors", lambda: os.fstat(3), inherited)
    pair = lambda: socket.socketpair()
    report("network", loopback, lambda: first([connect, send]))
    report("vsock", pair, lambda: socket.socket(40, socket.SOCK_STREAM))
    report("raw-socket", pair, lambda: first([
        lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 132),
        lambda: socket.socket(38, socket.SOCK_SEQPACKET),
        lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 15)]))
    def abstract():
        s = socket.socket(socket.AF_UNIX)
        s.connect("\0" + os.environ["GUARD_SOCKET"]); return "connected"
    report("abstract-socket", pair, abstract)
    secrets = ["/etc/shadow", "/proc/1/root/etc/shadow", os.environ["GUARD_SECRET"]]
    report("files", lambda: open(os.environ["GUARD_GRANT"]).read(), lambda: first(
        [lambda path=path: open(path).read() for path in secrets]))
    places = ["/usr/escaped", "/etc/escaped", "/dev/escaped", "/escaped", os.environ["GUARD_GRANT"]]
    report("writes", lambda: write("inside"), lambda: first(
        [lambda path=path: write(path) for path in places]))
    def leaked():
        found = open("/proc/1/environ", "rb").read()
        if not found: raise PermissionError("/proc/1/environ is empty")
        return found[:40]
    report("environment", lambda: os.environ["GUARD_GRANT"], leaked)
    def others():
        seen = [int(n) for n in os.listdir("/proc") if n.isdigit()]
        alien = [n for n in seen if n > 1 and n not in (os.getpid(), os.getppid())]
        if not alien: raise LookupError("sees only itself")
        return alien
    report("processes-seen", lambda: os.kill(os.getpid(), 0), others)
    report("ptrace", lambda: os.getppid(), lambda: first([
        lambda: call(101 if os.uname().machine == "x86_64" else 117, 16, 1, 0, 0),
        lambda: open("/proc/1/mem", "rb").read(1)]))
    report("namespaces", lambda: os.getuid(), lambda: first([
        lambda: libc.unshare(0x10000000) == 0 or 1 / 0,
        lambda: call(56 if os.uname().machine == "x86_64" else 220, 0x10000000 | 17, 0, 0, 0, 0)]))
    def mounted():
        if libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) != 0: raise OSError("mount refused")
    report("mounts", lambda: os.listdir("/"), mounted)
    report("io-uring", lambda: os.pipe(), lambda: call(425, 1, ctypes.create_string_buffer(256)))
    def capable():
        names = ("CapEff", "CapPrm", "CapBnd")
        lines = [l.split()[1] for l in open("/proc/self/status") if l.startswith(names)]
        if not any(int(l, 16) for l in lines): raise PermissionError("no capability")
        return lines
    report("capabilities", lambda: open("/proc/self/status").read(), capable)
    report("user", lambda: os.getuid(), lambda: first([
        lambda: os.setuid(0), lambda: os.setgroups([0]), lambda: os.chown("inside", 0, 0)]))
    """#

  static let memoryHonest = "x = bytearray(16 << 20); print('allocated')"
  static let memoryBomb = #"""
    import os, time
    for child in range(6):
        if os.fork() == 0:
            x = bytearray(24 << 20); time.sleep(20); os._exit(0)
    time.sleep(20)
    """#

  static let processesHonest = "import os; p = os.fork()\nif p == 0: os._exit(0)\nos.waitpid(p, 0)"
  static let processesBomb = #"""
    import os, time
    made = 0
    try:
        while made < 300:
            if os.fork() == 0:
                time.sleep(20); os._exit(0)
            made += 1
    except OSError: pass
    print(made)
    raise SystemExit(made < 300)
    """#

  static let diskHonest = "open('part', 'wb').write(bytes(3 << 20))"
  /// What gets through is held for a moment, so that a guard that only looks now and then can look.
  static let diskBomb = #"""
    import os, time
    written = 0
    for place in (".", "/tmp"):
        try:
            for number in range(64):
                with open(place + "/part%d" % number, "wb", 0) as file:
                    written += file.write(bytes(256 << 10))
        except OSError: pass
    os.write(3, str(written).encode())
    time.sleep(0.3 if written > 16 << 20 else 0)
    raise SystemExit(1)
    """#
  static let inodesBomb = #"""
    import os, time
    made = 0
    try:
        while made < 5000:
            open("f%d" % made, "w").close(); made += 1
    except OSError: pass
    os.write(3, str(made).encode())
    time.sleep(0.3 if made == 5000 else 0)
    raise SystemExit(1)
    """#

  static let logFlood = "import sys\nfor i in range(64): sys.stdout.write('x' * 65536)"
  static let sleeper =
    "import signal, time\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)"
  /// Each child is short, so no limit per process ever bites.
  static let processorRelay = #"""
    import os
    while True:
        if os.fork() == 0:
            for i in range(200000): pass
            os._exit(0)
        os.wait()
    """#
  /// A daemon that leaves its session and its parent and holds the pipes open.
  static let daemon = #"""
    import os, sys, time
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/bin/sleep", ["sleep", sys.argv[1]])
        os._exit(0)
    time.sleep(0.02)
    print("left a daemon")
    """#

  /// Everything that has fooled a collector, beside one honest file.
  static let collection = #"""
    import os
    os.mkdir("out")
    with open("out/honest", "w") as file: file.write("honest")
    os.symlink("/etc/passwd", "out/link")
    os.symlink("/", "out/root")
    os.symlink("..", "out/up")
    os.link("out/honest", "twin"); os.unlink("twin")
    open("out/first", "w").close(); os.link("out/first", "out/second")
    os.mkfifo("out/pipe")
    try:
        with open("out/giant", "w") as file: file.truncate(1 << 40)
    except OSError: os.truncate("out/giant", 3 << 20)
    with open("out/new\nline", "w") as file: file.write("x")
    with open("out/$(reboot)", "w") as file: file.write("x")
    with open(b"out/\xff\xfe", "w") as file: file.write("x")
    here = os.open("out", os.O_RDONLY)
    for depth in range(300):
        os.mkdir("d", dir_fd=here)
        here = os.open("d", os.O_RDONLY, dir_fd=here)
    os.close(os.open("deep", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    """#

  /// What a run plants for its evaluator.
  static let plant = #"""
    import os
    for name in ("json.py", "random.py", "sitecustomize.py", "usercustomize.py"):
        with open(name, "w") as file:
            file.write("import os\nos.write(3, b'{\"metrics\": {\"planted\": 1}}')\n")
    os.symlink(os.environ["GUARD_SECRET"], "prediction")
    with open("score.json", "w") as file: file.write('{"score": 1e9}')
    print('{"score": 1e9}')
    """#
  static let evaluator = #"""
    import json, os, random, sys
    answer = open(sys.argv[1]).read()
    work = sys.argv[2]
    links = sum(os.path.islink(os.path.join(work, name)) for name in os.listdir(work))
    scores = {"links": links, "answers": int(len(answer) > 0), "planted": 0}
    os.write(3, json.dumps({"metrics": scores}).encode())
    """#
}
