"""The sandbox page: the groups as chat apps show them, and beside them what the bot made of the talk."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nicegui import events, ui

from bot.app import App
from bot.platforms.sandbox import Line, SandboxPlatform
from bot.web.demo_town import BUILDINGS, PLAYERS, Player, group_address
from bot.web.view import Board, Card, read_board
from storage.local_time import local

STYLE = Path(__file__).with_name("style.css")
PHOTO_URL = "/photos"
MAX_PHOTO_BYTES = 5_000_000
SHOWN_LINES = 80
_KINDS = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png", b"RIFF": ".webp"}
_FACES = ("#4a78c2", "#2f9e8f", "#8a63b8", "#d0587e", "#d9822b", "#6b8e23", "#a0522d")
_TRIES = (
    "三单元电提又坏了", "+1", "楼上漏水漏到我家厨房了", "我闻到好大的煤气味", "电梯的事怎么样了", "我还有多少分",
    "待办", "安排 302 周六上午10点", "走访完成 1单元302 老人身体好，楼道灯坏了", "今天天气真好",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """A chat that can be chosen."""

    address: str
    title: str
    is_group: bool
    members: tuple[Player, ...]


def rooms() -> list[Room]:
    """The five groups and everybody's private chat with the bot."""
    anywhere = tuple(player for player in PLAYERS if player.role in {"网格员", "社区"})
    groups = [
        Room(group_address(name), f"{name}邻里群", True, (*[one for one in PLAYERS if one.building == name], *anywhere))
        for name in BUILDINGS
    ]
    return groups + [Room(one.address, f"{one.name}（{one.role}）", False, (one,)) for one in PLAYERS]


