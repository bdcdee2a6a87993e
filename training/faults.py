"""What the program says on stdout, one JSON object a line, for whoever started it; and the failures a person can do something about."""
import json
import sys


class Fault(Exception):
    """A failure with a code of protocol/errors.ts and that code's details."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(f"{code}: {details}")
        self.code, self.details = code, details


def say(event: str, **values: object) -> None:
    """One line: `event` is started, cached, step, checked, saved, stopped, done, note or error."""
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()
