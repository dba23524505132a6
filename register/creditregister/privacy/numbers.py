"""Numbers that lead to a person, in free text: identity numbers, telephones, bank cards and accounts.

Used for redaction and, on the finished bytes, by the leak scanner, so that both see the same. Unified
codes, document numbers 文号, case numbers 案号, dates and amounts are recognised and left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.codes.arithmetic import unified_check
from creditregister.codes.runs import (
    LONG,
    SHORT,
    Number,
    is_identity_run,
    numbers,
    plain_numbers,
    stands_alone,
)
from creditregister.privacy.found import Found, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Lengths of cards, and of how many groups each may consist; identity numbers are written in any way.
_LENGTHS: Final = {19: 6, LONG: LONG, 17: 5, 16: 5}
#: Ranges of UnionPay 银联 (62, 60, 68, 69) and of the international issuers.
_CARD: Final = re.compile(r"(?:6[0289]|4[0-9]|5[1-5]|35)[0-9]{14,17}")
_SHORTEST_GROUP: Final = 3
#: Digits with what may stand between them; nothing has to follow, so the search is linear.
_CLUSTER: Final = re.compile(r"[0-9][0-9 \t\r\n()（）xX*＊×-]{6,}")
_DATE: Final = re.compile(r"[12][0-9]{3}-[01]?[0-9]-[0-3]?[0-9] ?")
_LONGEST_IN_CODE: Final = 9
_CODE_BEFORE: Final = 3
_BEFORE: Final = 20
_AFTER: Final = 6

_CURRENCY: Final = ("¥", "￥", "$", "¥ ", "￥ ", "$ ")
_UNIT: Final = re.compile(r" ?(?:元|万|亿|美元|吨|千克|公斤|克|平方|立方|千瓦|%|[.,][0-9])")
#: 第…号, 字…号, 〔2025〕…号, 赣0102执…号: before the number of a document or case.
_DOCUMENT_BEFORE: Final = tuple("第字书罚决许准强执民刑行初终破特赔监申再复保恢〕]］】）)")
#: Labels of numbers that are public or belong to a thing; they overrule a matching check digit.
_OTHER_LABEL: Final = re.compile(
    r"(?:信用代码|机构代码|注册号|执照号?|许可证号?|编号|文号|案号|案件号|订单号?|单号|流水号?|合同号?|批号|条码|编码|序列号)"
    r"(?:码)?[：:为是\s]{0,3}$",
)
_MOBILE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.,])(?:(?:\+|00)?86[ -]?)?"
    r"(?:1[3-9][0-9]{9}|1[3-9][0-9][ -]{1,2}[0-9]{4}[ -]{1,2}[0-9]{4}"
    r"|1[3-9][0-9]{2}[ -]{1,2}[0-9]{4}[ -]{1,2}[0-9]{3}|1[3-9][0-9]{3}[ -][0-9]{6}|1[3-9][0-9][ -][0-9]{8})"
    r"(?![0-9A-Za-z])",
)
_LANDLINE: Final = re.compile(
    r"(?<![0-9A-Za-z])(?<![0-9][.,])(?:[（(]0[1-9][0-9]{1,2}+[）)] ?|0[1-9][0-9]{1,2}+[ -]{1,2}+)"
    r"[2-9][0-9]{2,3}[ -]?[0-9]{4}(?:-[0-9]{1,5}+)?(?![0-9A-Za-z])",
)
_LABELLED_PHONE: Final = re.compile(
    r"(?:电话|手机|座机|传真|联系方式|来电|致电|拨打)(?:号码|号)?[：:为是 ]{0,3}"
    r"([（(]?0?[0-9][0-9（()） -]{5,18}[0-9])(?![0-9A-Za-z])",
)
_LABELLED_ACCOUNT: Final = re.compile(
    r"(?:账号|帐号|卡号|账户|帐户|银行卡)(?:号码?)?[：:为是 ]{0,3}([0-9][0-9 -]{7,28}[0-9])(?![0-9A-Za-z])",
)
_LABELLED_DOCUMENT: Final = re.compile(
    r"(?:护照|通行证|居住证|居留证|军官证|士兵证|身份证|证件)(?:号码|编号|号)?[：:为是 ]{0,3}"
    r"([A-Za-z]{0,2}[0-9][0-9 -]{5,20}[0-9Xx])(?![0-9A-Za-z])",
)
#: Masked, but with so many digits left that few candidates remain: 3601031970****1234.
_HALF_MASKED: Final = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{6,14}[*＊xX×]{2,8}[0-9]{0,6}[0-9Xx]?(?![0-9A-Za-z])",
)
_HALF_MASKED_LENGTHS: Final = (15, LONG)
_PUBLIC_PHONE: Final = re.compile(r"[48]00")


def find_numbers(text: str) -> list[Found]:
    """Return the findings in the order of the text, without overlaps."""
    plain = plain_numbers(text)
    windows = list(_windows(plain))
    if not windows:
        return []
    # Identity numbers and cards stand within one cluster, so that a short one holds none.
    long = [(start, end) for start, end, length in windows if length >= SHORT]
    found = [
        each for find in (_identities_and_cards, _half_masked) for at in long for each in find(plain, *at)
    ]
    found += [each for start, end, _ in windows for each in _by_form(plain, start, end)]
    return _without_overlaps(found) if found else []


def _windows(plain: str) -> Iterator[tuple[int, int, int]]:
    """Yield the parts of a text that hold long numbers, with the words around them, and the numbers' length.

    Only these parts are looked at closely: most texts have none. Dates, and the digits inside of codes
    of letters and digits, are passed over.
    """
    last = 0
    for match in _CLUSTER.finditer(plain):
        start, end = match.span()
        if _DATE.fullmatch(match[0]) or _inside_code(plain, start, end):
            continue
        if plain[start - 2 : start] == ':"' and plain[end : end + 1] == '"':
            yield start, end, end - start  # the whole value of a JSON string: no words around it
        else:
            yield max(last, start - _BEFORE), end + _AFTER, end - start
        last = end


def _inside_code(plain: str, start: int, end: int) -> bool:
    """Tell whether eight digits or fewer go on, or come from, letters of a code (91990000MA1234567X)."""
    if end - start > _LONGEST_IN_CODE:
        return False
    before, after = plain[max(0, start - _CODE_BEFORE) : start], plain[end : end + 1]
    goes_on = after.isascii() and after.isalpha()
    return goes_on or (len(before) == _CODE_BEFORE and before.isascii() and before.isalnum())


def _without_overlaps(found: list[Found]) -> list[Found]:
    """Keep, of findings that overlap, the one that came first: callers list the surest first."""
    kept: list[Found] = []
    taken: set[int] = set()
    for each in found:
        if taken.isdisjoint(each.places):
            taken.update(each.places)
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _identities_and_cards(plain: str, start: int, end: int) -> Iterator[Found]:
    """Yield the identity numbers first, then the bank cards; of those that overlap the longer first."""
    runs = sorted(numbers(plain, _LENGTHS, start, end), key=lambda each: each.start - each.end)
    yield from (Found(Kind.IDENTITY, each.start, each.end) for each in runs if is_identity_run(plain, each))
    yield from (Found(Kind.BANK, each.start, each.end) for each in runs if _is_card(each, plain))


def _is_card(number: Number, plain: str) -> bool:
    """Tell whether digits are a bank card's: 16–19, an issuer's range, check by Luhn (ISO/IEC 7812-1)."""
    digits = number.digits
    if not _CARD.fullmatch(digits) or not stands_alone(plain, number):
        return False
    if len(digits) == LONG and unified_check(digits) == digits[-1]:
        return False
    if number.runs > 1 and number.runs * _SHORTEST_GROUP > len(digits):
        return False
    before = plain[max(0, number.start - _BEFORE) : number.start]
    return (
        _luhn(digits)
        and not _OTHER_LABEL.search(before)
        and not _is_something_else(plain, number.start, number.end)
    )


def _luhn(digits: str) -> bool:
    doubled = "0246813579"
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(int(doubled[int(digit)]) for digit in even)) % 10 == 0


def _half_masked(plain: str, start: int, end: int) -> Iterator[Found]:
    for match in _HALF_MASKED.finditer(plain, start, end):
        if len(match[0]) in _HALF_MASKED_LENGTHS:
            yield Found(Kind.IDENTITY, *match.span())


def _by_form(plain: str, start: int, end: int) -> Iterator[Found]:
    """Yield telephones, and numbers that a label says to be a document's, an account's, a telephone's."""
    for match in _LABELLED_DOCUMENT.finditer(plain, start, end):
        yield Found(Kind.IDENTITY, *match.span(1))
    for match in _LABELLED_ACCOUNT.finditer(plain, start, end):
        yield Found(Kind.BANK, *match.span(1))
    for match in _LABELLED_PHONE.finditer(plain, start, end):
        if not _PUBLIC_PHONE.match(match[1]):
            yield Found(Kind.PHONE, *match.span(1))
    for form in (_MOBILE, _LANDLINE):
        for match in form.finditer(plain, start, end):
            if not _is_something_else(plain, *match.span()):
                yield Found(Kind.PHONE, *match.span())


def _is_something_else(plain: str, start: int, end: int) -> bool:
    """Tell whether the words around a number say that it is an amount or a document's number."""
    before = plain[max(0, start - 2) : start]
    if before.endswith(_CURRENCY) or _UNIT.match(plain, end):
        return True
    return before.endswith(_DOCUMENT_BEFORE) and plain.startswith("号", end)
