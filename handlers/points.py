"""Points: what a person has, and what the next thing costs."""

from handlers.commands import command
from handlers.texts import texts
from handlers.turn import Turn
from storage.domains import DOMAINS
from storage.local_time import local
from storage.points import balance, next_reward


@command("积分", name="points")
def points_asked(turn: Turn) -> None:
    """The balance: the total and the five domains, in private."""
    total, by_domain = balance(turn.session, turn.person)
    parts = " ".join(f"{domain.short}{by_domain.get(domain.id, 0)}" for domain in DOMAINS.values())
    text = texts().say("points", total=total, parts=parts)
    reward = next_reward(turn.session, total, local(turn.now).date())
    if reward is not None:
        text += texts().say("points-next", missing=reward.points - total, item=reward.item)
    turn.reply_privately(text)
