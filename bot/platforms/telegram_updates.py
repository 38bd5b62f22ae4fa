"""One Telegram update as an Incoming."""

import re
from datetime import UTC, datetime

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User

from handlers.messages import Happening, Incoming, Quoted

_GONE = {"left", "kicked"}
_COMMAND = re.compile(r"^(/\w{1,64})@(\w{1,64})")


def incoming(update: Update, account: str, username: str) -> Incoming | None:
    """What the update tells, or None for what the bot does not deal with (its own words, other bots)."""
    if update.callback_query is not None:
        return _pressed(update.callback_query, account)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, account, update.update_id)
    message = update.message or update.edited_message
    return _message(message, account, username) if message is not None else None


def _message(message: Message, account: str, username: str) -> Incoming | None:
    if message.migrate_to_chat_id is not None:
        return _moved(message, account)
    if message.left_chat_member is not None:
        return _left(message, message.left_chat_member, account)
    sender = message.from_user
    if sender is None or sender.is_bot or message.via_bot is not None:
        return None
    text = _own_command(message.text or message.caption or "", username)
    photos = (message.photo[-1].file_id,) if message.photo else ()
    if text is None or not (text or photos):
        return None
    version = f"/{int(message.edit_date.timestamp())}" if message.edit_date else ""
    answered = message.reply_to_message
    return Incoming(
        key=f"telegram/{message.chat.id}/{message.message_id}{version}",
        account=account,
        chat=_address(message.chat.id),
        is_group=message.chat.type != Chat.PRIVATE,
        sender=_address(sender.id),
        name=_name(sender),
        at=_utc(message.edit_date or message.date),
        text=text,
        message_id=str(message.message_id),
        reply_to=str(answered.message_id) if answered else None,
        photos=photos,
        original_at=_utc(message.date) if message.edit_date else None,
        is_forward=message.forward_origin is not None,
        quoted=_quoted(answered) if answered else None,
        mentions=tuple(_address(entity.user.id) for entity in message.entities if entity.user is not None),
    )


def _quoted(answered: Message) -> Quoted | None:
    """What a person said and somebody now answers; the bot's own lines are known already."""
    text = answered.text or answered.caption
    if answered.from_user is None or answered.from_user.is_bot or not text:
        return None
    return Quoted(_address(answered.from_user.id), _name(answered.from_user), text, str(answered.message_id))


def _own_command(text: str, username: str) -> str | None:
    """``/claim@ourbot 12`` as ``/claim 12``; None for another bot's command."""
    match = _COMMAND.match(text)
    if match is None:
        return text
    if username and match[2].lower() != username.lower():
        return None
    return match[1] + text[match.end() :]


def _left(message: Message, gone: User, account: str) -> Incoming | None:
    """Somebody is not in the group any more. That the bot is not is told by another update."""
    if gone.is_bot:
        return None
    return Incoming(
        key=f"telegram/{message.chat.id}/{message.message_id}",
        account=account,
        chat=_address(message.chat.id),
        is_group=True,
        sender=_address(gone.id),
        name=_name(gone),
        at=_utc(message.date),
        happening=Happening.MEMBER_LEFT,
    )


def _moved(message: Message, account: str) -> Incoming:
    return Incoming(
        key=f"telegram/{message.chat.id}/moved/{message.migrate_to_chat_id}",
        account=account,
        chat=_address(message.chat.id),
        is_group=True,
        sender="",
        name="",
        at=_utc(message.date),
        happening=Happening.CHAT_MOVED,
        moved_to=_address(message.migrate_to_chat_id or 0),
    )


def _pressed(query: CallbackQuery, account: str) -> Incoming | None:
    if query.message is None or query.data is None:
        return None
    chat = query.message.chat
    return Incoming(
        key=f"telegram/press/{query.id}",
        account=account,
        chat=_address(chat.id),
        is_group=chat.type != Chat.PRIVATE and chat.id < 0,
        sender=_address(query.from_user.id),
        name=_name(query.from_user),
        at=datetime.now(UTC),
        happening=Happening.PRESSED,
        press=query.data,
        message_id=str(query.message.message_id),
    )


def _membership(change: ChatMemberUpdated, account: str, update_id: int) -> Incoming | None:
    if change.chat.type == Chat.PRIVATE:
        return None  # blocked or started: the next send or message tells
    was_gone, is_gone = change.old_chat_member.status in _GONE, change.new_chat_member.status in _GONE
    if was_gone == is_gone:
        return None
    return Incoming(
        key=f"telegram/{change.chat.id}/member/{update_id}",
        account=account,
        chat=_address(change.chat.id),
        is_group=True,
        sender=_address(change.from_user.id),
        name=_name(change.from_user),
        at=_utc(change.date),
        happening=Happening.BOT_REMOVED if is_gone else Happening.BOT_ADDED,
    )


def _address(number: int) -> str:
    return f"telegram:{number}"


def _name(user: User) -> str:
    return " ".join(part for part in (user.first_name, user.last_name) if part)


def _utc(at: datetime) -> datetime:
    """An instant not in the future: a message cannot be younger than now, whatever a clock says."""
    return min(at.astimezone(UTC), datetime.now(UTC))
