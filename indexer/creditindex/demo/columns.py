"""The columns of synthetic deliveries: for each kind its cells, their Chinese headings and codes.

The headings are those of real deliveries (DOMAIN 1.1 to 1.7), so that the loader has to find the fields by
itself; the keys are the demo's own short names for the cells.
"""

from __future__ import annotations

from typing import NamedTuple

from creditindex.demo import further


class Column(NamedTuple):
    """One column: key of the cell, Chinese heading, heading by code, and by the code of older platforms.

    Empty: there is none, or the older one is the same.
    """

    key: str
    zh: str
    code: str = ""
    old: str = ""


def _party(prefix: str) -> tuple[Column, ...]:
    return (
        Column("name", "行政相对人名称", f"{prefix}_XDR_MC"),
        Column("party", "行政相对人类别", f"{prefix}_XDR_LB"),
        Column("unified", "行政相对人代码_1(统一社会信用代码)", f"{prefix}_XDR_SHXYM"),
        Column("registration", "行政相对人代码_2(工商注册号)", f"{prefix}_XDR_GSZC", f"{prefix}_XDR_GSDJ"),
        Column("organisation", "行政相对人代码_3(组织机构代码)", f"{prefix}_XDR_ZZJG", f"{prefix}_XDR_ZDM"),
        Column("representative", "法定代表人", f"{prefix}_FRDB"),
        Column("representative_number", "法定代表人证件号码", f"{prefix}_FR_ZJHM", f"{prefix}_FR_SFZH"),
        Column("paper", "证件类型", f"{prefix}_XDR_ZJLX"),
        Column("number", "证件号码", f"{prefix}_XDR_ZJHM", f"{prefix}_XDR_SFZ"),
    )


