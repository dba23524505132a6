"""Redaction 隐去 of free text and the leak scanner 泄露检查: what goes, what must stay, what holds a record."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from creditregister import codes
from creditregister.codes.arithmetic import identity_check, organisation_check, unified_check
from creditregister.privacy import leak
from creditregister.privacy.names import surname_length
from creditregister.privacy.redact import MARK, redact
from creditregister.text import canonical
from support import naughty

SURNAMES = st.sampled_from(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
GIVEN = st.sampled_from(
    "伟芳娜秀英敏静丽磊军洋勇艳杰娟涛超霞刚桂兰红玉建国志晓燕春玲波辉鹏斌婷雪凤琴云荣凯浩宇轩梓涵欣怡"
)
NAMES = st.builds(
    lambda surname, given: surname + given, SURNAMES, st.text(GIVEN, min_size=1, max_size=2)
).filter(
    lambda name: surname_length(name) == 1,
)
BIRTHS = st.dates(date(1930, 1, 1), date(2015, 12, 31))


def identity(born: date, serial: int) -> str:
    body = f"360102{born:%Y%m%d}{serial:03d}"
    return body + identity_check(body)


IDENTITY = st.builds(identity, BIRTHS, st.integers(0, 999))
MOBILE = st.builds(
    lambda head, tail: f"1{head}{tail:09d}", st.sampled_from("3456789"), st.integers(0, 10**9 - 1)
)


def card(digits: str) -> str:
    """Append the digit that makes the sum of ISO/IEC 7812-1 right."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in digits[::-2]]
    return digits + str(-(sum(doubled) + sum(map(int, digits[-2::-2]))) % 10)


CARD = st.builds(lambda tail: card(f"622202{tail:012d}"), st.integers(0, 10**12 - 1))


def gone(text: str, *secrets: str, keep: tuple[str, ...] = ()) -> str:
    """Redact, demand that nothing of the secrets is left and nobody has to look, and return the text."""
    result = redact(text, keep)
    assert not result.uncertain, text
    for secret in secrets:
        assert secret not in result.text, (text, result.text)
    return result.text


# --- numbers ----------------------------------------------------------------------------------------


@given(
    IDENTITY, st.sampled_from(["{}", "身份证号码：{}。", "（公民身份号码{}）", "ID{}", "、{}、", "张某{}"])
)
def test_identity_numbers(number: str, frame: str) -> None:
    wide = number.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    for written in (
        number,
        number.lower(),
        wide,
        spaced,
        spaced.replace(" ", "-"),
        spaced.replace(" ", "\u200b"),
    ):
        assert gone(frame.format(written), written) == frame.format(MARK)


@given(IDENTITY, st.integers(1, 9))
def test_identity_numbers_with_a_slip(number: str, other: int) -> None:
    wrong = number[:16] + str((int(number[16]) + other) % 10) + number[17]
    assume(not codes.check_unified(wrong).valid)
    assert gone(f"身份证{wrong}，", wrong) == f"身份证{MARK}，"


@pytest.mark.parametrize("number", ["3601021970****1234", "36010219700307****", "360102********1234"])
def test_masked_numbers_that_show_too_much(number: str) -> None:
    assert gone(f"身份证号{number}", number) == f"身份证号{MARK}"


def test_our_own_mask_stays() -> None:
    text = "身份证号3601************34"
    assert redact(text).text == text


@given(MOBILE, st.sampled_from(["电话{}", "（手机：{}）", "{}", "拨打{}后", "微信同号{}，", "联系{}、"]))
def test_mobile_telephones(number: str, frame: str) -> None:
    for written in (
        number,
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"+86{number}",
    ):
        assert gone(frame.format(written), written) == frame.format(MARK)


@pytest.mark.parametrize(
    "number",
    [
        "0791-86123456",
        "0791－86123456",
        "（0791）86123456",
        "(010)61234567",
        "010-61234567",
        "0791 8612 3456",
        "0791-86123456-802",
    ],
)
def test_landline_telephones(number: str) -> None:
    assert MARK in gone(f"致电{number}查询", number)


