"""The one exception with which mulu refuses: a code and values, no words.

Words for people live in the message catalogues, so a refusal carries the key of its sentence
(`intake-file-missing`) and the values the sentence needs. `scoring.messages.explain` makes of it what must
hold, what was got and where, and how to mend it, in the reader's language.
"""

from __future__ import annotations

from data.file_names import readable


class Refusal(Exception):
    """A request that mulu does not carry out, with nothing half-written.

    `code` is a key of the message catalogues, in kebab case; `values` are the sentence's arguments (str, int,
    float, date or list of str).
    """

    def __init__(self, code: str, /, **values: object) -> None:
        self.code = code
        self.values = {name: readable(value) if isinstance(value, str) else value for name, value in values.items()}
        super().__init__(code, self.values)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.values.items())
        return f"{self.code}({told})"
