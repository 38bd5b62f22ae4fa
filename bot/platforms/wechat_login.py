"""A look at a WeChat gateway for the doctor: does it answer, is the account logged in, what is to be scanned."""

import asyncio
import io
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import qrcode

from bot.platforms.wechat_gateway import GONE, EventType, Gateway, GatewayError, find_endpoint, why

LOOK_SECONDS = 8.0

REMEDIES = {
    "connection refused": "nothing listens there; start the puppet service, or correct endpoint",
    "ALREADY_EXISTS": "another program is connected to the gateway; if that is this bot, all is well",
    "UNAUTHENTICATED": "the gateway refuses the token; correct wechat.token",
}


class LoginState(StrEnum):
    """How the account stands."""

    LOGGED_IN = "logged_in"
    WAITS = "waits"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen."""

    state: LoginState
    code: str = ""
    says: str = ""

    def picture(self) -> str:
        """The code as a QR picture of characters, for a terminal."""
        made = qrcode.QRCode(border=1)
        made.add_data(self.code)
        out = io.StringIO()
        made.print_ascii(out=out, invert=True)
        return out.getvalue()


async def look(endpoint: str, token: str) -> Look:
    """Connect, wait for the first word about the login, and let go."""
    gateway: Gateway | None = None
    try:
        gateway = Gateway(endpoint or await find_endpoint(token), token)
        async with asyncio.timeout(LOOK_SECONDS):
            async for kind, payload in gateway.events():
                if kind == EventType.EVENT_TYPE_LOGIN:
                    return Look(LoginState.LOGGED_IN)
                if kind == EventType.EVENT_TYPE_SCAN and payload.get("qrcode"):
                    return Look(LoginState.WAITS, str(payload["qrcode"]))
        reason = "closed by the gateway"
    except TimeoutError:
        return Look(
            LoginState.UNKNOWN, says="the gateway answers, and says neither that it is logged in nor what to scan"
        )
    except (GatewayError, *GONE) as error:
        reason = str(error) if isinstance(error, GatewayError) else why(error)
    finally:
        if gateway is not None:
            with suppress(OSError):
                gateway.close()
    return Look(LoginState.UNKNOWN, says=f"{reason}: {REMEDIES.get(reason, 'look at the puppet service')}")
