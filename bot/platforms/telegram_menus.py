"""Telegram's command menus: what is offered in groups and in private chats."""

from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)

_GROUP = (
    BotCommand("todo", "本楼在办的事"),
    BotCommand("status", "进度：/status 12"),
    BotCommand("points", "我的积分"),
    BotCommand("help", "帮助"),
)
_PRIVATE = (
    BotCommand("todo", "待办"),
    BotCommand("claim", "认领：/claim 12"),
    BotCommand("note", "进展：/note 12 师傅明天来"),
    BotCommand("resolve", "办结：/resolve 12 换了灯泡"),
    BotCommand("status", "进度：/status 12"),
    BotCommand("assign", "转派：/assign 12 周小满"),
    BotCommand("escalate", "上报：/escalate 12 原因"),
    BotCommand("plan", "安排走访：/plan 302 周六上午10点"),
    BotCommand("visited", "走访完成：/visited 302 身体好"),
    BotCommand("visits", "我的走访安排"),
    BotCommand("points", "积分"),
    BotCommand("digest", "简报"),
    BotCommand("join", "加入：/join 码"),
    BotCommand("help", "帮助"),
)

MENUS: tuple[tuple[BotCommandScope, tuple[BotCommand, ...]], ...] = (
    (BotCommandScopeDefault(), _GROUP),
    (BotCommandScopeAllGroupChats(), _GROUP),
    (BotCommandScopeAllPrivateChats(), _PRIVATE),
)
