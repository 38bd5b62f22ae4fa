"""The demo page in headless Chromium, as a visitor uses it. Skipped, with a word on it, where Chromium is missing."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Page, async_playwright, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium; on Debian: apt install chromium fonts-noto-cjk")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
# One white pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8ffff3f0005fe02fea7"
    "9a81d50000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """``loudong demo`` in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # NiceGUI behaves differently where it believes itself under test.
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    process = subprocess.Popen([sys.executable, "-m", "bot", "demo", "--port", str(port)], env=clean)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            time.sleep(0.2)
    yield url
    process.send_signal(signal.SIGINT)
    process.wait(20)


async def opened(address: str, **options: object) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(**options)  # type: ignore[arg-type]
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(address)
        await expect(page.get_by_placeholder("说一句…")).to_be_visible(timeout=20_000)
        yield page
        assert wrong == []
        await browser.close()


@pytest.fixture
async def page(address: str) -> AsyncIterator[Page]:
    async for page in opened(address, viewport={"width": 1280, "height": 800}):
        yield page


@pytest.fixture
async def phone(address: str) -> AsyncIterator[Page]:
    async for page in opened(address, viewport=PHONE, is_mobile=True, has_touch=True):
        yield page


async def speak_as(page: Page, name: str) -> None:
    await page.get_by_label("谁在说话").click()
    await page.get_by_role("option", name=name).first.click()


async def say(page: Page, words: str) -> None:
    box = page.get_by_label("说的话")
    await box.fill(words)
    await box.press("Enter")


async def test_a_report_becomes_a_card_and_its_button_claims_it(page: Page) -> None:
    await say(page, "七单元楼道灯不亮")
    line = page.locator(".line.bot", has_text="7单元楼道").last
    await expect(line).to_contain_text("已登记", timeout=10_000)
    card = page.locator(".card", has_text="七单元楼道灯不亮")
    await expect(card).to_contain_text("已登记，等人认领")

    await speak_as(page, "张建国")
    await line.get_by_role("button", name="认领").click()
    await expect(card).to_contain_text("张建国处理中", timeout=10_000)
    await expect(page.locator(".line.bot", has_text="张建国已认领").last).to_be_visible()


async def test_nothing_can_be_written_until_the_page_is_connected(address: str) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page()
        # A server that never answers: the page's own socket is not passed on.
        await page.route_web_socket(lambda _: True, lambda _: None)
        await page.goto(address)
        await expect(page.get_by_label("说的话")).to_be_disabled()
        await browser.close()


async def test_chatter_is_shown_and_left_alone(page: Page) -> None:
    before = await page.locator(".line.bot").count()
    await say(page, "今天晚上吃什么好呢")
    await expect(page.locator(".line", has_text="今天晚上吃什么好呢")).to_be_visible()
    await page.wait_for_timeout(1500)
    assert await page.locator(".line.bot").count() == before


async def test_markup_and_formulas_are_words(page: Page) -> None:
    await say(page, "<img src=x onerror=alert(1)> 八单元门禁坏了 =HYPERLINK(1)")
    line = page.locator(".line", has_text="<img src=x onerror=alert(1)>").first
    await expect(line).to_be_visible(timeout=10_000)
    assert await page.locator("img[src=x]").count() == 0


async def test_a_photo_goes_with_the_next_words(page: Page, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG)
    await page.locator("input[type=file]").set_input_files(tmp_path / "p.png")
    await expect(page.get_by_text("照片会和下一句话一起发出")).to_be_visible(timeout=10_000)
    await say(page, "九单元门口井盖不见了")
    await expect(page.locator(".line", has_text="九单元门口井盖不见了").locator("img")).to_have_count(1, timeout=10_000)


async def test_what_is_no_photo_is_refused(page: Page, tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"<svg onload=alert(1)>")
    await page.locator("input[type=file]").set_input_files(tmp_path / "p.png")
    await expect(page.get_by_text("只能发 JPG、PNG 或 WebP 照片")).to_be_visible(timeout=10_000)


async def test_on_a_phone_chats_talk_and_board_are_a_tap_apart(phone: Page) -> None:
    width = await phone.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    await say(phone, "六单元电梯坏了")
    await expect(phone.locator(".line.bot", has_text="6单元").last).to_be_visible(timeout=10_000)
    await phone.locator(".switch button", has_text="诉求").tap()
    await expect(phone.locator(".card", has_text="六单元电梯坏了")).to_be_visible(timeout=10_000)
    await phone.locator(".switch button", has_text="群和私聊").tap()
    await phone.locator(".one", has_text="张建国").first.tap()
    await expect(phone.locator(".line.bot", has_text="六单元电梯坏了").last).to_be_visible(timeout=10_000)
