"""The audit trail as people may read it: who saw one's own matter, and, for staff, what happened."""

from handlers.arguments import MaybeNumber
from handlers.commands import command
from handlers.permissions import Action, may
from handlers.progress import LISTS, show_page
from handlers.texts import texts
from handlers.turn import Turn
from storage import audit
from storage.audit import AuditEntry
from storage.errors import Refused
from storage.local_time import local
from storage.places import PlaceKind, communities_within

_MOST = 200


@command("谁看过", "审计", name="audit", may=Action.AUDIT)
def who_saw(turn: Turn, number: MaybeNumber) -> None:
    """Who saw the full particulars of an issue; without a number, what stands in the trail of one's community."""
    if number:
        issue = turn.issue(number)
        if turn.person.id != issue.reporter_id:
            audit.record(turn.session, audit.Look.TRAIL, turn.person, turn.now,
                         community_id=issue.community_id, issue=issue)  # fmt: skip
        entries = [entry for entry in audit.looks_at(turn.session, issue, _MOST) if entry.look in _SAW]
        lines = [_line(entry) for entry in entries[:12]]
        turn.reply_privately("\n".join(lines) or texts().say("audit-nobody", number=issue.number))
        return
    if not _communities(turn):
        raise Refused("not-allowed-audit")
    show_page(turn, "audit", 0)


_SAW = {audit.Look.CONTACT, audit.Look.SENSITIVE, audit.Look.TRAIL, audit.Look.EXPORT}


def _communities(turn: Turn) -> list[int]:
    places = [held.place for held in turn.person.held() if may(turn.person, Action.AUDIT, held.place)]
    places = [place for place in places if place.kind in {PlaceKind.COMMUNITY, PlaceKind.STREET}]
    return [community for place in places for community in communities_within(turn.session, place)]


def _audit_lines(turn: Turn) -> tuple[list[str], bool]:
    return [_line(entry) for entry in audit.looks_within(turn.session, _communities(turn), _MOST)], False


LISTS["audit"] = _audit_lines


def _line(entry: AuditEntry) -> str:
    return texts().say(
        "audit-item", at=f"{local(entry.at):%m-%d %H:%M}", name=entry.by.shown_name if entry.by else "",
        look=texts().say(f"look-{entry.look.replace('_', '-')}"),
        number=texts().say("number-only", number=entry.issue.number) if entry.issue else "", words=entry.words,
    )  # fmt: skip
