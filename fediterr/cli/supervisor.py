"""One parent, several children: forked so that they share memory, started again when they die, drained in turn."""

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

STOPPING = {signal.SIGTERM, signal.SIGINT}
WATCHED = {*STOPPING, signal.SIGCHLD}
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
STEADY = 30.0  # seconds after which a child that dies has not died at its start
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0


@dataclass
class Child:
    """A part of the server in a process of its own."""

    name: str
    run: Callable[[], int | None]
    patience: float  # seconds to drain before it is killed
    pid: int = 0
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)

    def start(self) -> None:
        """Fork; the child runs its part and never comes back."""
        parent = os.getpid()
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            _become(self.name, parent)
            _live(self.run)

    def tell_to_stop(self) -> None:
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)

    def ended(self) -> None:
        """It died: it is due again after a pause, a longer one each time if it dies young."""
        steady = time.monotonic() - self.started > STEADY
        pause = FIRST_PAUSE if steady else self.pause
        self.pid, self.due, self.pause = 0, time.monotonic() + pause, min(pause * 2, LONGEST_PAUSE)


def _become(name: str, parent: int) -> None:
    """In the child: a name of its own, no signals of the terminal, and no life without the parent."""
    os.setpgid(0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    libc.prctl(PR_SET_NAME, f"fediterr:{name}".encode())
    if os.getppid() != parent:
        os._exit(1)
    multiprocessing.current_process().name = name
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)


def _live(run: Callable[[], int | None]) -> None:
    code = 1
    try:
        code = run() or 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    except BaseException:
        log.exception("a part of the server ended with an error")
    finally:
        logging.shutdown()
        sys.stdout.flush()
        os._exit(code)


def supervise(children: Sequence[Child], on_start: Callable[[], None], on_stop: Callable[[], None]) -> None:
    """Keep the children alive until SIGTERM or SIGINT, then drain them in their order and return."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
    gc.collect()
    gc.freeze()  # a collection that writes into shared pages would copy them
    for child in children:
        child.start()
    on_start()
    while (caught := _wait_until(children)) not in STOPPING:
        _bury(children)
        for child in children:
            if not child.pid and time.monotonic() >= child.due:
                log.warning("%s starts again", child.name)
                child.start()
    log.info("stopping", extra={"signal": signal.Signals(caught).name})
    on_stop()
    for child in children:
        _drain(child)


def _wait_until(children: Sequence[Child]) -> int | None:
    """The next signal, or None when a child is due to start."""
    pauses = [max(0.0, child.due - time.monotonic()) for child in children if not child.pid]
    if not pauses:
        return signal.sigwaitinfo(WATCHED).si_signo
    caught = signal.sigtimedwait(WATCHED, min(pauses))
    return caught.si_signo if caught else None


def _bury(children: Sequence[Child]) -> None:
    for child in children:
        if child.pid and (code := _ended(child)) is not None:
            log.error("%s ended with %s", child.name, code, extra={"pid": child.pid})
            child.ended()


def _ended(child: Child) -> int | None:
    pid, status = os.waitpid(child.pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if pid else None


def _drain(child: Child) -> None:
    if not child.pid or _ended(child) is not None:
        return
    child.tell_to_stop()
    limit = time.monotonic() + child.patience
    while _ended(child) is None:
        if time.monotonic() > limit:
            log.warning("%s does not end; it is killed", child.name)
            os.kill(child.pid, signal.SIGKILL)
            os.waitpid(child.pid, 0)
            return
        signal.sigtimedwait({signal.SIGCHLD}, 0.5)