COLUMNS: dict[str, tuple[Column, ...]] = {
    "licence": (
        *_party("XK"),
        Column("document", "行政许可决定文书名称", "XK_XKWS", "XK_XMMC"),
        Column("document_number", "行政许可决定文书号", "XK_WSH"),
        Column("kind", "许可类别", "XK_XKLB", "XK_SPLB"),
        Column("certificate", "许可证书名称", "XK_XKZS"),
        Column("certificate_number", "许可编号", "XK_XKBH"),
        Column("content", "许可内容", "XK_NR"),
        Column("date", "许可决定日期", "XK_JDRQ"),
        Column("from", "有效期自", "XK_YXQZ"),
        Column("to", "有效期至", "XK_YXQZI", "XK_JZQ"),
        Column("body", "许可机关", "XK_XKJG", "XK_XZJG"),
        Column("body_code", "许可机关统一社会信用代码", "XK_XKJGDM"),
        Column("state", "当前状态", "XK_ZT"),
        Column("source", "数据来源单位", "XK_LYDW"),
        Column("source_code", "数据来源单位统一社会信用代码", "XK_LYDWDM"),
        Column("note", "备注", "BZ"),
    ),
    "penalty": (
        *_party("CF"),
        Column("document_number", "行政处罚决定书文号", "CF_WSH"),
        Column("violation", "违法行为类型", "CF_WFXW"),
        Column("facts", "违法事实", "CF_SY"),
        Column("basis", "处罚依据", "CF_YJ"),
        Column("kind", "处罚类别", "CF_CFLB", "CF_CFLB1"),
        Column("content", "处罚内容", "CF_NR", "CF_JG"),
        Column("fine", "罚款金额（万元）", "CF_NR_FK"),
        Column("confiscated", "没收违法所得、没收非法财物的金额（万元）", "CF_NR_WFFF"),
        Column("date", "处罚决定日期", "CF_JDRQ"),
        Column("to", "处罚有效期", "CF_YXQ"),
        Column("publicity", "公示截止期", "CF_GSJZQ"),
        Column("body", "处罚机关", "CF_CFJG", "CF_XZJG"),
        Column("body_code", "处罚机关统一社会信用代码", "CF_CFJGDM"),
        Column("severity", "失信严重程度"),
        Column("source", "数据来源单位", "CF_SJLY"),
        Column("source_code", "数据来源单位统一社会信用代码", "CF_SJLYDM"),
        Column("note", "备注", "BZ"),
    ),
    "enforcement": (
        Column("name", "行政相对人名称", "QZ_XDR_MC"),
        Column("party", "行政相对人类别", "QZ_XDR_LB"),
        Column("unified", "统一社会信用代码", "QZ_XDR_SHXYM"),
        Column("representative", "法定代表人", "QZ_FRDB"),
        Column("number", "证件号码", "QZ_XDR_ZJHM"),
        Column("document_number", "文书号", "QZ_WSH"),
        Column("kind", "行政强制种类", "QZ_LB"),
        Column("object", "涉案财物", "QZ_BD"),
        Column("content", "行政强制内容", "QZ_NR"),
        Column("facts", "事实", "QZ_SY"),
        Column("basis", "依据", "QZ_YJ"),
        Column("date", "决定日期", "QZ_JDRQ"),
        Column("from", "强制开始日期", "QZ_YXQZ"),
        Column("to", "强制结束日期", "QZ_YXQZI"),
        Column("released", "解除日期", "QZ_JCRQ"),
        Column("body", "决定机关", "QZ_JG"),
        Column("body_code", "决定机关统一社会信用代码", "QZ_JGDM"),
        Column("note", "备注", "BZ"),
    ),
    "dishonest-debtor": (
        Column("name", "被执行人姓名/名称", "iname"),
        Column("party", "类型", "partyTypeName"),
        Column("number", "身份证号码/组织机构代码", "cardNum"),
        Column("sex", "性别", "sexy"),
        Column("age", "年龄", "age"),
        Column("representative", "法定代表人或者负责人姓名", "businessEntity"),
        Column("body", "执行法院", "courtName"),
        Column("province", "省份", "areaName"),
        Column("basis_number", "执行依据文号", "gistId"),
        Column("basis_body", "做出执行依据单位", "gistUnit"),
        Column("filed", "立案时间", "regDate"),
        Column("case_number", "案号", "caseCode"),
        Column("duty", "生效法律文书确定的义务", "duty"),
        Column("performance", "被执行人的履行情况", "performance"),
        Column("conduct", "失信被执行人行为具体情形", "disruptTypeName"),
        Column("date", "发布时间", "publishDate"),
    ),
    "commitment": (
        Column("commitment_number", "承诺编号"),
        Column("name", "承诺主体"),
        Column("unified", "统一社会信用代码"),
        Column("representative", "法定代表人"),
        Column("kind", "承诺类型"),
        Column("item_code", "事项编码"),
        Column("item", "事项名称"),
        Column("body", "受理单位"),
        Column("body_code", "受理单位统一社会信用代码"),
        Column("content", "承诺内容"),
        Column("date", "承诺日期"),
        Column("papers", "所缺材料"),
        Column("due", "补齐期限"),
        Column("to", "有效期至"),
        Column("consent", "同意公示"),
        Column("state", "履行状态"),
        Column("evidence", "履行证明"),
        Column("confirmed", "逾期确认日期"),
    ),
    "serious-list": (
        Column("name", "主体名称"),
        Column("unified", "统一社会信用代码"),
        Column("registration", "工商注册号"),
        Column("representative", "法定代表人"),
        Column("number", "证件号码"),
        Column("field", "失信领域"),
        Column("body", "认定单位"),
        Column("document_number", "认定文号"),
        Column("facts", "主要失信事实"),
        Column("content", "行政处理处罚或法院判决决定的主要内容"),
        Column("date", "确认严重失信日期"),
        Column("publicity", "公示截止期"),
    ),
}
COLUMNS |= {kind: tuple(Column(*each) for each in further.columns(kind)) for kind in further.KINDS}
KINDS = tuple(COLUMNS)
