"""``python -m bot`` is ``loudong``."""

from bot.cli import main

main()
