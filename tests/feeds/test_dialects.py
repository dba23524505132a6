"""The shipped dialects through the real command: each says what its platform's headings mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from creditregister import people
from creditregister import settings as setting_files
from creditregister.codes.arithmetic import organisation_check, registration_check
from creditregister.opening import open_register
from support import tables
from support.registers import UNIT, make_register
from support.town import identity

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

STEM = "99010000000001"
#: A table of a municipal platform of 2017, before the six codes were numbered as they are today.
ROW = {
    "行政相对人名称": "云泽市甲一食品有限公司",
    "行政相对人代码_1": "",
    "行政相对人代码_2": "MA000001" + organisation_check("MA000001"),
    "行政相对人代码_3": STEM + registration_check(STEM),
    "行政相对人代码_4": "",
    "行政相对人代码_5": "",
    "行政处罚决定书文号": "云市监罚〔2026〕1号",
    "违法事实": "未按规定公示信息。",
    "处罚内容": "罚款一万元。",
    "处罚决定日期": "2026-05-20",
    "处罚机关": "云泽市示范监管局",
    "失信严重程度": "一般",
}
NUMBER = identity(8)
PERSON = ROW | {
    "行政相对人名称": "王小明",
    "行政相对人代码_2": "",
    "行政相对人代码_3": "",
    "行政相对人代码_5": NUMBER,
    "行政处罚决定书文号": "云市监罚〔2026〕2号",
}


def test_municipal_platforms_of_2017_numbered_the_codes_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_register(tmp_path).store.close()
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    path = tables.write(tmp_path / "rows.csv", [ROW, PERSON])
    _, summary = tables.load(path, "--source", UNIT, "--dialect", "municipal-2017", "--kind", "penalty")
    assert (summary["rows"], summary["accepted"]) == (2, 2)
    register = open_register(setting_files.load(data=tmp_path / "data", today=tables.TODAY.isoformat()))
    with register.store.read() as connection:
        contents = [
            orjson.loads(text)
            for (text,) in connection.exec_driver_sql("SELECT content FROM record_version ORDER BY n")
        ]
        assert contents[0]["organisation_code"] == ROW["行政相对人代码_2"]
        assert contents[0]["registration_number"] == ROW["行政相对人代码_3"]
        assert len(people.find(connection, register.keys, "王小明", NUMBER, tables.TODAY)) == 1
    register.store.close()
    assert NUMBER not in str(contents)
    assert "institution_number" not in contents[1]
