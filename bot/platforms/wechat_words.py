"""What a WeChat message says: emoticon codes, line breaks, quotes and the XML of everything that is no text."""

import html
import re
from dataclasses import dataclass
from xml.etree import ElementTree

# The codes that the app writes for its own small pictures. Square brackets around anything else are words.
_NAMES = """
微笑 撇嘴 色 发呆 得意 流泪 害羞 闭嘴 睡 大哭 尴尬 发怒 调皮 呲牙 惊讶 难过 酷 冷汗 抓狂 吐 偷笑
愉快 可爱 白眼 傲慢 饥饿 困 惊恐 流汗 憨笑 悠闲 大兵 奋斗 咒骂 疑问 嘘 晕 疯了 衰 骷髅 敲打 再见
擦汗 抠鼻 鼓掌 糗大了 坏笑 左哼哼 右哼哼 哈欠 鄙视 委屈 快哭了 阴险 亲亲 吓 可怜 菜刀 西瓜 啤酒
篮球 乒乓 咖啡 饭 猪头 玫瑰 凋谢 嘴唇 爱心 心碎 蛋糕 闪电 炸弹 刀 足球 瓢虫 便便 月亮 太阳 礼物
拥抱 强 弱 握手 胜利 抱拳 勾引 拳头 差劲 爱你 NO OK 爱情 飞吻 跳跳 发抖 怄火 转圈 磕头 回头
跳绳 投降 激动 乱舞 献吻 左太极 右太极 嘿哈 捂脸 奸笑 机智 皱眉 耶 吃瓜 加油 汗 天啊 Emm
社会社会 旺柴 好的 打脸 哇 翻白眼 666 让我看看 叹气 苦涩 裂开 合十 福 发 红包 烟花 爆竹 囧 鸡
Smile Grimace Smart
"""
EMOTICONS = frozenset(_NAMES.split())
_CODE = re.compile(r"\[([^\[\]\s]{1,8})\]")
_BREAK = re.compile(r"<br\s?/?>", re.I)
# 「张三：楼道灯不亮」, a line of dashes, the answer
_QUOTE = re.compile(
    r"^「(?P<name>[^：:\n]{1,40})[：:](?P<text>.{0,2000}?)」\s*\n(?:-\s?){5,}\s*\n(?P<answer>.*)$", re.S
)
_MENTION = re.compile(r"@[^@\s\u2005]{1,40}[\u2005\u2006\xa0]\s?")
_QUOTE_TYPE = "57"
MOST = 20_000
"""Longer XML is not looked into."""


@dataclass(frozen=True, slots=True)
class Read:
    """A message's own words, and what it quotes: who said that (an id where it is known), and how it went."""

    text: str
    quoted_text: str = ""
    quoted_name: str = ""
    quoted_id: str = ""


def read_words(raw: str) -> Read | None:
    """The words of a text message; None for what only looks like one (a link, a mini-program, a system note)."""
    stripped = raw.strip()
    if stripped.startswith("<"):
        return _read_xml(stripped)
    if match := _QUOTE.match(stripped):
        return Read(plain(match["answer"]), plain(match["text"]), match["name"].strip())
    return Read(plain(raw))


def _read_xml(text: str) -> Read | None:
    # No document type: entities could be made to blow up.
    if not re.match(r"^<(?:\?xml|msg|appmsg|sysmsg)\b", text):
        return Read(plain(text))
    if len(text) > MOST or "<!" in text.replace("<![CDATA[", ""):
        return None
    try:
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError:
        return None
    message = root.find(".//appmsg")
    quoted = root.find(".//refermsg")
    if message is None or quoted is None or message.findtext("type") != _QUOTE_TYPE:
        return None
    return Read(
        plain(message.findtext("title") or ""), plain(quoted.findtext("content") or ""),
        quoted.findtext("displayname") or "", quoted.findtext("chatusr") or quoted.findtext("fromusr") or "",
    )  # fmt: skip


def plain(raw: str) -> str:
    """Breaks as line ends, entities as what they stand for, emoticon codes gone."""
    text = html.unescape(_BREAK.sub("\n", raw))
    return _CODE.sub(lambda match: " " if match[1] in EMOTICONS else match[0], text).strip()


def without_mentions(text: str) -> str:
    """The words without «@name» in front of them; WeChat ends a name with a space of its own kind."""
    return _MENTION.sub("", text).strip()


def parts(text: str, longest: int) -> list[str]:
    """A long text in pieces that end where a line or a sentence does, as far as it has such places."""
    pieces: list[str] = []
    while len(text) > longest:
        head = text[:longest]
        cut = max(head.rfind("\n"), max((head.rfind(mark) for mark in "。！？；"), default=-1))
        cut = cut + 1 if cut > longest // 3 else longest
        pieces.append(text[:cut].rstrip("\n"))
        text = text[cut:].lstrip("\n")
    return [*pieces, text] if text else pieces
