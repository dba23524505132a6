"""First and second character of a unified code: registration department 登记管理部门 and kind 机构类别.

GB 32100-2015 with amendment 1 of 2016, and the codes added since for rural collective economic
organisations. The list grows outside of this project, hence: unknown means a warning, never a refusal.
"""

from __future__ import annotations

from typing import Final

_KINDS: Final = {
    "1": "1239",  # 机构编制: 机关, 事业单位, 群众团体, 其他
    "2": "19",  # 外交: 外国常驻新闻机构, 其他
    "3": "123459",  # 司法行政: 律师, 公证, 法律服务, 鉴定, 仲裁, 其他
    "4": "19",  # 文化: 外国在华文化中心, 其他
    "5": "1239",  # 民政: 社会团体, 民办非企业单位, 基金会, 其他
    "6": "129",  # 旅游: 外国、港澳台旅游部门常驻代表机构, 其他
    "7": "129",  # 宗教: 活动场所, 院校, 其他
    "8": "19",  # 工会: 基层工会, 其他
    "9": "1239",  # 市场监管: 企业, 个体工商户, 农民专业合作社, 其他
    "A": "19",  # 军队: 事业单位, 其他
    "N": "1239",  # 农业农村: 组级、村级、乡镇级集体经济组织, 其他
    "Y": "1",  # 其他
}

#: Every known pair; ``PAIRS`` is what a code is compared with.
PAIRS: Final = frozenset(department + kind for department, kinds in _KINDS.items() for kind in kinds)
