"""The one way in which a record says no."""


class Refused(Exception):
    """A rule forbids what was asked.

    ``key`` names the sentence in ``handlers/texts/zh.ftl`` that tells the person why, ``values``
    fill its blanks. Records never hold sentences themselves.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values
