"""What a screen reader is told of home, results, record and form: kept, so that a change of it is seen (UI, Proof)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FRAME = """
- link "跳到正文"
- banner:
  - link "信用信息公示平台"
  - navigation "主导航":
    - link "自然人查询"
    - link "帮助"
    - link "大字版"
    - link "English"
- region "网站状态":
  - paragraph:
    - strong: 演示数据
- main
- contentinfo:
  - navigation "关于本站":
    - link "关于本站"
    - link "使用帮助"
    - link "隐私说明"
    - link "无障碍"
"""
MAIN = {
    "home": """
- heading "查询信用信息" [level=1]
- search:
  - combobox "名称、统一社会信用代码、文号或内容"
  - button "查询"
- heading "公示的信息" [level=2]
- list:
  - listitem:
    - link /行政许可 \\d+ 条/
  - listitem:
    - link /行政处罚 \\d+ 条/
  - listitem:
    - link /行政强制 \\d+ 条/
  - listitem:
    - link /失信被执行人 \\d+ 条/
  - listitem:
    - link /信用承诺 \\d+ 条/
  - listitem:
    - link /严重失信主体名单 \\d+ 条/
- heading "查询自然人" [level=2]
- heading "怎样看懂结果" [level=2]
""",
    "results": """
- heading "查询结果" [level=1]
- search:
  - combobox "名称、统一社会信用代码、文号或内容": 有限公司
  - button "查询"
- region "主体":
  - heading "主体" [level=2]
""",
    "record: penalty": """
- heading /作出行政处罚/ [level=1]
- heading "主体" [level=2]
- term: 名称
- heading "内容" [level=2]
- term: 违法行为类型
- term: 违法事实
- term: 处罚依据
- term: 处罚决定日期
- term: 处罚机关
""",
    "people": """
- heading "自然人查询" [level=1]
- textbox "姓名"
- textbox "证件号码或案号"
- button "查询"
- heading "为什么这样查询" [level=2]
""",
}


@pytest.mark.parametrize("name", MAIN)
def test_the_structure_is_kept(open_page: Callable[..., Page], places: dict[str, str], name: str) -> None:
    page = open_page()
    page.goto(places[name])
    expect(page.locator("body")).to_match_aria_snapshot(FRAME)
    expect(page.locator("main")).to_match_aria_snapshot(MAIN[name])
