"""The bot on WeChat: over gRPC against a real puppet service, in a process of its own."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.conftest import BotProcess
from tests.e2e.telegram_server import TelegramServer
from tests.e2e.wechat_peer import BOT, GROUP, HEAD, NEIGHBOUR, RESIDENT, STAFF, TOKEN, WechatPeer, install

STAFF_ON_TELEGRAM = 12
DASHES = "- - - - - - - - - - - - - - -"


class WechatBot(BotProcess):
    """The bot with a WeChat account, its people known by their WeChat ids."""

    def __init__(self, folder: Path, peer: WechatPeer, telegram: str = "") -> None:
        super().__init__(folder, telegram or "http://127.0.0.1:9")
        account = (
            f'[[wechat]]\nname = "wx1"\nendpoint = "{peer.endpoint}"\ntoken = "{TOKEN}"\n'
            "seconds_between = [0.0, 0.05]\nsame_words_apart_seconds = 0\n"
            'awake_from = "00:00"\nawake_until = "23:59:59"\n'
        )
        known = self.config.read_text("utf-8")
        self.config.write_text((known if telegram else known.partition("[[telegram]]")[0]) + account, "utf-8")
        staff = f"wechat:{STAFF} telegram:{STAFF_ON_TELEGRAM}" if telegram else f"wechat:{STAFF}"
        people = self.folder / "roster/people.csv"
        header = people.read_text("utf-8").splitlines()[0]
        people.write_text(f"{header}\n张建国,楼栋长,5栋,,wechat:{HEAD},\n肖主任,社区,立新桥社区,,{staff},", "utf-8")
        groups = self.folder / "roster/groups.csv"
        groups.write_text(f"{groups.read_text('utf-8').splitlines()[0]}\nwechat:{GROUP},5栋", "utf-8")


@pytest.fixture
async def peer() -> AsyncIterator[WechatPeer]:
    install()
    made = WechatPeer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def bot(peer: WechatPeer, tmp_path: Path) -> AsyncIterator[WechatBot]:
    made = WechatBot(tmp_path, peer)
    await made.command("import", str(tmp_path / "roster"), "--config", str(made.config))
    yield made
    if made.process is not None and made.process.returncode is None:
        await made.stop(signal.SIGKILL)


async def is_up(bot: BotProcess) -> None:
    await bot.wait_for_rows("select account from logins where is_up")


async def test_a_report_is_carried_from_the_room_to_its_closing(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    await peer.say(RESIDENT, "三单元电提又坏了[流泪]<br/>好几天了")
    line = await peer.wait_for(GROUP, "已登记 1号：电梯（3单元）")
    assert "回复 1 认领，回复 2 我家也是" in line["text"]
    told = await peer.wait_for(HEAD, "刘婶：「三单元电提又坏了")
    assert "回复 1 认领" in told["text"]
    await peer.say(NEIGHBOUR, "2")
    await peer.say(HEAD, "1", to=BOT)
    await peer.wait_for(GROUP, "1号 张建国已认领")
    await peer.say(HEAD, f"「楼栋小助手：{line['text']}」\n{DASHES}\n搞定了，换了主板")
    asked = await peer.wait_for(GROUP, "好了回 1")
    assert asked["text"].startswith("@刘婶\u2005")
    assert asked["mentions"] == [RESIDENT]
    await peer.say(RESIDENT, "1")
    await peer.wait_for(GROUP, "✅ 1号已销号")
    assert bot.rows("select status from issues") == [("closed",)]
    assert bot.rows("select count(*) from supporters") == [(1,)]


async def test_photos_in_and_out_and_mentions_both_ways(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    await peer.say(RESIDENT, "@楼栋小助手\u2005井盖不见了，太危险", mentions=[BOT])
    await peer.wait_for(GROUP, "已登记 1号")
    await peer.act("photo", **{"from": RESIDENT, "to": GROUP, "name": "井盖.png"})
    await bot.wait_for_rows("select reference from photos")
    assert bot.rows("select words from issues") == [("井盖不见了，太危险",)]
    await peer.act("photo", **{"from": HEAD, "to": BOT, "name": "x.png"})
    await peer.say(HEAD, "转派 1 @肖\u2005", mentions=[STAFF])
    await peer.wait_for(GROUP, "1号已请肖主任去办")


async def test_what_is_no_text_is_passed_over_and_a_quote_in_xml_is_read(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    for kind in ("audio", "card", "history", "emoticon", "mini", "envelope", "recalled", "url", "unknown"):
        await peer.act("raw", **{"from": RESIDENT, "to": GROUP, "type": kind, "text": "电梯坏了"})
    link = "<msg><appmsg><title>电梯坏了</title><type>5</type></appmsg></msg>"
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "电梯坏了">]><msg>&a;</msg>'
    for text in (link, bomb, "<msg><broken 电梯坏了"):
        await peer.act("raw", **{"from": RESIDENT, "to": GROUP, "type": "text", "text": text})
    quote = (
        "<msg><appmsg><title>报事 虫鼠</title><type>57</type><refermsg><type>1</type><chatusr>chen</chatusr>"
        "<displayname>老陈</displayname><content>那个东西又来了</content></refermsg></appmsg></msg>"
    )
    await peer.act("raw", **{"from": HEAD, "to": GROUP, "type": "text", "text": quote})
    await peer.wait_for(GROUP, "已登记 1号：虫鼠")
    assert bot.rows("select words, topic from issues") == [("那个东西又来了", "pest")]
    assert bot.rows("select name from people join issues on reporter_id = people.id") == [("老陈",)]


@pytest.mark.parametrize("times", [300, pytest.param(5000, marks=pytest.mark.nightly)])
async def test_a_burst_is_heard_in_order_and_a_message_twice_counts_once(
    peer: WechatPeer, bot: WechatBot, times: int
) -> None:
    await bot.start()
    await is_up(bot)
    await peer.act("burst", **{"from": RESIDENT, "to": GROUP, "text": "报事 第", "times": times})
    await peer.act("last")
    await peer.until(lambda: any("last" in line for line in peer.sent))
    last = next(line["last"] for line in peer.sent if "last" in line)
    await peer.act("again", id=last)
    await bot.wait_for_rows(f"select id from issues where number = {times}", 300)
    await peer.say(RESIDENT, "下水道堵了")
    await bot.wait_for_rows("select id from issues where topic = 'sewage'", 60)
    words = [row[0] for row in bot.rows("select words from issues where topic is null order by number")]
    assert words == [f"第{number}" for number in range(1, times + 1)]


async def test_a_payload_that_fails_twice_is_fetched_the_third_time(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    await peer.act("fail", times=2)
    await peer.say(RESIDENT, "下水道堵了")
    await peer.wait_for(GROUP, "已登记 1号")


@pytest.mark.parametrize("how", ["killed", "closed", "error"])
async def test_after_a_break_it_is_back_within_five_seconds_and_the_gap_is_told(
    peer: WechatPeer, bot: WechatBot, how: str
) -> None:
    await bot.start()
    await is_up(bot)
    await peer.say(RESIDENT, "下水道堵了")
    await peer.wait_for(GROUP, "已登记 1号")
    await bot.wait_for_rows("select 1 where not exists (select 1 from outbox where state != 'sent')")
    if how == "killed":
        await peer.stop()
        await asyncio.sleep(3)
        await peer.start()
    else:
        await peer.act("close" if how == "closed" else "error", text="boom")
    loop = asyncio.get_running_loop()
    began = loop.time()
    number = 0
    while not any("楼道灯" in str(row) for row in bot.rows("select words from issues where number > 1")):
        number += 1
        await peer.say(
            RESIDENT, f"{number}单元楼道灯不亮"
        )  # what is said before it is back is lost: WeChat keeps nothing
        await asyncio.sleep(0.5)
        assert loop.time() - began < 8
    await peer.wait_for(GROUP, "照明")
    if how == "killed":
        await peer.wait_for(STAFF, "断开过，5栋群里这段时间的消息没有看到")
        assert len(peer.texts(STAFF)) == 1
    assert await bot.stop() == 0


async def test_a_new_login_suspends_what_was_bound_until_fresh_codes(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    await peer.say(RESIDENT, "下水道堵了")
    await peer.wait_for(GROUP, "已登记 1号")
    await peer.act("logout")
    await bot.wait_for_rows("select account from logins where not is_up")
    await peer.act("login", id=BOT)
    await bot.wait_for_rows("select account from logins where is_up and epoch = 2")
    await peer.say(HEAD, "待办", to=BOT)
    await peer.wait_for(HEAD, "现在没有待办的事")  # nobody in particular, whatever the id and the nickname
    await peer.say(RESIDENT, "楼道灯不亮")
    await peer.wait_for(GROUP, "本群还没有绑定楼栋")
    await bot.command("export", "codes", str(bot.folder / "codes.csv"), "--config", str(bot.config))
    codes = [line.split(",") for line in (bot.folder / "codes.csv").read_text("utf-8-sig").splitlines()]
    head = next(row[5] for row in codes if row[1] == "张建国")
    group = next(row[5] for row in codes if row[0] == "绑定群")
    await peer.say(HEAD, head, to=BOT)
    await peer.wait_for(HEAD, "欢迎，楼栋长张建国")
    await peer.say(HEAD, group)
    await peer.wait_for(GROUP, "本群已绑定 5栋")
    await peer.say(RESIDENT, "楼道灯不亮")
    await peer.wait_for(GROUP, "已登记 2号：照明")


@pytest.mark.nightly
async def test_a_gateway_that_hangs_is_left_and_found_again(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    peer.send_signal(signal.SIGSTOP)
    await bot.wait_for_log("wechat gateway lost", 60)
    peer.send_signal(signal.SIGCONT)
    await peer.wait_for(STAFF, "断开过")
    await peer.say(RESIDENT, "下水道堵了")
    await peer.wait_for(GROUP, "已登记 1号")


async def test_a_gateway_that_is_away_at_first_is_waited_for(tmp_path: Path) -> None:
    install()
    peer = WechatPeer()
    bot = WechatBot(tmp_path, peer)
    try:
        await bot.command("import", str(tmp_path / "roster"), "--config", str(bot.config))
        await bot.start()
        await bot.wait_for_log("connection refused")
        await peer.start(is_logged_in=False)
        await peer.act("scan", code="https://login.example/xyz")
        await bot.wait_for_log("wechat wants to be logged in")
        await peer.act("login", id=BOT)
        await is_up(bot)
        await peer.say(RESIDENT, "下水道堵了")
        await peer.wait_for(GROUP, "已登记 1号")
    finally:
        await bot.stop(signal.SIGKILL)
        await peer.stop()


async def test_members_and_invitations_are_seen(peer: WechatPeer, bot: WechatBot) -> None:
    await bot.start()
    await is_up(bot)
    await peer.act("friend", id="f1")
    await peer.act("invite", id="i1")
    await peer.until(lambda: {"accepted": "f1"} in peer.sent and {"invited": "i1"} in peer.sent)
    await peer.act("room", id="6@chatroom", topic="6栋", members=[HEAD])
    await peer.act("join", room="6@chatroom", who=[BOT], by=HEAD)
    await peer.wait_for("6@chatroom", "大家好，我是楼栋小助手")
    await peer.act("topic", room=GROUP, text="五栋一家亲", by=HEAD)
    await peer.say(RESIDENT, "下水道堵了")
    await peer.wait_for(GROUP, "已登记 1号")
    await peer.say(HEAD, "认领 1", to=BOT)
    await peer.wait_for(GROUP, "1号 张建国已认领")
    await peer.act("leave", room=GROUP, who=[HEAD], by=HEAD)
    await peer.wait_for(STAFF, "楼栋长张建国退出了5栋的群")
    await peer.act("leave", room=GROUP, who=[BOT], by=HEAD)
    await peer.wait_for(STAFF, "5栋的群把我移出了")


async def test_one_community_on_wechat_and_telegram(peer: WechatPeer, tmp_path: Path) -> None:
    """The group is on WeChat, the staff on both: while WeChat is logged out they hear by Telegram."""
    server = TelegramServer()
    await server.start()
    bot = WechatBot(tmp_path, peer, server.url)
    try:
        await bot.command("import", str(tmp_path / "roster"), "--config", str(bot.config))
        await bot.start()
        await is_up(bot)
        await peer.say(RESIDENT, "电梯里困住人了")
        await peer.wait_for(GROUP, "被困请按电梯里的警铃")
        await peer.act("logout")
        told = await server.wait_for(STAFF_ON_TELEGRAM, "账号wx1掉线了，5栋群里的消息看不到")
        await server.say(STAFF_ON_TELEGRAM, STAFF_ON_TELEGRAM, "待办")
        await server.wait_for(STAFF_ON_TELEGRAM, "🔴 1号 电梯")
        assert told.chat == STAFF_ON_TELEGRAM
    finally:
        await bot.stop()
        await server.stop()


async def test_the_doctor_shows_what_to_scan_and_never_the_token(tmp_path: Path) -> None:
    install()
    peer = WechatPeer()
    await peer.start(is_logged_in=False)
    try:
        bot = WechatBot(tmp_path, peer)
        await peer.act("scan", code="https://login.example/xyz")
        said = await bot.output("doctor", "--config", str(bot.config))
        assert "FIX  wechat wx1: not logged in; scan this" in said
        assert "█" in said
        await peer.act("login", id=BOT)
        assert "ok   wechat wx1: logged in" in await bot.output("doctor", "--config", str(bot.config))
        bot.config.write_text(bot.config.read_text("utf-8").replace(TOKEN, "puppet_wrong"), "utf-8")
        said = await bot.output("doctor", "--config", str(bot.config))
        assert "the gateway refuses the token" in said
        assert "puppet_wrong" not in said
    finally:
        await peer.stop()


async def test_the_newest_libraries_and_this_python_import_all_of_wechaty() -> None:
    code = "from bot.platforms.wechat_compat import repair; repair(); import wechaty; print(wechaty.Wechaty.__name__)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.split()[-1] == b"Wechaty"


async def test_without_a_wechat_account_nothing_of_wechaty_is_imported() -> None:
    code = "import sys, bot.app, bot.cli, bot.doctor; print([m for m in sys.modules if m.startswith('wechaty')])"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    assert out.strip() == b"[]"


@pytest.mark.nightly
async def test_after_five_hundred_breaks_what_was_delivered_had_its_effect(peer: WechatPeer, bot: WechatBot) -> None:
    """The stream is broken again and again while people talk: whatever the bot's process was given is there once."""
    await bot.start()
    await is_up(bot)
    for number in range(500):
        await peer.say(RESIDENT, f"报事 第{number}件")
        await asyncio.sleep(0.02)
        await peer.act("close")
        await asyncio.sleep(0.05)
    await peer.say(RESIDENT, "报事 最后一件")
    for _ in range(60):
        await peer.say(RESIDENT, "报事 最后一件")
        await asyncio.sleep(0.5)
        if bot.rows("select 1 from issues where words = '最后一件'"):
            break
    delivered = [row[0] for row in bot.rows("select key from receipts where key like 'wechat/wx1/%'")]
    assert len(delivered) == len(set(delivered))
    words = [row[0] for row in bot.rows("select words from issues")]
    assert len(words) == len(set(words))
    assert "最后一件" in words
