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


# 关于…的问题 · 投诉… · 恳请…
_OPENING = re.compile(
    r"^\W{0,3}(?:再次|强烈|实名|紧急|特此)?(?:咨询|询问|投诉|举报|反映|请求|恳请|恳求|呼吁|质疑|控诉|求解决|关于|想咨询|我想咨询|我要投诉|我要举报|我要反映"
    r"|请(?=[a-z]\d|.{2,8}(?:政府|局|部门|领导|市长|书记|县长|镇长)))"
)
# 请问… · 希望… ; chat begins like this, too
_SOFT_OPENING = re.compile(
    r"^\W{0,3}(?:请问|建议|希望|求助|对于|请(?![假客吃你我帮看大各注])|要求|盼|急需|想问|我想问|能否|是否|何时|为何|谁来)"
)
# …的问题 · …的建议 · …何去何从
_CLOSING = re.compile(
    r"(?:的(?:相关)?(?:建议|咨询|投诉|反映|请求|质疑|诉求|请示|情况反映)|(?<!一个)(?<!个)(?<!没)问题|何去何从|盼解决|望解决|求解决|求整顿|请求处理|合理吗|合法吗|合理么"
    r"|是否合理|是否合法|是否属实|怎么解决|如何解决|谁来管|有何依据|令人堪忧|亟待\w{2,4})[?？!！。.…]{0,3}$"
)
# A7县, A市B区: only in petitions made public are places named so, and no talk is; but B区 is a part of the estate
_LATIN = re.compile(r"(?<![a-z])[a-z](?:\d{1,2}[市县区镇]|[市县镇]|(?<=市[a-z])区)(?!场)")
# A7县 · 新化县 · 上梅街道 ; not 超市, 小区, 街道上
_AREA = re.compile(
    _LATIN.pattern + r"|^[\u4e00-\u9fff]{2}省(?![钱电事心时力])"
    r"|[\u4e00-\u9fff]{2}(?:(?<!知道)县(?![城里上])|街道办|街道(?![上边两旁口])|镇政府|乡政府)"
)
# 尊敬的领导 · 本人… · 我是某小区业主 ; how a letter begins
_WRITER = re.compile(
    r"^.{0,6}(?:尊敬的|您好[,，!！。]|你好[,，!！。]|本人|投诉人|诉求|我想(?:知道|了解|咨询)|我(?:现在|目前)?(?:居)?住在)"
    r"|^.{0,4}(?:我|我们)(?:是|属于|作为).{1,16}(?:业主|村民|居民|员工|职工|学生|教师|老师|司机|住户|用户|家长|考生)"
)
# 某某有限公司 · 教育局 · 村委会
_INSTITUTION = re.compile(
    r"有限公司|集团|[\u4e00-\u9fff]{2}(?<!大结)(?<!的结)(?<!了饭)局(?![面势部限])|人民医院|卫生院|中学|大学|学院|小学|法院|派出所|居委会|村委会|政府|公安|业主|村民|职工|开发商|管理中心"
    r"|交[汇叉]处|路(?:与|和|至)[\u4e00-\u9fff]{2,5}路|大道|内河|安置房|楼盘"
)
# 何时…? · 什么时候…? · 为什么…?
_WHEN = re.compile(r"何时|几时|什么时候|为何|为什么|为啥|怎么不|是否|能否|到底|究竟|有没有(?:计划|政策|规定|可能)")
# 拖欠 · 迟迟不 · 影响 ; words of grievance, in a text that is a petition by its form
_GRIEVANCE = re.compile(
    "拖欠|拖延|迟迟|违规|违法|违反|非法|涉嫌|强制|强行|强迫|强占|擅自|私自|乱收|收费|欺骗|欺诈|诈骗|骗取|骗|垄断|不公|不合理|不规范|不按|不符|不兑现|没兑现|不给|不予|不退"
    "|不能|不让|没有|没人|无人|无法|难|无证|严重|影响|泛滥|堪忧|混乱|太差|恶劣|低劣|贪|腐败|侵吞|侵犯|侵害|侵占|威胁|打伤|补偿|待遇|工资|福利|补贴|急需|亟需|亟待"
    "|需要|尽快|希望|加强|加大|取消|关停|搬迁|拆迁|拆除|改造|整治|整顿|规划|建设|质疑|隐患|污染|扰民|停工|烂尾|堵|乱|坏|缺|差劲|太少|太多|太慢|太低|太高|太难|太贵"
    "|维权|权益|利益|投诉|反对|抗议|减少|事故|破烂|破损|湿滑|停运|启用|不足|分配不|剥夺|捆绑|绑定|补课|招嫖|拒|凭什么|没亮|完工|竣工|食言|焚烧|噪音|噪声|声音|矛盾|不达标|失业|裁|报销|资格|招聘"
    "|反复|多次|长期|多年|至今|一直|居然|竟然|何在|欠|坑|要求|强烈|极其|非常|违建|扣|罚|停水|停电|漏|烂|臭|垃圾|黑|吵|挤|慢|贵|高价|虚假|偷|占|非|赌|卖公平|监管|监督|处理|解决|落实|诉求|民生"
)
# the same in words that hardly fall in talk
_INJUSTICE = re.compile(
    "拖欠|迟迟|违规|违法|违章|非法|涉嫌|强制|强行|强迫|擅自|乱收|收费|欺骗|欺诈|诈骗|垄断|不公|不合理|无证|泛滥|堪忧|混乱|恶劣|腐败|侵吞|侵犯|侵占|打伤|补偿|待遇|补贴|整治|整顿"
    "|隐患|污染|扰民|停工|烂尾|维权|权益|投诉|反对|抗议|监管|落实|捆绑|绑定|拒绝|剥夺|不负责|责任|恳请|强烈要求|反映|服务态度|不作为|资格|政策|规划|征收|拆迁|噪音|噪声"
)
_QUESTION = re.compile(r"[?？]|吗\W{0,2}$|呢\W{0,2}$")
_FRAMES = (
    ("opening", _OPENING), ("soft opening", _SOFT_OPENING), ("closing", _CLOSING), ("area", _AREA), ("when", _WHEN),
    ("institution", _INSTITUTION),
)  # fmt: skip
_FORMAL = frozenset({"opening", "area"})
_HALF_FORMAL = frozenset({"letter", "institution"})
LETTER = 30
"""本人… in a line shorter than this is talk; a letter says more."""