def test_a_telephone_without_area_code_needs_its_label() -> None:
    assert gone("联系电话：86123456。", "86123456") == f"联系电话：{MARK}。"
    assert redact("编号86123456。").text == "编号86123456。"


@given(CARD)
def test_bank_cards(number: str) -> None:
    for written in (number, " ".join(number[place : place + 4] for place in range(0, 19, 4))):
        assert gone(f"转入{written}，", written) == f"转入{MARK}，"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("账号：36001050050052500123。", "36001050050052500123"),
        ("护照号码E12345678，", "E12345678"),
        ("往来内地通行证号H0123456700", "H0123456700"),
        ("邮箱 a.b-c@mail.example.com 收悉", "a.b-c@mail.example.com"),
        ("微信号：wx_abc123。", "wx_abc123"),
        ("QQ123456789，", "123456789"),
    ],
)
def test_numbers_that_only_their_label_tells(text: str, secret: str) -> None:
    assert gone(text, secret) == text.replace(secret, MARK)


# --- names and addresses ----------------------------------------------------------------------------

FRAMES = [
    "经查，驾驶员{}未取得从业资格证。",
    "业务员{}擅自发布广告。",
    "当事人的员工{}在现场签字确认。",
    "证人{}证实上述事实。",
    "负责人{}（联系电话见附件）对上述情况予以确认。",
    "法定代表人：{}，男，汉族。",
    "联系人: {}",
    "经营者姓名{}。",
    "被告{}于判决生效后偿还借款。",
    "受害人{}的手机。",
    "{}，男，1970年出生。",
    "{}（女，汉族）。",
    "{}系该公司员工。",
    "投诉人{}、见证人{}到场。",
    "（负责人）签名：{}",
]


@given(NAMES, st.sampled_from(FRAMES))
def test_names_after_roles_and_before_personal_data(name: str, frame: str) -> None:
    assert gone(frame.format(name, name), name) == frame.format(MARK, MARK)


@given(st.lists(NAMES, min_size=2, max_size=4, unique=True))
def test_names_in_a_list(names: list[str]) -> None:
    *most, last = names
    assert (
        gone(f"员工{'、'.join(most)}和{last}在场。", *names)
        == f"员工{'、'.join([MARK] * len(most))}和{MARK}在场。"
    )


@given(NAMES)
def test_the_same_name_again_without_a_role(name: str) -> None:
    text = f"举报人{name}，后经核实，{name}称其购买了该产品。"
    assert gone(text, name) == f"举报人{MARK}，后经核实，{MARK}称其购买了该产品。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("经营者艾力·买买提在店内销售。", f"经营者{MARK}在店内销售。"),
        ("驾驶员阿依古丽•吐尔逊，", f"驾驶员{MARK}，"),
        ("当事人欧阳建国未经许可", f"当事人{MARK}未经许可"),
        ("联系人：JOHN SMITH，", f"联系人：{MARK}，"),
        ("投诉人李明先生反映", f"投诉人{MARK}先生反映"),
        ("住址：虚构省砚州市望栖区某路1号。", f"住址：{MARK}。"),
        ("张三，男，住虚构省砚州市望栖区。", f"{MARK}，男，住{MARK}。"),
        ("户籍所在地为虚构省砚州市，", f"户籍所在地为{MARK}，"),
    ],
)
def test_unusual_names_and_home_addresses(text: str, expected: str) -> None:
    assert gone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "当事人王某某未经许可擅自经营。",
        "投诉人张先生、李女士反映。",
        "驾驶员张*驾驶车辆",
        "当事人于2025年4月1日至2025年5月1日期间从事经营活动。",
        "当事人于当日停止销售。",
        "当事人许可证过期后仍从事经营活动。",
        "当事人施工期间未采取防尘措施，当事人申请延期。",
        "当事人陈述称其不知情，当事人张贴虚假广告。",
        "经营者应当建立进货查验制度。",
        "当事人虚构食品有限公司的违法行为",
        "经营者李宁专卖店销售侵权商品",
        "负责人高度重视，员工黄酒销售，职工常年加班",
        "消费者（男，45岁）投诉",
        "法定代表人身份证明、授权委托书、身份证复印件",
        "企业法人营业执照、第三人民医院、居民身份证、居民小区、会计师事务所、股东大会",
        "经营者：无。负责人：暂无。联系人：详见附件",
        "经营地址：虚构省砚州市望栖区某路1号",
        "住所：虚构省砚州市；住宿、住院、住宅",
        "保安服务安全标准",
        "童装男、女款",
    ],
)
def test_what_is_no_name_stays(text: str) -> None:
    result = redact(text)
    assert result.text == text
    assert not result.uncertain


