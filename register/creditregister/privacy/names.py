"""What a person's name 姓名 looks like, as far as characters can tell."""

from __future__ import annotations

import re
from typing import Final

#: Surnames that hardly ever begin another word of such texts: after a role word they mean a person.
CLEAR: Final = frozenset(
    "王李张刘陈杨赵吴徐孙朱郭罗郑谢韩唐冯曹袁邓傅彭吕苏卢蒋蔡贾魏薛阎闫潘杜戴汪姚谭廖邹熊郝孔崔邱秦顾侯邵孟尹黎"
    "贺赖龚樊兰殷施陶翟倪严俞鲁葛韦申冉骆骆蓝丘聂岑卞鲍裴覃辛管祝詹柳莫甄褚滕娄臧柯欧窦卓芦滑靳邢耿牟邬佘奚阮晏谌"
    "宓缪祁闵毋佟蔺荀嵇逄郗郏郜郦郁邰鄢鄂璩瞿翁巩亓仝仉仵冼尉屈岳庄庞康戚房敖曲柴栾桂梅楚樊殳沙沈涂焦狄皮盛祖禹"
    "章符粟纪胥舒艾苗苟茅茹茆荆萧肖董葛蒙蒲虞解訾谈谷费车辜邝郎钟钮隋隗雍霍项饶鞠麦黄齐娜胡梁宋余姜范陆",
)
#: Surnames that begin common words too (高度, 金额, 许可, 于当日): they need a boundary on both sides.
AMBIGUOUS: Final = (
    frozenset(
        "高林马夏田石金白毛江史龙万段雷钱汤易常武文查于何任叶丁程许曾彭方安平成包常乐时计伏明米贝水云花凤凌支昌"
        "路危强童颜刁单左邱干应宗宣经洪诸吉程井富乌巴弓牧山全班仰秋仲伊宫宁仇甘武景束龙幸司印宿怀从索咸籍池能"
        "苍双闻党贡劳姬扶堵宰桑牛寿通边燕冀浦尚农温别习鱼容向古慎戈终居步都满弘匡国广禄阙东利蔚越隆师敖融冷"
        "那简空养丰关相红游权盖益桓公晋法钦归海帅有商伯赏南爱阳言福年连湛迟矫帖战候付代母买冶税",
    )
    - CLEAR
)
#: Surnames of two characters 复姓.
DOUBLE: Final = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "宇文",
        "长孙",
        "慕容",
        "司徒",
        "司空",
        "夏侯",
        "轩辕",
        "钟离",
        "闾丘",
        "端木",
        "百里",
        "东郭",
        "南宫",
        "呼延",
        "拓跋",
        "独孤",
        "第五",
        "澹台",
        "公冶",
        "濮阳",
        "淳于",
        "单于",
        "太叔",
        "申屠",
        "赫连",
        "闻人",
        "万俟",
        "鲜于",
        "南门",
        "西门",
        "梁丘",
        "左丘",
        "乐正",
    )
)
#: Words that only names of organisations and shops contain, also short ones.
_ORGANISATION: Final = re.compile(
    "公司|集团|企业|工厂|[厂店铺坊馆院局部站所处室社]$|[厂店部][（(]|中心|商行|银行|支行|分行|支队|大队|合作社"
    "|学校|大学|学院|中学|小学|幼儿园|医院|诊所|超市|商场|酒店|饭店|宾馆|餐厅|食堂|网吧|酒吧|水厂|电厂|协会|学会|商会"
    "|委员会|基金会|联合会|政府|法院|检察院|公安局|工作室|经营部|事务所|服务部",
)
#: What organisations do; a given name may be one of these words (文化), so three characters do not tell.
_TRADE: Final = re.compile(
    "合作|卫生|市场|农庄|山庄|农场|林场|牧场|养殖|种植|加工|服务|事务|研究|设计|检察|公安|管理|办公|矿业|车队|物流|贸易"
    "|科技|建材|建筑|工程|装饰|广告|传媒|文化|旅行|餐饮|美容|美发|理发|百货|便利|药房|五金|汽修|修理|维修|棋牌|网络|电子"
    "|商贸|实业|投资|控股|股份|有限|合伙|个体|门诊|茶楼|小吃|烧烤|火锅|快餐|食品|服装|鞋业|家具|家居|印刷|制造|电器|机械"
    "|化工|塑料|制品|村民|居委|村委",
)
_LONGEST_GIVEN: Final = 3
_HAN: Final = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_DOTTED: Final = re.compile(rf"{_HAN}{{1,8}}(?:·{_HAN}{{1,10}}){{1,4}}")
_PLAIN: Final = re.compile(rf"{_HAN}{{2,4}}")
_MASKED: Final = re.compile(rf"{_HAN}{{1,2}}[某*×xX○〇]{{1,3}}{_HAN}?")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'.-]{0,30}(?:[ ,]{1,2}[A-Za-z][A-Za-z'.-]{0,30}){1,4}")
_LATIN_ORGANISATION: Final = re.compile(
    r"\b(?:ltd|limited|inc|co|corp|corporation|company|llc|llp|gmbh|plc|bank|group|trading|holdings?|sa|ag|bv)\b",
    re.IGNORECASE,
)


def starts_like_name(text: str) -> int:
    """Return the length of the surname that a text begins with, 0 if it begins with none."""
    if text[:2] in DOUBLE:
        return 2
    return int(text[:1] in CLEAR or text[:1] in AMBIGUOUS)


def is_organisation(name: str) -> bool:
    """Tell whether a name contains a word that only organisations and shops have in theirs."""
    if _ORGANISATION.search(name):
        return True
    return len(name) > _LONGEST_GIVEN and bool(_TRADE.search(name))


def shaped_like_name(name: str) -> bool:
    """Tell whether one name, without brackets around or after it, has the shape of a person's."""
    if _LATIN.fullmatch(name):
        return not _LATIN_ORGANISATION.search(name)
    shaped = _PLAIN.fullmatch(name) or _DOTTED.fullmatch(name) or _MASKED.fullmatch(name)
    return bool(shaped) and not is_organisation(name)
