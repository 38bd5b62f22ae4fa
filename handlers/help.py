"""Help: the few commands a person can use, and what the bot keeps of what it hears."""

import re

from handlers.commands import command
from handlers.texts import texts
from handlers.turn import Turn
from storage.people import Person, Role

_GREETING = re.compile(
    "(?:你好|您好|早上好|早安|上午好|下午好|晚上好|早|在吗|在不|在么|有人吗|hi|hello|哈喽)[啊呀吗呢,，]?(?:在吗)?"
)
_THANKS = re.compile("(?:好的?[,，]?)?(?:谢谢|多谢|感谢|辛苦)(?:你|您|了|啦|你了|您了|谢谢)?")
_WHAT_CAN_YOU = re.compile(
    "(?:你|我|这个)?(?:是谁|是什么|是机器人|能干|能做|会做|会什么|能帮|可以做|怎么用|怎么弄|有什么用|有什么功能)"
)
_WHAT_IS_KEPT = re.compile(
    "(?:聊天|消息|内容|隐私|信息|我说的).{0,8}(?:存|保存|记录|泄露|泄漏|看到|保密)[^,，。]{0,4}[吗么不没?？]"
)
_OPENING = re.compile(
    "(?:你好|您好)?[,，]?我?(?:要|想|来)(?:跟你|和你)?(?:举报|投诉|反映|报事?|说)(?:一下|下)?(?:一?[个件点])?(?:事情?|问题|情况)?"
    "(?:[,，].{0,12}(?:晓得|知道|匿名|名字|保密).{0,8})?"
)
_NOD = re.compile("(?:好|好的|好嘞|好滴|嗯|嗯嗯|哦|哦哦|行|可以|ok|收到|知道了|晓得了|明白)[啊呀了的]?")


@command("帮助", name="help")
def help_(turn: Turn) -> None:
    """What one can say here. In a group only the residents' part."""
    turn.begin()
    if turn.in_group:
        turn.reply("help-group")
        return
    turn.say(turn.chat, texts().say(help_key(turn.person)))


@command("隐私", name="privacy")
def privacy(turn: Turn) -> None:
    """What is kept, for how long, and who sees it."""
    turn.reply("privacy")


def not_understood(turn: Turn) -> None:
    """In private, a line that is nothing the bot knows. In a group it stays silent."""
    turn.reply("not-understood")


def opens_report(turn: Turn) -> bool:
    """In private, 我要举报 or 反映个事 says nothing yet: the bot listens. False if the line says more."""
    if turn.in_group or not _OPENING.fullmatch(_bare(turn)):
        return False
    turn.reply("say-on")
    return True


def small_talk(turn: Turn) -> bool:
    """In private: a greeting is answered, thanks and questions about the bot too, and 好的 needs no answer.

    False if the line is none of these.
    """
    words = _bare(turn)
    if _NOD.fullmatch(words):
        return True
    if _WHAT_CAN_YOU.match(words):
        help_(turn)
    elif _WHAT_IS_KEPT.search(words):
        privacy(turn)
    elif _THANKS.fullmatch(words):
        turn.reply("you-are-welcome")
    elif _GREETING.fullmatch(words):
        is_known = turn.known_person is not None and turn.known_person.held()
        turn.reply("hello-known" if is_known else "hello-private")
    else:
        return False
    return True


def _bare(turn: Turn) -> str:
    return turn.message.text.strip().rstrip("。！!~～ ").lower()


def help_key(person: Person) -> str:
    """The text key of the help for the most responsible role a person has."""
    if person.has(Role.STAFF, Role.GRID_WORKER, Role.STREET):
        return "help-staff"
    if person.has(Role.BUILDING_HEAD):
        return "help-head"
    return "help-volunteer" if person.has(Role.VOLUNTEER) else "help-resident"
