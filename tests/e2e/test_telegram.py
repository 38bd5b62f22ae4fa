"""The bot on Telegram: over HTTP against a Bot API server, in a process of its own."""

import asyncio
import signal

from lo_bot_api_emulator import ApiRefusal

from tests.e2e.conftest import GROUP, HEAD, NEIGHBOUR, RESIDENT, STAFF, BotProcess
from tests.e2e.telegram_server import NOW, TOKEN, TelegramServer


async def test_a_report_is_carried_from_the_group_to_its_closing(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    said = await server.say(GROUP, RESIDENT, "三单元电提又坏了")
    line = await server.wait_for(GROUP, "已登记 1号：电梯（3单元）")
    assert line.buttons == ["claim 1", "metoo 1"]
    assert str(said) in str(line.fields["reply_parameters"])
    told = await server.wait_for(HEAD, "三单元电提又坏了")

    await server.press(line, "metoo 1", NEIGHBOUR)
    await server.press(told, "claim 1", HEAD)
    await server.wait_for(GROUP, "1号 张建国已认领")
    await server.say(HEAD, HEAD, "办结 1 换了主板")
    asked = await server.wait_for(GROUP, "好了回 1")
    await server.press(asked, "confirm 1", RESIDENT)
    await server.wait_for(GROUP, "✅ 1号已销号")

    assert bot.rows("select status from issues") == [("closed",)]
    assert bot.rows("select count(*) from supporters") == [(1,)]
    assert bot.rows("select amount, domain from point_transfers") == [(2, "safety")]
    assert await bot.stop() == 0
    assert TOKEN not in bot.log()


async def test_a_neighbours_press_on_claim_changes_nothing(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    line = await server.wait_for(GROUP, "已登记 1号")
    before = len(server.texts(GROUP))
    await server.press(line, "claim 1", NEIGHBOUR)
    notice = await server.wait_for(0, "")
    while notice.method != "answerCallbackQuery":
        await asyncio.sleep(0.05)
        notice = next((sent for sent in server.sent if sent.method == "answerCallbackQuery"), notice)
    assert "5栋楼栋长处理" in str(notice.fields["text"])
    assert bot.rows("select status from issues") == [("open",)]
    assert len(server.texts(GROUP)) == before


async def test_the_same_update_twice_and_a_malformed_one_between_change_nothing(
    server: TelegramServer, bot: BotProcess
) -> None:
    twice = server.message(GROUP, RESIDENT, "垃圾桶满了没人收", 900)
    await server.push({"message": twice})
    await server.push({"message": {"message_id": "not a number", "chat": 5, "date": []}})
    await server.push({"message": twice})
    await server.push({"message": server.message(GROUP, RESIDENT, "下水道堵了", 901)})
    await bot.start()
    await server.wait_for(GROUP, "2号：污水下水道")
    await asyncio.sleep(0.5)
    assert bot.rows("select number, topic from issues order by number") == [(1, "garbage"), (2, "sewage")]
    assert sum("已登记 1号" in text for text in server.texts(GROUP)) == 1


async def test_chatter_is_never_stored_and_never_answered(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    for words in ("今天天气真好", "晚上一起跳舞去吗", "这剧真垃圾", "哈哈哈哈"):
        await server.say(GROUP, NEIGHBOUR, words)
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    assert len(server.texts(GROUP)) == 1
    for table in ("receipts", "people", "issue_events"):
        (count,) = bot.rows(f"select count(*) from {table}")[0]
        assert count <= 4, table
    assert b"\xe5\xa4\xa9\xe6\xb0\x94" not in bot.database.read_bytes()


async def test_killed_between_commit_and_offset_nothing_is_lost_or_doubled(
    server: TelegramServer, bot: BotProcess
) -> None:
    """The update is confirmed only by the next getUpdates: the server hands it out again after the kill."""
    await server.say(GROUP, RESIDENT, "楼上漏水漏到我家厨房了")
    server.is_deaf_to_offsets = True
    await bot.start()
    await bot.wait_for_rows("select id from issues")
    assert await bot.stop(signal.SIGKILL) == -signal.SIGKILL

    server.is_deaf_to_offsets = False
    await bot.start()
    await server.wait_for(GROUP, "已登记 1号：楼上漏水")
    await server.say(GROUP, RESIDENT, "下水道堵了")
    await server.wait_for(GROUP, "已登记 2号")
    assert bot.rows("select count(*) from issues") == [(2,)]
    unmarked = [text for text in server.texts(GROUP) if text.startswith("已登记 1号")]
    assert len(unmarked) <= 1  # killed while it was being sent, it comes again with its mark


async def test_an_edit_of_a_report_corrects_it_and_an_old_edit_does_nothing(
    server: TelegramServer, bot: BotProcess
) -> None:
    await bot.start()
    said = await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    edited = server.message(GROUP, RESIDENT, "3单元楼道灯不亮", said, edit_date=NOW + said + 60)
    await server.push({"edited_message": edited})
    await server.say(GROUP, NEIGHBOUR, "/status 1")
    await server.wait_for(GROUP, "1号 照明：已登记")
    assert bot.rows("select number, unit from issues") == [(1, "3")]


async def test_a_photo_with_a_caption_reaches_the_head(server: TelegramServer, bot: BotProcess) -> None:
    upload = {"file_id": "photo-1", "file_unique_id": "u1", "width": 10, "height": 10}
    server.assets["photo-1"] = {"kind": "photo", "data": b"x", "size": 1}
    await bot.start()
    await server.say(GROUP, RESIDENT, "井盖不见了，太危险", photo=[upload])
    await server.wait_for(GROUP, "已登记 1号")
    await server.wait_for(HEAD, "井盖不见了")
    assert any(sent.method == "sendPhoto" and sent.chat == HEAD for sent in server.sent)
    assert bot.rows("select reference from photos") == [("photo-1",)]


async def test_a_group_that_became_a_supergroup_goes_on(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    new = -100777
    moved = server.message(GROUP, RESIDENT, "", 950, migrate_to_chat_id=new)
    del moved["text"]
    await server.push({"message": moved})
    await server.say(HEAD, HEAD, "认领 1")
    await server.wait_for(new, "1号 张建国已认领")
    await server.say(new, RESIDENT, "下水道堵了")
    await server.wait_for(new, "已登记 2号")


async def test_put_out_of_the_group_the_staff_hear_of_it(server: TelegramServer, bot: BotProcess) -> None:

    await bot.start()
    user = {"id": 7, "is_bot": True, "first_name": "bot"}
    await server.push({
        "my_chat_member": {
            "chat": {"id": GROUP, "type": "supergroup", "title": "5栋"},
            "from": {"id": RESIDENT, "is_bot": False, "first_name": "x"}, "date": NOW,
            "old_chat_member": {"status": "member", "user": user},
            "new_chat_member": {"status": "kicked", "user": user, "until_date": 0},
        }
    })  # fmt: skip
    await server.wait_for(STAFF, "5栋的群把我移出了")


async def test_asked_to_wait_it_waits_and_a_chat_shut_to_it_stops_only_itself(
    server: TelegramServer, bot: BotProcess
) -> None:
    server.refuse[GROUP] = [ApiRefusal("Too Many Requests: retry after 1", 429, {"retry_after": 1})]
    server.refuse[HEAD] = [ApiRefusal("Forbidden: bot was blocked by the user", 403)]
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    assert sum("已登记 1号" in text for text in server.texts(GROUP)) == 1
    assert bot.rows("select state, error from outbox where state = 'parked'") == [
        ("parked", "Forbidden: bot was blocked by the user")
    ]
    await server.say(GROUP, RESIDENT, "下水道堵了")
    await server.wait_for(GROUP, "已登记 2号")
    await server.wait_for(STAFF, "2号 污水下水道")


async def test_the_menus_are_set_for_groups_and_private_chats(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    scopes = [str(sent.fields.get("scope")) for sent in server.sent if sent.method == "setMyCommands"]
    assert any("all_group_chats" in scope for scope in scopes)
    assert any("all_private_chats" in scope for scope in scopes)


async def test_the_head_files_what_the_bot_missed_by_answering_it(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    missed = await server.say(GROUP, RESIDENT, "那个东西又来了")
    quoted = server.message(GROUP, RESIDENT, "那个东西又来了", missed)
    await server.say(GROUP, HEAD, "报事 虫鼠", reply_to_message=quoted)
    await server.wait_for(GROUP, "已登记 1号：虫鼠")
    assert bot.rows("select words, topic, source_message from issues") == [("那个东西又来了", "pest", str(missed))]
    assert bot.rows("select kind, topic, words from corrections") == [("missed", "pest", "那个东西又来了")]


async def test_a_street_word_is_understood_without_a_restart(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "三单元的铁牛趴下了")
    words = bot.folder / "lexicon.d"
    words.mkdir()
    (words / "ours.toml").write_text('[elevator]\nfaults = ["铁牛趴下了"]\n', "utf-8")
    for _ in range(40):
        await asyncio.sleep(1)
        await server.say(GROUP, NEIGHBOUR, "三单元的铁牛趴下了")
        if any("电梯" in text for text in server.texts(GROUP)):
            break
    assert bot.rows("select topic from issues") == [("elevator",)]


async def test_a_heads_morning_with_eight_open_issues(server: TelegramServer, bot: BotProcess) -> None:
    """List, card, claims of several, a photo, one given away, one merged, one handed up, one refused; all by chat."""
    server.assets["photo-2"] = {"kind": "photo", "data": b"x", "size": 1}
    await bot.start()
    reports = [
        "1单元灯坏了", "2单元灯坏了", "3单元电梯坏了", "2单元垃圾没人清", "1单元下水道堵了",
        "大门口乱停车，出不去", "外墙瓷砖掉下来了", "楼道里堆了好多纸箱",
    ]  # fmt: skip
    for number, words in enumerate(reports, 1):
        await server.say(GROUP, RESIDENT if number % 2 else NEIGHBOUR, words)
        await server.wait_for(GROUP, f"已登记 {number}号")

    await server.say(HEAD, HEAD, "待办")
    listed = await server.wait_for(HEAD, "8号 堆物占道 · 5栋楼道 · 已登记")
    assert len(listed.text.splitlines()) == 8
    await server.say(HEAD, HEAD, "7")
    card = await server.wait_for(HEAD, "「外墙瓷砖掉下来了」\n认领请回")
    assert card.buttons == ["claim 7"]
    await server.wait_for(HEAD, "7号 房屋设施 · 5栋外墙 · 已登记")

    await server.say(HEAD, HEAD, "认领1 ２、4")
    await server.wait_for(HEAD, "4号 张建国已认领。")
    line = await server.wait_for(GROUP, "已登记 1号")
    told = await server.wait_for(GROUP, "1号 张建国已认领。")
    assert str(line.message_id) in str(told.fields["reply_parameters"])  # under the line that registered it

    upload = {"file_id": "photo-2", "file_unique_id": "u2", "width": 10, "height": 10}
    await server.say(HEAD, HEAD, "办结 1 2 换了灯泡", photo=[upload])
    asked = await server.wait_for(GROUP, "1号照明，张建国说已办好（换了灯泡）")
    assert asked.method == "sendPhoto"
    await server.press(asked, "confirm 1", RESIDENT)
    await server.wait_for(GROUP, "✅ 1号已销号")
    second = await server.wait_for(GROUP, "2号照明，张建国说已办好")
    await server.press(second, "reopen 2", NEIGHBOUR)
    await server.wait_for(HEAD, "2号 照明 邻居说还没好")

    await server.say(HEAD, HEAD, "转派 4 肖主任 麻烦联系环卫")
    await server.wait_for(STAFF, "楼栋长张建国请您去办（麻烦联系环卫）。")
    await server.say(HEAD, HEAD, "上报 7 要动用维修资金")
    await server.wait_for(STAFF, "楼栋长张建国上报：要动用维修资金。")
    await server.say(HEAD, HEAD, "无效 6 车位归物业管，已转告")
    await server.wait_for(GROUP, "6号不登记了：车位归物业管，已转告")
    await server.say(HEAD, HEAD, "合并 4 8")
    await server.wait_for(GROUP, "8号和4号是一件事")
    await server.say(HEAD, HEAD, "延期 5 3天 等师傅")
    await server.wait_for(HEAD, "5号延期，限")
    await server.say(HEAD, HEAD, "联系 3")
    await server.wait_for(HEAD, "3号 人21")

    rows = bot.rows("select number, status from issues order by number")
    assert rows == [
        (1, "closed"), (2, "claimed"), (3, "open"), (4, "claimed"), (5, "open"), (6, "invalid"), (7, "open"),
        (8, "merged"),
    ]  # fmt: skip
    assert bot.rows("select level from issues where number = 7") == [("community",)]
    assert bot.rows("select look from audit where look = 'contact'") == [("contact",)]
    assert all(row[0] for row in bot.rows("select message from issue_events"))


async def test_who_leaves_the_group_hands_the_work_over(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    await server.say(HEAD, HEAD, "认领 1")
    await server.wait_for(GROUP, "1号 张建国已认领")
    gone = server.message(GROUP, HEAD, "", 960, left_chat_member={"id": HEAD, "is_bot": False, "first_name": "张"})
    del gone["text"]
    await server.push({"message": gone})
    await server.wait_for(STAFF, "楼栋长张建国退出了5栋的群")
    await server.wait_for(STAFF, "现在没有人办，认领请回「认领 1」")


async def test_a_mention_says_who_is_meant(server: TelegramServer, bot: BotProcess) -> None:
    await bot.start()
    await server.say(GROUP, RESIDENT, "楼道灯不亮")
    await server.wait_for(GROUP, "已登记 1号")
    mention = {
        "type": "text_mention",
        "offset": 5,
        "length": 2,
        "user": {"id": STAFF, "is_bot": False, "first_name": "肖"},
    }
    await server.say(GROUP, HEAD, "转派 1 小肖", entities=[mention])
    await server.wait_for(GROUP, "1号已请肖主任去办")
