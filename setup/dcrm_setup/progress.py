"""Say what is being waited for, on a terminal and in a log alike.

Everything goes to standard error: standard output belongs to the commands.
"""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_SECONDS = 5  # between two lines about the same step where nothing redraws


class Step:
    """One thing that takes time; ``detail`` is what it is at just now."""

    def __init__(self, text: str):
        self.text = text
        self.detail = ""
        self.began = time.monotonic()
        self.spoke = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def __str__(self) -> str:
        detail = f": {self.detail}" if self.detail else ""
        return f"{self.text}{detail} ({self.seconds:.0f} s)"


class Progress:
    """The steps under way, drawn once a second by a thread of its own."""

    def __init__(self):
        self.redraws = sys.stderr.isatty()
        self.steps: list[Step] = []
        self.lock = threading.RLock()
        self.ticker: threading.Thread | None = None

    def say(self, text: str):
        """Print one line, above whatever is being redrawn."""
        with self.lock:
            self._clear()
            self._write(text + "\n")

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Show ``text`` with the time it takes until the block ends."""
        step = Step(text)
        self._begin(step)
        try:
            yield step
        except BaseException:
            self._end(step, None)
            raise
        self._end(step, f"  {text}: done in {step.seconds:.1f} s")

    def _begin(self, step: Step):
        with self.lock:
            self.steps.append(step)
            if self.ticker is None or not self.ticker.is_alive():
                self.ticker = threading.Thread(target=self._tick, daemon=True)
                self.ticker.start()

    def _end(self, step: Step, line: str | None):
        with self.lock:
            self.steps.remove(step)
            if line and (step.seconds >= 1 or step.spoke):
                self.say(line)
            elif self.redraws:
                self._clear()

    def _tick(self):
        while True:
            time.sleep(0.5)
            with self.lock:
                if not self.steps:
                    return
                self._draw()

    def _draw(self):
        if self.redraws:
            self._clear()
            self._write("  " + " | ".join(str(step) for step in self.steps)[:150])
            return
        for step in self.steps:
            if step.seconds >= 1 and time.monotonic() - step.spoke >= QUIET_SECONDS:
                step.spoke = time.monotonic()
                self._write(f"  {step}\n")

    def _clear(self):
        if self.redraws:
            self._write("\r\033[K")

    def _write(self, text: str):
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except (OSError, ValueError):
            self.redraws = False  # nobody is listening any more


progress = Progress()
