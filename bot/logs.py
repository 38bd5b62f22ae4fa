"""Logs: one line an event, without tokens and without what people said."""

import logging
import sys

import structlog


def set_up_logs() -> None:
    """Log to standard error: readable on a terminal, JSON otherwise."""
    # httpx logs every URL at INFO, and Telegram's URLs hold the token.
    for name in ("httpx", "httpcore", "telegram", "apscheduler"):
        logging.getLogger(name).setLevel(logging.WARNING)
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
