"""An event loop whose time is not the machine's: waits that nobody could sit through are over at once.

Nothing here changes how tasks are run; only an idle loop does not sleep, it moves its clock to the next timer.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Executor
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Looks at sockets without waiting; the time it would have waited has passed."""

    passed = 0.0
    patience = 0.0  # real seconds that a socket of this machine is given before time passes

    def select(self, timeout: float | None = None) -> list[Any]:
        """What is ready now; waits for real only where no timer would ever end the wait."""
        ready: list[Any] = super().select(timeout and min(timeout, self.patience))
        if not ready and timeout:
            self.passed += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that jumps from timer to timer; what is given to threads is done at once."""

    def __init__(self, patience: float = 0.0) -> None:
        self._passing = _Selector()
        self._passing.patience = patience
        super().__init__(self._passing)

    def time(self) -> float:
        """Seconds since the loop was made, in its own time."""
        return self._passing.passed

    def call_soon_threadsafe(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> Any:
        """There is one thread: nobody has to be woken."""
        return self.call_soon(callback, *args, context=context)

    def run_in_executor(  # type: ignore[override]
        self, _executor: Executor | None, function: Callable[..., T], *args: Any
    ) -> asyncio.Future[T]:
        """Do it here and now: in the loop's time nothing takes long."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(function(*args))
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            future.set_exception(error)
        return future


class LoopClock:
    """Goes with the loop, and can be moved."""

    def __init__(self, start: datetime) -> None:
        self._at, self._mark = start, 0.0

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self._at + timedelta(seconds=_passed() - self._mark)

    def move(self, to: datetime) -> None:
        """Go on from `to`, forward or back."""
        self._at, self._mark = to, _passed()


def _passed() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:  # before the run and after it
        return 0.0


def run(main: Coroutine[Any, Any, T], patience: float = 0.0) -> T:
    """As `asyncio.run`, in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(patience)) as runner:
        return runner.run(main)


async def torn(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel them, and all that they had begun, wherever they stand."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
