"""How a request is put: the frame of a petition, and its kind (咨询 求助 建议 批评 投诉 举报)."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the speaker wants, as the 12345 line sorts requests. A kind, not a domain."""

    ENQUIRY = "enquiry"
    HELP = "help"
    SUGGESTION = "suggestion"
    CRITICISM = "criticism"
    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a text that marks it as addressed to an authority."""

    name: str
    start: int
    end: int


# 关于…的问题 · 投诉… · 恳请… · 请问…
_OPENING = re.compile(
    r"^\W{0,3}(?:再次|强烈|实名|紧急|特此)?(?:咨询|请问|询问|投诉|举报|反映|建议|希望|请求|恳请|恳求|呼吁|质疑|求助|求解决|关于|对于|致|请|要求|盼"
    r"|急需|想问|想咨询|我想问|我想咨询|我要投诉|我要举报|我要反映|能否|是否|何时|为何|谁来)"
)
# …的问题 · …的建议 · …何去何从
_CLOSING = re.compile(
    r"(?:的?(?:相关)?(?:问题|建议|咨询|投诉|反映|请求|质疑|诉求|请示|情况反映)|何去何从|盼解决|望解决|求解决|求整顿|请求处理|合理吗|合法吗|合理么|是否合理|是否合法|是否属实"
    r"|怎么解决|如何解决|谁来管|有何依据|令人堪忧|亟待\w{2,4})[?？!！。.…]{0,3}$"
)
# A7县 · 西地省 · 新化县 · 上梅街道 ; not 超市, 小区, 街道上
_AREA = re.compile(
    r"(?<![a-z])[a-z]\d{1,2}(?:市|县|区|镇)|(?<![a-z])[a-z]市|[\u4e00-\u9fff]{2}(?:县(?!城)|街道办|街道(?![上边两旁口])|镇政府|乡政府)"
)
# 何时…? · 什么时候…? · 为什么…?
_WHEN = re.compile(r"何时|几时|什么时候|为何|为什么|为啥|怎么不|是否|能否|到底|究竟|有没有(?:计划|政策|规定|可能)")
_FRAMES = (("opening", _OPENING), ("closing", _CLOSING), ("area", _AREA), ("question", _WHEN))

_DENOUNCE = re.compile("举报|检举|揭发")
_COMPLAIN = re.compile("投诉|维权|讨(?:个)?说法|要个说法|追究|太过分|欺人太甚|违法|违规|诈骗|欺骗|拖欠")
_SUGGEST = re.compile(
    r"^\W{0,3}(?:建议|希望|提议|呼吁)|建议|提个?议|能不能(?:加|装|增|设|建|搞|办|组织|开)|可不可以(?:加|装|增|设|搞|办|组织)|最好(?:能|加|装|设)"
    r"|(?:加装|增设|增加|装个|装一个|搞一个|组织一次)"
)
_ENQUIRE = re.compile(
    r"咨询|请问|想问|问一下|问下|怎么(?:办理|申请|转|交|缴|领|补|报名|参加)|(?:在)?(?:哪里|哪)(?:办|交|领|续|报名)|什么(?:条件|手续|材料|政策|流程)|哪些(?:资料|材料|手续)"
)
_CRITICISE = re.compile(
    "不作为|不管事|没人管|形同虚设|装死|摆烂|敷衍|推诿|踢皮球|太差|差劲|只(?:知道|晓得)?收钱|光收钱|没素质|素质|缺德|没公德|不像话|黑心"
)
_COMPLAINTS = frozenset(
    {"noise", "neighbour", "property", "money", "parking", "clutter", "pets", "smoking", "structures", "stalls",
     "conduct", "posters", "pollution", "falling_object"}
)  # fmt: skip
_ENQUIRIES = frozenset({None, "volunteer", "culture", "hardship", "disabled"})


def frames_of(text: str) -> list[Frame]:
    """The marks of a petition in a normalised text, each kind once."""
    found = ((name, pattern.search(text)) for name, pattern in _FRAMES)
    return [Frame(name, *match.span()) for name, match in found if match]


def kind_of(text: str, topic: str | None, *, is_urgent: bool) -> Kind:
    """The kind of a request, from its words and else from its topic: a fault wants help, bad conduct is a complaint."""
    if is_urgent:
        return Kind.HELP
    if _DENOUNCE.search(text):
        return Kind.DENUNCIATION
    if _COMPLAIN.search(text):
        return Kind.COMPLAINT
    if _SUGGEST.search(text):
        return Kind.SUGGESTION
    if _ENQUIRE.search(text) and topic in _ENQUIRIES:
        return Kind.ENQUIRY
    if _CRITICISE.search(text):
        return Kind.CRITICISM
    if topic in _COMPLAINTS:
        return Kind.COMPLAINT
    return Kind.ENQUIRY if topic is None else Kind.HELP
