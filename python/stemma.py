"""Curves for Stemma: one file, no dependency, harmless where Stemma is not.

    import stemma
    stemma.log(step, loss=1.5, accuracy=0.5)

Each call costs a few hundred nanoseconds; a thread writes what has come twice a second, so at most that much is lost when
the program is killed. Outside Stemma, where STEMMA_METRICS is not set, a call does nothing.
"""
import atexit, json, os, threading, time

_path = os.environ.get("STEMMA_METRICS")
_rows = []
_lock = threading.Lock()
_thread = None
PERIOD_SECONDS = 0.5


def log(step, **metrics):
    """Keeps the metrics of a step. Numbers only; what is none, or not finite, is left out; so is a step that is none."""
    if _path is None:
        return
    if _thread is None:
        _start()
    for name, value in metrics.items():
        # A tensor may change after this call, so its number is taken now.
        if type(value) is not float and type(value) is not int:
            try:
                metrics[name] = float(value)
            except (TypeError, ValueError):
                metrics[name] = None
    _rows.append((step, metrics))


def flush():
    """Writes what has come so far; a full or missing disk ends the writing, never the program."""
    global _path
    with _lock:
        count = len(_rows)
        if not count or _path is None:
            return
        lines = []
        for step, metrics in _rows[:count]:
            try:
                row = {"step": int(step)}
            except (TypeError, ValueError, OverflowError):
                continue
            row.update((k, v) for k, v in metrics.items() if v is not None and v == v and abs(v) != float("inf"))
            lines.append(json.dumps(row) + "\n")
        del _rows[:count]
        try:
            with open(_path, "a", encoding="utf-8") as out:
                out.write("".join(lines))
        except OSError:
            _path = None


def _start():
    global _thread
    with _lock:
        if _thread is None:
            _thread = threading.Thread(target=_write, name="stemma", daemon=True)
            _thread.start()
            atexit.register(flush)


def _forked():
    """A child of fork has no thread of its own; what it logs would be said twice."""
    global _path, _lock
    _path, _lock = None, threading.Lock()
    _rows.clear()


os.register_at_fork(after_in_child=_forked)


def _write():
    while _path is not None:
        time.sleep(PERIOD_SECONDS)
        flush()
