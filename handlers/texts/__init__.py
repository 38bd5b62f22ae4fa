"""The sentences the bot can say, by key."""

from functools import cache, partial
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

FILE = Path(__file__).parent / "zh.ftl"


class Texts:
    """The sentences of ``zh.ftl``."""

    def __init__(self, source: str) -> None:
        # Fluent would put invisible isolation marks around every value: noise in a chat.
        self._bundle = FluentBundle(["zh-CN"], use_isolating=False)
        self._bundle.add_resource(FluentResource(source))
        self._whole = cache(partial(self._fill, values={}))

    def say(self, key: str, **values: object) -> str:
        """The sentence of a key with its blanks filled. Raises KeyError for an unknown key or a missing value."""
        return self._fill(key, values) if values else self._whole(key)

    def _fill(self, key: str, values: dict[str, object]) -> str:
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        # Numbers as text: Fluent would write 1,024号.
        filled, errors = self._bundle.format_pattern(
            message.value, {name: str(value) for name, value in values.items()}
        )
        if errors:
            raise KeyError(f"{key}: {errors[0]}")
        return str(filled)


@cache
def texts() -> Texts:
    """The project's sentences."""
    return Texts(FILE.read_text("utf-8"))
