"""What an index is given of a record: everything public that may be searched, and nothing of persons."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from creditindex import terms
from creditindex.documents import DocumentError, Documents, cited
from creditregister import kinds, records, subjects
from creditregister.text import canonical, fold
from support.indexes import penalty, unified
from support.registers import deliver, make_register

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register
    from creditregister.records import Published


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return make_register(tmp_path)


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents(kinds.load())


def published(register: Register, **content: str) -> Published:
    deliver(register, [penalty(1, **content)])
    with register.store.read() as connection:
        return records.scan(connection, 0, 10)[0]


def everything(document: Any) -> str:
    """All that stands in a document, as one text."""
    return repr([getattr(document, each.name) for each in fields(document)])


def test_a_record_by_its_parts(register: Register, documents: Documents) -> None:
    item = published(register, facts="超范围经营", current_status="disputed")
    document = documents.record(item)
    code = fold(unified(1))
    assert document.identifiers == (code, code[8:17], "云市监罚(2026)1号")
    assert document.codes == (code, code[8:17])
    assert document.name == "云泽晨光1食品有限公司"
    assert document.number == "云市监罚(2026)1号"
    assert cited(["云市监罚字(2026)第01号"]) == ("云市监罚字(2026)第01号", "云市监罚(2026)1号")
    assert document.head.split(terms.EDGE)[1] == document.name
    assert "超范围经营" in document.text
    assert "云泽市市场监督管理局" in document.text
    assert "超范围经营" not in document.head
    assert document.kind == kinds.load()["penalty"].number
    assert (document.area, document.year) == (9901, 2026)
    assert terms.STATES[document.state] == "disputed"
    wanted = {"kind=penalty", "area=99", "area=9901", "area=990100", "year=2026", "state=disputed"}
    assert wanted | {"body=云泽市市场监督管理局"} <= set(document.filters)
    window = [date.fromisoformat(day).toordinal() for day in (item.shown_from, item.shown_until)]
    assert [document.shown_from, document.shown_until] == window


def test_a_body_is_filtered_by_however_its_name_is_written(register: Register, documents: Documents) -> None:
    item = published(register)
    public = canonical(item.document | {"body": "云泽市监局（赤水分局）"})
    document = documents.record(replace(item, public=public))
    assert document.body == "云泽市监局（赤水分局）"
    assert terms.filtered_by("body", "云泽市监局 (赤水分局)") in document.filters


def test_without_days_it_is_shown_on_any(register: Register, documents: Documents) -> None:
    item = replace(published(register), shown_from="", shown_until="")
    document = documents.record(item)
    assert (document.shown_from, document.shown_until) == (terms.FIRST_DAY, terms.LAST_DAY)


def test_the_window_of_publicity_is_in_it(register: Register, documents: Documents) -> None:
    item = replace(published(register), shown_from="2026-01-01", shown_until="2026-12-31")
    document = documents.record(item)
    assert document.shown_until - document.shown_from == 364


def test_no_person_named_in_a_companys_record_is_in_it(register: Register, documents: Documents) -> None:
    item = published(register, legal_rep="欧阳沐晨", facts="欧 阳沐晨作为法定代表人签字")
    assert "欧阳沐晨" in item.public.decode()
    document = documents.record(item)
    assert "欧阳沐晨" not in everything(document)
    assert "作为法定代表人签字" in document.text


def test_a_natural_persons_record_is_never_indexed(register: Register, documents: Documents) -> None:
    with pytest.raises(DocumentError, match="natural person"):
        documents.record(replace(published(register), klass="person"))


@pytest.mark.parametrize(
    "values",
    [{"kind": "unheard-of"}, {"public": b"{}"}, {"public": b"not json"}, {"decided": "soon"}, {"id": "x"}],
)
def test_what_no_document_can_be_made_of_is_said(
    register: Register, documents: Documents, values: dict[str, Any]
) -> None:
    with pytest.raises(DocumentError):
        documents.record(replace(published(register), **values))


def test_names_of_a_subject_are_open_as_long_as_one_of_its_records(
    register: Register, documents: Documents
) -> None:
    item = published(register)
    with register.store.read() as connection:
        subject = subjects.by_ids(connection, [item.subject_id or 0])[item.subject_id or 0]
    former = subjects.SubjectName("云泽旧名食品有限公司", "云泽旧名食品有限公司", current=False)
    documents_of = documents.names(replace(subject, names=(*subject.names, former)), ("2026-01-01", ""))
    assert [(each.name, each.current) for each in documents_of] == [
        ("云泽晨光1食品有限公司", True),
        ("云泽旧名食品有限公司", False),
    ]
    assert {each.key for each in documents_of} == {f"s{subject.id}"}
    assert {each.shown_until for each in documents_of} == {terms.LAST_DAY}