class SandboxPage:
    """One visitor's page."""

    def __init__(self, app: App, platform: SandboxPlatform, photos: Path) -> None:
        self._app = app
        self._platform = platform
        self._photos = photos
        self._rooms = rooms()
        self._room = next(room for room in self._rooms if room.title.startswith("5栋"))
        self._speaker = self._room.members[0]
        self._board = Board([], [], [])
        self._photo: str | None = None
        self._pending_notices: set[str] = set()

    async def build(self) -> None:
        """Lay out the page, show the state, and let the visitor write once the browser is connected.

        Before that a typed line and its Enter would each wait for the connection by a timer of their own and could
        arrive in the wrong order: the line would stay in the box unsent.
        """
        self._client = ui.context.client
        ui.add_css(STYLE.read_text("utf-8"))
        ui.page_title("楼栋小助手 · 试用")
        with ui.element("div").classes("town show-talk") as self._town:
            with ui.element("div").classes("top"):
                ui.label("楼栋小助手").classes("title")
                ui.label("选一个群，选谁在说话，说一句试试。右边是小助手登记的诉求、积分和走访。").classes("hint")
            with ui.element("nav").classes("chats"):
                self._show_chats()
            with ui.element("main").classes("talk"):
                self._lines = ui.element("div").classes("lines")
                self._compose()
            with ui.element("aside").classes("board"):
                self._show_board()
            with ui.element("div").classes("switch"):
                self._show_switch("show-talk")
        await self.refresh()
        await self._client.connected()
        self._words.enable()

    async def refresh_if_open(self) -> None:
        """Refresh from outside the page's own events."""
        with self._client:
            await self.refresh()

    async def refresh(self) -> None:
        """Show what has changed."""
        self._board = await self._app.core.run(self._read)
        self._show_lines()
        self._show_chats.refresh()
        self._show_board.refresh()
        for key in [key for key in self._pending_notices if key in self._platform.notices]:
            self._pending_notices.discard(key)
            ui.notify(self._platform.notices.pop(key))

    def _read(self) -> Board:
        with self._app.database.transaction() as session:
            return read_board(session)

    @ui.refreshable_method
    def _show_chats(self) -> None:
        last = {line.chat: line for line in self._platform.lines}
        for is_group, heading in ((True, "楼栋群"), (False, "私聊小助手")):
            ui.label(heading).classes("heading")
            for room in self._rooms:
                if room.is_group == is_group:
                    chosen = " chosen" if room.address == self._room.address else ""
                    with ui.element("button").classes(f"one{chosen}").on("click", self._choose(room)):
                        ui.label(room.title)
                        if room.address in last:
                            ui.label(last[room.address].text.split("\n")[0]).classes("last")

    def _choose(self, room: Room) -> Callable[[], None]:
        def chosen() -> None:
            self._room = room
            self._speaker = room.members[0]
            self._speakers.set_options(
                {one.id: f"{one.name} · {one.role}" for one in room.members}, value=self._speaker.id
            )
            self._show("show-talk")
            self._show_lines()
            self._show_chats.refresh()

        return chosen

    def _show_lines(self) -> None:
        shown = [line for line in self._platform.lines if line.chat == self._room.address][-SHOWN_LINES:]
        by_id = {line.id: line for line in shown}
        self._lines.clear()
        with self._lines:
            for line in shown:
                self._show_line(line, by_id.get(line.reply_to or ""))
        ui.run_javascript(f"const e = getElement({self._lines.id}); const b = e.$el ?? e; b.scrollTop = b.scrollHeight")

    def _show_line(self, line: Line, answered: Line | None) -> None:
        is_bot, is_mine = not line.sender, line.sender == self._speaker.address
        name = "楼栋小助手" if is_bot else line.name
        with ui.element("div").classes("line" + (" bot" if is_bot else "") + (" mine" if is_mine else "")):
            face = "#2f7d4f" if is_bot else _FACES[sum(name.encode()) % len(_FACES)]
            ui.label("楼" if is_bot else name[0]).classes("face").style(f"background:{face}")
            with ui.element("div").classes("said"):
                ui.label(f"{name} {local(line.at):%m-%d %H:%M}").classes("who")
                with ui.element("div").classes("bubble"):
                    if answered is not None:
                        ui.label(answered.text.split("\n")[0]).classes("quote")
                    ui.label(line.text)
                    for photo in line.photos:
                        ui.element("img").props(f'src="{PHOTO_URL}/{photo}" alt="照片"')
                if line.buttons:
                    with ui.element("div").classes("buttons"):
                        for button in line.buttons:
                            ui.button(button.label, on_click=self._press(line, button.id), color=None).props(
                                "flat no-caps dense"
                            )
                for emoji in line.reactions:
                    ui.label(emoji).classes("reacted")

    def _compose(self) -> None:
        with ui.element("div").classes("compose"):
            with ui.element("div").classes("tries"):
                for words in _TRIES:
                    with ui.element("button").on("click", self._try(words)):
                        ui.label(words)
            self._speakers = ui.select(
                {one.id: f"{one.name} · {one.role}" for one in self._room.members},
                value=self._speaker.id, on_change=self._speaker_chosen,
            ).props('dense outlined options-dense aria-label="谁在说话"').classes("speaker")  # fmt: skip
            self._words = (
                ui.input(placeholder="说一句…")
                .props('dense outlined maxlength=4096 aria-label="说的话"')
                .classes("words")
            )
            self._words.on("keydown.enter", self._say)
            self._words.disable()
            self._upload = ui.upload(
                on_upload=self._photo_given, auto_upload=True, max_file_size=MAX_PHOTO_BYTES,
                on_rejected=lambda: ui.notify("照片太大了，请选5MB以内的"),
            ).props('accept="image/png,image/jpeg,image/webp"').style("display:none")  # fmt: skip
            ui.button(icon="photo_camera", on_click=lambda: self._upload.run_method("pickFiles")).props(
                'flat round color=green-8 aria-label="加照片"'
            )
            ui.button("发送", on_click=self._say).props("unelevated color=green-8")

    def _try(self, words: str) -> Callable[[], None]:
        def tried() -> None:
            self._words.set_value(words)

        return tried

    def _speaker_chosen(self, change: events.ValueChangeEventArguments) -> None:
        self._speaker = next((one for one in self._room.members if one.id == change.value), self._speaker)
        self._show_lines()

    async def _photo_given(self, given: events.UploadEventArguments) -> None:
        content = await given.file.read()
        ending = next((ending for head, ending in _KINDS.items() if content.startswith(head)), None)
        self._upload.reset()
        if ending is None:
            ui.notify("只能发 JPG、PNG 或 WebP 照片")
            return
        self._photo = secrets.token_hex(16) + ending
        (self._photos / self._photo).write_bytes(content)
        ui.notify("照片会和下一句话一起发出")

    def _say(self) -> None:
        words = str(self._words.value or "").strip()
        if not words and self._photo is None:
            return
        photos = (self._photo,) if self._photo else ()
        self._photo = None
        self._words.set_value("")
        self._platform.say(
            self._room.address,
            self._speaker.address,
            self._speaker.name,
            words,
            is_group=self._room.is_group,
            photos=photos,
        )

    def _press(self, line: Line, button: str) -> Callable[[], None]:
        def pressed() -> None:
            key = self._platform.press(
                line, button, self._speaker.address, self._speaker.name, is_group=self._room.is_group
            )
            self._pending_notices.add(key)

        return pressed

    @ui.refreshable_method
    def _show_board(self) -> None:
        live = [card for card in self._board.cards if card.status in {"open", "claimed", "resolved"}]
        ui.html(f"<h2>在办诉求 {len(live)} 件</h2>", sanitize=False)
        for card in live:
            _show_card(card)
        ui.html("<h2>走访和提醒</h2>", sanitize=False)
        for visit in self._board.visits:
            with ui.element("div").classes("entry"):
                ui.label(f"{visit.at} {visit.door}")
                extra = (
                    " · 过期未记" if visit.is_missed else f" · {visit.reminder_at} 提醒" if visit.reminder_at else ""
                )
                ui.label(visit.visitor + extra).classes("soft")
        ui.html("<h2>积分</h2>", sanitize=False)
        for points in self._board.points:
            with ui.element("div").classes("entry"):
                ui.label(f"{points.name} {points.total}分")
                ui.label(points.parts).classes("soft")
        ui.html("<h2>已办完</h2>", sanitize=False)
        for card in self._board.cards:
            if card not in live:
                _show_card(card)

    @ui.refreshable_method
    def _show_switch(self, shown: str) -> None:
        for name, label in (("show-chats", "群和私聊"), ("show-talk", "聊天"), ("show-board", "诉求")):
            with ui.element("button").classes("chosen" if name == shown else "").on("click", self._shower(name)):
                ui.label(label)

    def _shower(self, name: str) -> Callable[[], None]:
        return lambda: self._show(name)

    def _show(self, name: str) -> None:
        self._town.classes(replace=f"town {name}")
        self._show_switch.refresh(name)


def _show_card(card: Card) -> None:
    kinds = (
        f"card {card.domain}"
        + (" urgent" if card.is_urgent else "")
        + (" done" if card.status in {"closed", "withdrawn", "invalid"} else "")
    )
    with ui.element("div").classes(kinds):
        with ui.element("div").classes("head"):
            ui.label(f"{'🔴 ' if card.is_urgent else ''}{card.number}号 {card.title}")
            ui.label(card.status_words).classes("state")
        ui.label(f"{card.place} · {card.domain_name} · {card.at}").classes("meta")
        if card.words:
            ui.label(card.words).classes("words")
        extra = [f"{card.supporters + 1}户反映"] if card.supporters else []
        extra += ["超时"] if card.is_overdue and card.status == "open" else []
        if extra:
            ui.label(" · ".join(extra)).classes("meta late")