READ = 600
"""So many characters are read for its form: a letter shows it at its head."""

HEADING = 4
"""A petition's title begins with the place it is about; talk does not."""

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


def has_area(text: str) -> bool:
    """Whether a place is named by a letter, as anonymised petitions do: the one frame without a word of its own."""
    return _LATIN.search(text) is not None


def frames_of(text: str) -> list[Frame]:
    """The marks of a petition in a normalised text, each kind once; in a long one, where it begins."""
    text = text[:READ]
    found = ((name, pattern.search(text)) for name, pattern in _FRAMES)
    frames = [Frame(name, *match.span()) for name, match in found if match]
    if len(text) >= LETTER and (match := _WRITER.search(text)):
        frames.append(Frame("letter", *match.span()))
    names = {frame.name for frame in frames}
    if names & _FORMAL:
        further = (("grievance", _GRIEVANCE), ("question", _QUESTION))
    elif names & _HALF_FORMAL:
        further = (("grievance", _INJUSTICE),)
    else:
        return [frame for frame in frames if frame.name == "closing"]
    for name, pattern in further:
        if match := pattern.search(text):
            frames.append(Frame(name, *match.span()))
    if not names & _FORMAL and frames[-1].name != "grievance":
        return []
    if match := _LATIN.search(text):
        frames.append(Frame("anonymised", match.start(), len(text)))
    elif any(frame.name == "area" and frame.start <= HEADING for frame in frames):
        frames.append(Frame("heading", 0, max(frame.end for frame in frames if frame.name == "area")))
    return frames


def is_petition(frames: list[Frame]) -> bool:
    """Whether the form alone says that an authority is addressed."""
    names = {frame.name for frame in frames}
    return bool(names & (_FORMAL | _HALF_FORMAL)) and len(names - {"when", "question"}) >= 2


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
    if _ENQUIRE.search(text) and (topic is None or topic in _ENQUIRIES):
        return Kind.ENQUIRY
    if _CRITICISE.search(text):
        return Kind.CRITICISM
    if topic in _COMPLAINTS:
        return Kind.COMPLAINT
    return Kind.HELP