@pytest.mark.parametrize("text", ["员工张三丰田车内休息", "投诉人赵云飞翔", "法定代表人：王大锤子丢失后补办"])
def test_an_unclear_end_holds_the_record(text: str) -> None:
    assert redact(text).uncertain


@pytest.mark.parametrize(
    ("text", "is_uncertain"),
    [
        ("王小明，一次性补助", True),
        ("向王小明发放", True),
        ("（赵小红）", True),
        ("对李渡镇敬老院补助，王家坝水库移民", False),
        ("救助困难家庭20户；安置房", False),
    ],
)
def test_a_text_that_names_nobody_holds_whatever_looks_like_a_name(text: str, is_uncertain: object) -> None:
    assert redact(text, nobody=True).uncertain is is_uncertain
    assert not redact(text).uncertain


@pytest.mark.parametrize(
    "text", ["给予高龄津贴", "给予云泽甲有限公司稳岗补贴", "老人高龄津贴", "给予易地搬迁补助"]
)
def test_what_is_granted_to_no_person_stays(text: str) -> None:
    assert (redact(text).text, redact(text).uncertain) == (text, False)


def test_a_kept_name_alone_settles_the_doubt() -> None:
    text = "员工张三丰田车内休息"
    result = redact(text, keep=("张三丰田",))
    assert (result.text, result.uncertain) == (text, False)
    assert redact(text, keep=("丰田",)).uncertain


def test_kept_strings_stay_and_settle_doubts() -> None:
    text = "法定代表人张三丰田车内休息，员工李四在场，住址：虚构省砚州市张三路。"
    assert redact(text).uncertain
    result = redact(text, keep=("张三", ""))
    assert not result.uncertain
    assert result.text == f"法定代表人张三丰田车内休息，员工{MARK}在场，住址：虚构省砚州市张三路。"


def test_the_subject_keeps_its_name_but_not_its_number() -> None:
    number = identity(date(1970, 3, 7), 123)
    result = redact(f"当事人张三（{number}）", keep=("张三", number))
    assert result.text == f"当事人张三（{MARK}）"


# --- what must never be touched ---------------------------------------------------------------------

CODES = st.builds(
    lambda pair, base: f"{pair}990101{base}{organisation_check(base)}",
    st.sampled_from(["91", "92", "93", "51", "12"]),
    st.text(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"), min_size=8, max_size=8),
).map(lambda body: body + unified_check(body))


@given(CODES)
def test_unified_codes_stay(code: str) -> None:
    assume(codes.check(code).kind is codes.CodeKind.UNIFIED)
    for text in (f"统一社会信用代码：{code}。", f"（{code}）", code, canonical({"code": code}).decode()):
        assert redact(text).text == text
        assert leak.scan(text) == ()


NUMBERS = st.integers(1, 10**11).map(str)


@given(st.integers(1950, 2050), NUMBERS, MOBILE)
def test_document_and_case_numbers_stay(year: int, serial: str, long: str) -> None:
    for text in (
        f"虚市监处罚〔{year}〕{serial}号",
        f"虚市监处罚〔{year}〕{long}号",
        f"虚市监处罚字[{year}]第{long}号",
        f"（{year}）虚9901执{serial}号",
        f"虚环罚（{year}）{serial}号",
    ):
        assert redact(text).text == text
        assert leak.scan(text) == ()


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.dates(date(1950, 1, 1), date(2050, 1, 1)))
def test_dates_stay(first: date, last: date) -> None:
    for text in (
        f"自{first}至{last}",
        f"{first} {last}",
        f"{first:%Y%m%d}-{last:%Y%m%d}",
        f"{first:%Y/%m/%d} 10:20:30",
        f"{first.year}年{first.month}月{first.day}日",
        f"生产日期{first:%Y%m%d}",
    ):
        assert redact(text).text == text


