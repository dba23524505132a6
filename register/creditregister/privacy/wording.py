"""The words around names of persons in official texts: roles before them, what follows, what ends them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final


def _words(name: str) -> frozenset[str]:
    """Read a list of words from a file of this package; lines with # are its comment."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


#: Who is named in decisions beside the subject: parties, staff, witnesses, officials, family.
ROLES: Final = _words("roles.txt")
#: Words of two characters that follow a name; they show where it ends.
FOLLOWS: Final = _words("follows.txt")
TITLES: Final = frozenset(("先生", "女士", "小姐", "师傅", "老师", "律师", "经理"))
#: Characters that begin such words; taken as an end only behind a surname that is sure.
AFTER: Final = frozenset(
    "于在因为的系是到与和等称向将对已即以从并擅违无也及自又均未提经表持驾供签男女身现说告反认承要投举拨来购买用使通"
    "给把被让由就才曾至其本电联住职拒受具发负两三二一同先共所接打拿去不没有可能应当须多非私进出组陪配协处饮酒后时"
    "销售租借收付转汇取领开办雇请找问做完了",
)
#: Those that hardly ever stand inside a name, so the name has ended before them.
ENDS: Final = frozenset("未于在因的系与等称将对已并擅违均被把是不没无非也曾该及让给所拒须应")
#: Those of them that end a name also behind a surname that begins other words.
SURE_ENDS: Final = frozenset("未于在因系与称将擅的应")
NEVER_SECOND: Final = frozenset("的等称将已擅违均被把没也于在因未不某")

#: What stands after a role and a colon without being a name.
NO_NAME: Final = re.compile(
    "无|略|不详|不明|未知|未提供|同上|暂无|本人|个人|企业|单位|公司|详见|见附件|如下|如上|上述|以下|身份|姓名"
    "|性别|要求|认为|反映|表示|陈述|承认|违反|没有|应当|可以|自行|现场|销售|经营|地址|住址|电话|签字|签名|拒绝|提供"
    "|男|女|请|已|未",
)
#: Words of places and shops near a surname: not a person.
PLACE: Final = re.compile("[省市县区镇乡村街路]")
SHOP: Final = re.compile("[厂店铺馆坊行牌]")
#: What may stand before a sex without being a name: 消费者（男，45岁）, 汉族，男，….
PERSONS_WORD: Final = re.compile("[者人员客某生童名工民户方共族岁口装鞋]$|某")
#: Characters that end the words before a name; a surname that begins other words needs one.
BEFORE: Final = frozenset("由与对向为是系和及被给将从查工员人主机者手师客生长理代民户经找")
