"""Why an issue was filed as it was: words, spans, weights, rules, what did not count, and the runner-up."""

from handlers.masking import shown_words
from handlers.texts import texts
from nlp.meaning import Understanding
from storage.domains import find_topic, topic_name
from storage.issues import Issue


def explain(issue: Issue, seen: Understanding) -> str:
    """The explanation in a few lines, for whoever may read the issue."""
    say = texts().say
    comma = say("list-comma")
    terms = comma.join(say("why-term", term=item["term"], weight=item["weight"]) for item in issue.evidence)
    lines = [
        say(
            "why", number=issue.number, title=issue.title, domain=topic_name(issue.domain, None),
            terms=terms or say("why-by-hand"),
        )
    ]  # fmt: skip
    if issue.evidence:
        lines.append(say("why-words", words=_marked(issue)))
    if seen.rules:
        rules = comma.join(say("why-rule", rule=say(f"rule-{rule.replace(' ', '-')}"), weight=f"{weight:+.1f}")
                           for rule, weight in seen.rules)  # fmt: skip
        lines.append(say("why-rules", rules=rules, score=f"{issue.score:.1f}"))
    if issue.kind:
        lines.append(say("why-kind", kind=say(f"kind-{issue.kind}")))
    if seen.runner_up and seen.runner_up != issue.topic:
        domain = (find_topic(seen.runner_up) or ("other", None))[0]
        lines.append(say("why-runner-up", title=topic_name(domain, seen.runner_up if domain != "other" else None)))
    if seen.void:
        void = [say("why-void-item", term=term, reason=say(f"void-{reason.replace('_', '-')}"))
                for term, reason in seen.void[:4]]  # fmt: skip
        lines.append(say("why-void", terms=comma.join(void)))
    return "\n".join(lines)


def _marked(issue: Issue) -> str:
    """The words with what counted in 【】; as far as one screen takes, personal data masked."""
    marks: dict[int, str] = {}
    end = 0
    for item in sorted(issue.evidence, key=lambda item: (item["start"], -item["end"])):
        if item["start"] >= end:
            marks[item["start"]], marks[item["end"]] = marks.get(item["start"], "") + "【", "】"
            end = item["end"]
    words = issue.words
    text = "".join(marks.get(index, "") + char for index, char in enumerate(words)) + marks.get(len(words), "")
    return shown_words(text[:200])
