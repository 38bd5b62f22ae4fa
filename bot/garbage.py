"""When Python looks for objects that only hold each other."""

import gc

NEW_OBJECTS = 10_000
"""A batch makes thousands of records that are gone with it: at Python's 700, every other one is interrupted."""


def look_less_often() -> None:
    """To be called once all is loaded: what is there now stays, so the lexicon is not looked through ever again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)
