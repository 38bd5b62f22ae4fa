"""How a process knows what it may do alone, and of whom it may take over."""

import asyncio
import os
import subprocess
import sys

from bot import leases
from bot.core import Core
from bot.leases import Leases, is_gone, this_process
from storage.database import Database
from storage.outbox import OutboxMessage
from tests.bot.test_outbox import Peer, Post
from tests.conftest import NOW


def test_a_process_that_ended_is_known_to_be_gone_and_a_living_one_is_not() -> None:
    assert not is_gone(this_process())
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    machine = this_process().rpartition("/")[0].rpartition("/")[0]
    holder = f"{machine}/{other.pid}/{leases._started(other.pid)}"
    assert not is_gone(holder)
    other.kill()
    for _ in range(500):  # dead, though not buried yet
        if is_gone(holder):
            break
    assert is_gone(holder)
    other.communicate()
    assert is_gone(f"{machine}/{os.getpid()}/12")  # its number was given to somebody else


def test_of_another_machine_nobody_here_knows() -> None:
    assert not is_gone("another-boot/1/99999999/5")
    assert not is_gone("nonsense")


async def test_work_goes_on_while_the_lease_is_held_and_ends_when_it_is_lost(database: Database) -> None:
    core = Core()
    now = NOW
    ours, theirs = (Leases(database, core, lambda: now, name) for name in ("ours", "theirs"))
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    task = asyncio.create_task(ours.while_held("x", work))
    await asyncio.sleep(0)
    assert not begun.is_set()
    await ours.renew()
    await asyncio.wait_for(begun.wait(), 5)
    theirs.want("x")
    now += leases.LEASE
    await theirs.renew()
    await ours.renew()
    await asyncio.wait_for(ended.wait(), 5)
    task.cancel()


async def test_a_sender_that_was_frozen_does_not_send_or_note_what_another_has_taken_over(database: Database) -> None:
    peer = Peer()
    post = Post(database, peer)
    frozen, delivery = post.leases, post.delivery
    post.put("甲")
    await frozen.renew()
    claimed = await post.core.run(delivery._claim)  # and here it stands still
    post.now += leases.LEASE
    post.leases, post.delivery = post.another_process("other")
    await post.rounds(2)
    assert [message.text for message in peer.sent] == ["【重发】甲"]
    frozen._held = {name: since - leases.LEASE.total_seconds() for name, since in frozen._held.items()}
    assert await delivery._send(claimed[0]) is None
    assert len(peer.sent) == 1
    assert post.states() == ["sent"]


async def test_a_result_that_comes_after_another_has_taken_over_changes_nothing(database: Database) -> None:
    peer = Peer()
    post = Post(database, peer)
    late = post.delivery
    post.put("甲")
    await post.leases.renew()
    claimed = await post.core.run(late._claim)
    result = await late._send(claimed[0])  # it arrives, and then the process stands still
    post.now += leases.LEASE
    post.leases, post.delivery = post.another_process("other")
    await post.rounds(2)
    assert [message.text for message in peer.sent] == ["甲", "【重发】甲"]
    await post.core.run(late._record, [result])
    with database.transaction() as session:
        assert session.query(OutboxMessage).one().message_id == "2"
