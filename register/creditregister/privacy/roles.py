"""Names of persons in free text 姓名: after a role word, before personal data, and their home addresses.

A name is taken only where its end is clear: at punctuation, or before a word that follows names. Where a
surname stands after a role word and the end is not clear, the text is reported as uncertain instead, and
the record is held for somebody to look. Forms with 某 and names of organisations are left as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.privacy.found import Found, Kind
from creditregister.privacy.names import CLEAR, is_organisation, surname_length

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAN: Final = "\u3400-\u9fff\U00020000-\U0003ffff"
_DOTS: Final = "·•・‧∙⋅．"

#: Who is named in decisions beside the subject: parties, staff, witnesses, officials.
_ROLES: Final = (
    "法定代表人|法人代表|代表人|主要负责人|现场负责人|负责人|责任人|责任人员|经营者|实际控制人|控制人|投资人|合伙人|股东|董事长|董事|监事"
    "|总经理|项目经理|经理|厂长|店长|店主|老板|业主|校长|院长|园长|村长|主任|队长|组长|班长|车间主任|投诉人|投诉者|举报人|举报者|受害人"
    "|被害人|受害者|死者|伤者|遇难者|患者|消费者|顾客|客户|购买者|购买人|买家|卖家|乘客|旅客|学生|学员|家长|监护人|驾驶员|驾驶人|司机|车主"
    "|船长|船员|船主|货主|押运员|证人|见证人|在场人|知情人|业务员|销售员|销售人员|售货员|营业员|服务员|店员|员工|职工|职员|工人|雇员|雇工"
    "|民工|临时工|操作工|电工|焊工|厨师|会计|出纳|采购员|仓管员|保管员|质检员|检验员|安全员|施工员|监理|管理员|管理人员|工作人员|从业人员"
    "|技术人员|作业人员|操作人员|维修人员|医生|医师|护士|药师|技师|教师|老师|律师|委托代理人|诉讼代理人|代理人|受托人|受委托人|委托人"
    "|联系人|经办人|承包人|承包者|承租人|出租人|房东|租客|租户|村民|居民|户主|户主人|原告|被告|第三人|案外人|申请人|被申请人|申请执行人"
    "|被执行人|债权人|债务人|担保人|保证人|当事人|被处罚人|违法行为人|违法行为人员|违法嫌疑人|犯罪嫌疑人|嫌疑人|行为人|被询问人|询问人|记录人"
    "|执法人员|检查人员|办案人员|调查人员|采样人员|检测人员|送达人|收件人|收货人|发货人|送货人|供货人|供货商|配偶|丈夫|妻子|父亲|母亲|儿子|女儿"
)
_ROLE: Final = re.compile(f"(?:{_ROLES})(?:姓名|名叫|叫做)?")
#: What stands between role and name; a colon (or 姓名) says that a name follows.
_SEPARATOR: Final = re.compile(r"(?:[系是为][：:]?)?[：:\s]{0,3}[（(“\"「]?")
_NAMED: Final = ("姓名", "名叫", "叫做")
_RUN: Final = re.compile(f"[{_HAN}]{{0,24}}")
_DOTTED: Final = re.compile(f"[{_HAN}]{{1,4}}(?:[{_DOTS}][{_HAN}]{{1,10}}){{1,3}}")
_LATIN: Final = re.compile(r"[A-Z][A-Za-z'.-]{1,20}(?: [A-Z][A-Za-z'.-]{0,20}){1,3}(?![A-Za-z])")
_AND: Final = re.compile("[、和与及]|以及")
#: Characters that begin the words after a name: verbs, particles, personal data.
_AFTER: Final = frozenset(
    "于在因为的系是到与和等称向将对已即以从并擅违无也及自又均未提经表持驾供签男女身现说告反认承要投举拨来购买用使通"
    "给把被让由就才曾至其本电联住职拒受具发负两三二一同先共所接打拿去不没有可能应当须多非私进出组陪配协处饮酒后时"
    "某销售租借收付转汇取领开办雇请找问陈述作做完成操性民籍年",
)
#: Those that hardly ever stand inside a name; so the name has ended before them.
_ENDS: Final = frozenset("未于在因的系与等称将对已并擅违均被把是不没无非也曾该及让给所拒须")
_NEVER_SECOND: Final = frozenset("的等称将已擅违均被把没也于在因未不")
_NO_NAME: Final = re.compile(
    "[无略]|不详|不明|未知|未提供|同上|暂无|本人|个人|企业|单位|公司|详见|见附件|如下|如上|上述|以下|身份|姓名|性别"
    "|要求|认为|反映|表示|陈述|承认|违反|没有|应当|可以|自行|现场|销售|经营|地址|住址|电话|签字|签名|拒绝|提供|男|女",
)
_NOT_INSIDE: Final = _NEVER_SECOND | {"某"}
_PLACE: Final = re.compile("[省市县区镇乡村街路]")
_SHOP: Final = re.compile("[厂店铺馆坊行牌]")
_NEAR: Final = 8
_NAMED_LENGTHS: Final = range(2, 5)
_LONGEST_GIVEN: Final = 2
_LONGEST_PART: Final = 6

#: Personal data that follow a name: 张三，男，… or 张三（身份证号…） or 李四先生.
_DATA: Final = re.compile(
    r"[，,、（(][ ]?[男女](?=[，,、）)。；; ])|[，,（(：:]?[ ]?(?:公民身份|居民身份|身份证|身份号)"
    r"|(?:先生|女士|小姐|师傅)",
)
_TITLES: Final = ("先生", "女士", "小姐", "师傅")
_SEXES: Final = ("男", "女")
_TAIL: Final = re.compile(f"[{_HAN}]{{1,5}}$")
_DOTTED_TAIL: Final = re.compile(f"[{_HAN}]{{1,4}}(?:[{_DOTS}][{_HAN}]{{1,10}}){{1,3}}$")
_LONGEST_TAIL: Final = 36
#: What may stand before a sex without being a name: 消费者（男，45岁）, 汉族，男，….
_PERSONS_WORD: Final = re.compile("[者人员客某生童名工民户方共族岁口]$|某")
#: Characters that end the words before a name; a surname of the ambiguous kind needs one.
_BEFORE: Final = frozenset("由与对向为是系和及被给将从查工员人主机者手师客生长理代民户经找")

_ADDRESS: Final = re.compile(
    r"(?:家庭[地住]址|户籍所在地|户籍地址?|户籍住址|身份证[地住]址|居住地址?|现住地?址?|暂住地?址?|常住地?址?|家住|住址)"
    r"[：:为在是于\s]{0,3}([^，,。；;\n）)]{4,60})",
)
_LIVES: Final = re.compile(r"(?<=[，,；;、])住(?![宅宿院房所户建])[在于]?([^，,。；;\n）)]{4,60})")
_PLACES: Final = re.compile("[省市县区镇乡村路街巷弄幢栋]")
_PLACES_WITHIN: Final = 12


def find_names(text: str) -> tuple[list[Found], list[int]]:
    """Return the names and home addresses in a text, and the places where there may be others."""
    found: list[Found] = []
    unclear: list[int] = []
    for role in _ROLE.finditer(text):
        _after_role(text, role, found, unclear)
    for data in _DATA.finditer(text):
        _before_data(text, data, found, unclear)
    return [*found, *_addresses(text)], unclear


def _after_role(text: str, role: re.Match[str], found: list[Found], unclear: list[int]) -> None:
    """Find the name, or the names of a list, after a role word."""
    separator = _SEPARATOR.match(text, role.end())
    between = separator[0] if separator else ""
    named = role[0].endswith(_NAMED) or "：" in between or ":" in between
    start = role.end() + len(between)
    length = _length_at(text, start, named=named)
    if length < 0:
        unclear.append(start)
    while length > 0:
        found.append(Found(Kind.NAME, start, start + length))
        joint = _AND.match(text, start + length)
        start = joint.end() if joint else len(text)
        length = _length_at(text, start, named=False)


def _length_at(text: str, start: int, *, named: bool) -> int:
    """Return how long the name at a place is, 0 if there is none, -1 if that is not clear.

    ``named``: a colon says that a name comes, so an unusual one is taken too.
    """
    if match := _DOTTED.match(text, start):
        return _dotted_length(match[0])
    if named and (match := _LATIN.match(text, start)):
        return len(match[0])
    run = _RUN.match(text, start)
    words = run[0] if run else ""
    return _plain_length(words, named=named) or (-1 if _is_unclear(words, named=named) else 0)


def _dotted_length(name: str) -> int:
    """Return where a name with dots ends: its last part may run on into the sentence."""
    first = min(name.index(dot) for dot in _DOTS if dot in name)
    last = max(name.rfind(dot) for dot in _DOTS) + 1
    if not _ENDS.isdisjoint(name[:first]):
        return 0
    for ends in (_ENDS, _AFTER):
        for place in range(last + 2, len(name)):
            if name[place] in ends:
                return place
        if len(name) - last <= _LONGEST_PART:
            return len(name)
    return -1


def _plain_length(words: str, *, named: bool) -> int:
    """Return the length of the Chinese name that words begin with, 0 if none ends clearly."""
    surname = surname_length(words)
    if named and len(words) in _NAMED_LENGTHS and "某" not in words:
        usual = len(words) <= surname + 2 or len(words) < max(_NAMED_LENGTHS)
        return len(words) if usual and not _NO_NAME.match(words) and not is_organisation(words) else 0
    if not surname or words[surname : surname + 1] in _NEVER_SECOND:
        return 0
    clear = named or surname > 1 or words[0] in CLEAR
    short, long = surname + 1, surname + 2
    if words[short : short + 1] in _ENDS:
        return short if clear else 0
    if len(words) == long or words[long : long + 1] in _AFTER:
        return long
    return short if len(words) == short or (clear and words[short : short + 1] in _AFTER) else 0


def _is_unclear(words: str, *, named: bool) -> bool:
    """Tell whether words after a role begin like a name whose end could not be found.

    Names of places and organisations begin with surnames too; their own words give them away.
    """
    surname = surname_length(words)
    second = words[surname : surname + 1]
    if not surname or not second or second in _NEVER_SECOND:
        return False
    if not (named or surname > 1 or words[0] in CLEAR):
        return False
    near = words[:_NEAR]
    return not (_PLACE.search(near) or _SHOP.search(near) or is_organisation(near))


def _before_data(text: str, data: re.Match[str], found: list[Found], unclear: list[int]) -> None:
    """Find the name in front of personal data: 李四（男，…, 李四身份证号…, 李四先生."""
    end = data.start()
    before = text[max(0, end - _LONGEST_TAIL) : end]
    match = _DOTTED_TAIL.search(before) or _TAIL.search(before)
    tail = match[0] if match else ""
    length = len(tail) if len(tail) > max(_NAMED_LENGTHS) + 1 else _length_before(tail)
    if data[0] in _TITLES and tail[-1:] in CLEAR:
        return  # 王女士 is as little a full name as 王某
    if length:
        found.append(Found(Kind.NAME, end - length, end))
    elif data[0].endswith(_SEXES) and tail and not _PERSONS_WORD.search(tail):
        unclear.append(end - len(tail))


def _length_before(tail: str) -> int:
    """Return the length of the name that words end with, surer surnames first; 0 if there is none."""
    for sure in (True, False):
        for length in (4, 3, 2):
            name = tail[-length:]
            surname = surname_length(name) if len(name) == length else 0
            is_sure = surname > 1 or name[:1] in CLEAR
            if not surname or is_sure is not sure or not 1 <= length - surname <= _LONGEST_GIVEN:
                continue
            alone = len(tail) == length or tail[-length - 1] in _BEFORE
            if name[surname] not in _NOT_INSIDE and (sure or alone):
                return length
    return 0


def _addresses(text: str) -> Iterator[Found]:
    """Yield home addresses after a word that says so; those of businesses (住所, 经营场所) are public."""
    for form in (_ADDRESS, _LIVES):
        for match in form.finditer(text):
            if _PLACES.search(match[1][:_PLACES_WITHIN]):
                yield Found(Kind.ADDRESS, *match.span(1))