@given(st.decimals(0, 10**13, places=2), MOBILE)
def test_amounts_stay(amount: object, digits: str) -> None:
    for text in (
        f"货值金额{amount}元",
        f"人民币{digits}元",
        f"¥{digits}",
        f"{digits}.50",
        f"{digits}万元",
        f"重{digits}千克",
    ):
        assert redact(text).text == text
        assert leak.scan(text) == ()


# --- as a whole -------------------------------------------------------------------------------------

PIECES = st.one_of(
    NAMES,
    IDENTITY,
    MOBILE,
    CARD,
    CODES,
    st.sampled_from(
        [
            "当事人",
            "员工",
            "法定代表人：",
            "，",
            "。",
            "（",
            "）",
            "于",
            "的",
            "住址：",
            "男",
            "身份证号",
            " ",
            "-",
            "·",
            "\n",
            "12",
            "号",
        ]
    ),
    st.text(st.characters(), max_size=5),
)


@given(st.lists(PIECES, max_size=20).map("".join))
def test_redaction_holds_together(text: str) -> None:
    result = redact(text)
    last = 0
    rest = []
    for found in result.found:
        assert last <= found.start < found.end <= len(text)
        rest.append(text[last : found.start])
        last = found.end
    if not result.uncertain:
        assert MARK.join([*rest, text[last:]]) == result.text
    assert codes.find_identities(result.text) == []


@given(st.lists(PIECES, max_size=20).map("".join), NAMES)
def test_kept_strings_are_never_cut(text: str, name: str) -> None:
    assume(not codes.find_identities(text))
    kept = redact(f"{text}。{name}。", keep=(name,))
    assert kept.text.count(name) >= 1


def test_a_shop_that_claims_something_names_no_owner() -> None:
    text = "云泽虚构药店主张其权利受到侵害，店主张乙丙到场"
    assert redact(text).uncertain
    result = redact(text, keep=("云泽虚构药店",))
    assert (result.text, result.uncertain) == ("云泽虚构药店主张其权利受到侵害，店主〔已隐去〕到场", False)


@pytest.mark.parametrize("text", naughty.ALL)
def test_naughty_strings_come_through(text: str) -> None:
    assert len(redact(text).text) >= 0
    leak.scan(text)


def test_the_mark_is_not_taken_for_a_name_again() -> None:
    text = gone("法定代表人：张三，员工李四在场，电话13812345678。")
    assert redact(text).text == text


# --- the leak scanner -------------------------------------------------------------------------------


@given(IDENTITY, MOBILE, CARD)
def test_the_scanner_sees_numbers_inside_of_json(number: str, mobile: str, bank: str) -> None:
    document = {
        "v": 1,
        "fields": {"facts": f"甲{number}乙", "note": f"电话{mobile}", "other": f"转入{bank}。"},
    }
    kinds = [str(each.kind) for each in leak.scan(canonical(document).decode())]
    assert sorted(kinds) == ["bank", "identity", "phone"]


@given(IDENTITY)
def test_an_identity_number_counts_also_as_a_whole_value(number: str) -> None:
    assert leak.scan(canonical({"number": number}).decode())


@given(MOBILE, CARD)
def test_a_document_number_of_digits_only_does_not_count(mobile: str, bank: str) -> None:
    assert (
        leak.scan(
            canonical({"number": mobile, "certificate": bank, "registration": "990101000000019"}).decode()
        )
        == ()
    )


@given(st.lists(PIECES, max_size=20).map("".join))
def test_the_scanner_finds_nothing_in_what_was_redacted(text: str) -> None:
    redacted = redact(text.encode("utf-8", "replace").decode()).text
    assert leak.scan(canonical({"fields": {"facts": redacted}}).decode()) == ()
