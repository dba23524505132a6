"""Words for the short values that records and codes carry: states, marks, kinds of code and subject."""

from __future__ import annotations

from creditregister.kinds import Label

#: The state 当前状态 of a record.
STATES = {
    "normal": Label("正常", "In force"),
    "disputed": Label("异议处理中", "Disputed"),
    "expired": Label("已失效", "No longer valid"),
    "fulfilled": Label("已履行", "Fulfilled"),
    "overdue": Label("期限已过", "Past its date"),
    "other": Label("其他", "Other"),
    "revoked": Label("已撤销", "Revoked"),
}
#: Marks 标注 that publication sets on a record.
MARKS = {
    "disputed": Label("异议处理中", "Disputed"),
    "suspended": Label("暂停执行", "Suspended"),
    "corrected": Label("已更正", "Corrected"),
}
#: How a subject is set up 主体类别.
TYPES = {
    "organisation": Label("法人和其他组织", "Legal person or other organisation"),
    "business": Label("个体工商户", "Individual business"),
}
#: Kinds of code 代码类别.
CODES = {
    "unified": Label("统一社会信用代码", "Unified social credit code"),
    "organisation": Label("组织机构代码", "Organisation code"),
    "registration": Label("工商注册号", "Registration number"),
    "tax": Label("税务登记号", "Tax number"),
    "institution": Label("事业单位证书号", "Institution number"),
    "social": Label("社会组织登记证号", "Social organisation number"),
}
#: The dimensions by which results are narrowed.
DIMENSIONS = {
    "kind": Label("信息类别", "Kind"),
    "area": Label("地区", "Area"),
    "body": Label("决定机关", "Deciding body"),
    "year": Label("年份", "Year"),
    "state": Label("状态", "State"),
}
#: Why a record was found, as the index says it.
WHY = {
    "code": Label("代码", "code"),
    "number": Label("文号", "document number"),
    "name": Label("名称", "name"),
    "title": Label("标题", "title"),
    "content": Label("内容", "content"),
}


def label_of(labels: dict[str, Label], value: str) -> Label:
    """The words for a value; a value that is not known is its own word."""
    return labels.get(value) or Label(value, value)
