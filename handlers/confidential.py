"""What only few may know: reports without a name, and how to reach a reporter."""

from handlers.answers import answer_reports
from handlers.arguments import IssueNumber, Words
from handlers.commands import command
from handlers.describe import full_place_words
from handlers.doubts import finding_of
from handlers.news import note_look
from handlers.permissions import Action
from handlers.report import Voice, file_findings
from handlers.texts import texts
from handlers.turn import Turn
from storage import audit
from storage.errors import Refused
from storage.visits import household_at


@command("匿名", name="anonymous", may=Action.REPORT)
def report_anonymously(turn: Turn, words: Words) -> None:
    """Report something without one's name: only the bot knows who it was, to tell them how it went."""
    if turn.in_group:
        turn.reply("anonymous-in-private")
        return
    understanding = turn.understander.understand(words)
    voice = Voice(turn.person, turn.chat, turn.message.message_id, words, is_anonymous=True)
    findings = understanding.findings or (finding_of(understanding),)
    fresh = file_findings(turn, understanding._replace(findings=findings), voice)
    if fresh:
        answer_reports(turn, fresh, understanding.place.building)
        turn.reply("anonymous-kept", number=fresh[0].number)


@command("联系", name="contact", may=Action.CONTACT)
def contact(turn: Turn, number: IssueNumber) -> None:
    """The reporter's door and phone, for whoever is to go there. Every look stands in the audit trail."""
    issue = turn.issue(number)
    if issue.is_anonymous:
        raise Refused("contact-anonymous", number=issue.number)
    reporter = issue.reporter
    household = household_at(turn.session, issue.building, issue.room, issue.unit) if issue.room else None
    phone = reporter.phone or (household.phone if household else None)
    if turn.person.id != reporter.id:
        audit.record(
            turn.session, audit.Look.CONTACT, turn.person, turn.now, community_id=issue.community_id, issue=issue
        )
        note_look(turn, issue, turn.person)
    text = texts().say(
        "contact", number=issue.number, name=reporter.shown_name, place=full_place_words(issue),
        phone=phone or texts().say("contact-no-phone"),
    )  # fmt: skip
    turn.reply_privately(text)
