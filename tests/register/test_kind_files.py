"""Wrong kind files: each error names file, key and remedy, and all errors come at once."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from creditregister import kinds
from creditregister.errors import CreditError
from creditregister.kinds import KindError
from creditregister.kinds.files import ChoiceShape, FieldShape, KindShape
from support import project

if TYPE_CHECKING:
    from pathlib import Path

HEAD = """
number = 7
zh = "行政奖励"
en = "Administrative reward"
sign = "positive"
persons = "exact"
required = [["subject_name"], ["decision_date"]]
identity = ["body", "subject"]
date = "decision_date"
body = "body"
titles = [{ zh = "{body}奖励{subject_name}", en = "{body} rewards {subject_name}" }, { zh = "{subject_name}获奖", en = "Reward to {subject_name}" }]
"""
CATALOGUE = """
[catalogue]
entry = "诚实守信相关荣誉信息"
source = "全国公共信用信息基础目录"
"""
STATE = """
[state]
field = "current_status"
codes = { normal = "normal", revoked = "revoked" }
"""
FIELDS = """
[fields.subject_name]
zh = "获奖单位"
en = "Rewarded"
type = "name"
public = "shown"
[fields.decision_date]
zh = "奖励日期"
en = "Date of reward"
type = "date"
public = "shown"
[fields.body]
zh = "奖励机关"
en = "Body"
type = "name"
[fields.current_status]
zh = "状态"
en = "State"
type = "choice"
choices = { normal = { zh = "正常", en = "In force" }, revoked = { zh = "撤销", en = "Revoked" } }
"""
GOOD = HEAD + CATALOGUE + STATE + FIELDS


def problems(folder: Path, **files: str) -> list[str]:
    """What loading a folder with these files says, a line each."""
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    with pytest.raises(KindError) as raised:
        kinds.load(folder)
    assert isinstance(raised.value, CreditError)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return str(raised.value).splitlines()


def more(table: str, keys: str) -> str:
    """The good file with a further field."""
    return f'{GOOD}\n[fields.{table}]\nzh = "某项"\nen = "Item"\n{keys}\n'


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "reward.toml").write_text(GOOD, "utf-8")
    assert list(kinds.load(tmp_path)) == ["reward"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # The shape of the file.
        (changed("sign =", "sgin ="), "sgin: is no key here; did you mean 'sign'?"),
        (changed("sign =", "sgin ="), "sign: is missing; add it; docs/kinds.md explains every key"),
        (
            changed('"positive"', '"good"'),
            "sign: input should be 'positive', 'neutral' or 'negative' (here: 'good'); change it; ",
        ),
        (changed("number = 7", "number = 64"), "number: input should be less than or equal to 63 (here: 64); change it; docs/kinds.md explains every key"),
        (more("extra", 'serach = "text"'), "fields.extra.serach: is no key here; did you mean 'search'?"),
        (more("extra", 'colour = "red"'), "fields.extra.colour: is no key here; keys: zh, en, type"),
        (more("extra", 'public = { persno = "shown" }'), "fields.extra.public.persno: is no key here; did you mean 'person'?"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲" } }'), "fields.extra.choices.a.en: is missing; add it; docs/kinds.md explains every key"),
        (more("Extra", ""), "fields.Extra: should be an id: lower case letters, digits, _ (codes: also -) (here: "),
        (more("extra", 'need = "required"'), "fields.extra.need: input should be 'expected' or 'optional' (here: 'required'); "),
        (changed('entry = "诚实守信相关荣誉信息"', 'entry = " "'), "catalogue.entry: should not be empty (here: ' ')"),
        (more("extra", "needs = 3"), "fields.extra.needs: should be text in quotes (here: 3); change it; "),
        (more("extra", 'needs = "Body Code"'), "fields.extra.needs: should be an id: lower case letters, digits, _ (codes: also -) (here: "),
        (more("extra", 'headings = "奖项"'), "fields.extra.headings: should be a list (here: '奖项'); "),
        (more("extra", "shared = true\nheadings = 3"), "fields.extra.headings: should be a list (here: 3); "),
        (GOOD.partition("[fields.")[0] + "fields = 3", "state.fields: is no key here; did you mean 'field'?"),
        ("fields = 3\n" + GOOD.partition("[fields.")[0], "fields: should be a table (here: 3); "),
        ("[fields]\nbody = 3", "fields.body: should be a table (here: 3); "),
        # Names of fields.
        (changed('identity = ["body"', 'identity = ["bodi"'), "identity: names the unknown field 'bodi'; did you mean 'body'?"),
        (changed('["decision_date"]]', '["decision_date", "decision_dat"]]'), "required: names the unknown field 'decision_dat'; did you mean 'decision_date'?"),
        (changed('body = "body"', 'body = "court"'), "body: names the unknown field 'court'; fields: subject_name, decision_date, body, current_status"),
        (changed('date = "decision_date"', 'date = "body"'), "date: 'body' is of type name; name a field of type date"),
        (changed('body = "body"', 'body = "body"\nreference = "numero"'), "reference: names the unknown field 'numero'; fields: "),
        (changed('body = "body"', 'body = "body"\ndate_fallback = "body"'), "date_fallback: 'body' is of type name; name a field of type date"),
        (changed("[fields.subject_name]", "[fields.name]"), "fields: subject_name is missing; every record is about someone; add the field"),
        # The state.
        (changed('field = "current_status"', 'field = "body"'), "state.field: 'body' is of type name; name a field of type choice"),
        (changed('revoked = "revoked" }\n', 'revokd = "revoked" }\n'), "state.codes.revokd: 'revokd' is no choice of current_status; did you mean 'revoked'?"),
        (changed(', revoked = "revoked" }\n', " }\n"), "state.codes: says nothing of current_status 'revoked'; give that choice a state"),
        (changed('field = "current_status"\n', ""), "state.codes: there is no state.field; name the choice field that holds them"),
        (changed('field = "current_status"', 'field = "current_status"\nuntil = "body"'), "state.until: 'body' is of type name; name a field of type date"),
        (changed('field = "current_status"', 'field = "current_status"\nends = "body"'), "state.ends: 'body' is of type name; name a field of type date"),
        (GOOD + '[signs]\nfield = "body"', "signs.field: 'body' is of type name; name a field of type choice"),
        (GOOD + '[signs]\nfield = "current_status"\ncodes = { revokd = "negative" }', "signs.codes.revokd: 'revokd' is no choice of current_status; did you mean 'revoked'?"),
        (GOOD + '[signs]\ncodes = { revoked = "negative" }', "signs.codes: there is no signs.field; name the choice field that holds them"),
        (GOOD + '[signs]\nfield = "current_status"\ncodes = { revoked = "bad" }', "signs.codes.revoked: input should be 'positive', 'neutral' or 'negative' (here: 'bad'); "),
        # Consent.
        (changed('persons = "exact"', 'persons = "exact"\nconsent = "body"'), "consent: 'body' is of type name; name a field of type flag"),
        (changed('persons = "exact"', 'persons = "never"\nconsent = "extra"') + '[fields.extra]\nzh = "同意"\nen = "Consent"\ntype = "flag"\n', 'consent: persons are never shown here; write persons = "exact"'),
        # Titles.
        (changed('zh = "{subject_name}获奖"', 'zh = "{body}获奖"'), "titles: a record that lacks a field of each title has none; end the list with a title that needs {subject_name} only"),
        (changed('zh = "{body}奖励', 'zh = "{organ}奖励'), "titles.0.zh: names the unknown field 'organ'; fields: "),
        (changed('en = "{body} rewards', 'en = "{body.__class__} rewards'), "titles.0.en: {body.__class__} is no field id; write a field's id between braces, nothing else"),
        (changed('zh = "{body}奖励', 'zh = "{body奖励'), "titles.0.zh: "),
        # Headings.
        (more("extra", 'headings = ["奖励 机关（必填）"]'), "fields.extra.headings: '奖励 机关（必填）' already leads to 'body'; keep it in one of the two"),
        (more("extra", 'headings = ["（必填）"]'), "fields.extra.headings: '（必填）' is empty once brackets are gone; write it without them"),
        (changed('body = "body"', 'body = "body"\nignored = ["状态"]'), "ignored: '状态' already leads to 'current_status'; keep it in one of the two"),
        # Persons and secrets.
        (more("extra", 'type = "secret"\npublic = { person = "shown" }'), 'fields.extra.public: a secret would be shown to anyone; write "masked" or "hidden"'),
        (more("extra", 'public = { person = "masked" }'), 'fields.extra.public: only secrets and names of persons are masked, this is text; write "shown" or "hidden"'),
        (more("extra", 'person = true\nsearch = "text"'), "fields.extra.search: a field that names a person is never searchable; remove the key"),
        (more("extra", 'person = true\ntype = "choice"\nfacet = true\nchoices = { a = { zh = "甲", en = "A" } }'), "fields.extra.facet: a field that names a person is never a facet; remove the key"),
        (more("extra", 'type = "secret"\nsearch = "number"'), "fields.extra.search: a secret is never searchable nor a facet; remove search and facet"),
        (changed('type = "name"\npublic = "shown"', 'type = "name"'), "fields.subject_name.public: a record without a name says nothing; write public = \"shown\"; persons = 'exact' governs people"),
        (changed('type = "date"\npublic = "shown"', 'type = "date"'), "fields.decision_date.public: the date of a record is hidden; show it to everyone who sees the record"),
        (more("extra", "party = true"), 'fields.extra.party: a party is a name, and a person only if its value looks like one; use type name without "person"'),
        (more("extra", 'type = "name"\nperson = true\nparty = true'), "fields.extra.party: a party is a name, "),
        # Types.
        (more("extra", 'type = "date"\nsearch = "text"'), "fields.extra.search: the type date holds no words; give it a type of choice, choices, long, name, number_text, text"),
        (more("extra", "facet = true"), "fields.extra.facet: the type text has no code list; use type choice or choices"),
        (more("extra", 'type = "name"\nredact = true'), "fields.extra.redact: the type name holds no free text; use type text or long"),
        (more("extra", 'unit = "元"'), "fields.extra.unit: the type text is no amount; use type money"),
        (more("extra", 'type = "money"'), 'fields.extra.unit: an amount without a unit means nothing; write unit = "元" or "万元"'),
        (more("extra", "least = 5"), "fields.extra.least: the type text is no count; use type count"),
        (more("extra", 'type = "code"'), "fields.extra.type: the type code is for a subject's codes and they for it; these are unified_code, "),
        (more("unified_code", ""), "fields.unified_code.type: the type code is for a subject's codes and they for it; these are unified_code, "),
        # Code lists.
        (more("extra", 'type = "choice"'), "fields.extra.choices: a choice needs its code list; list the codes, or use type text"),
        (more("extra", 'choices = { a = { zh = "甲", en = "A" } }'), "fields.extra.choices: the type text has no code list; use type choice or choices"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A" }, b = { zh = "乙", en = "B", also = ["甲"] } }'), "fields.extra.choices.b: '甲' already means 'a'; keep it in one of the two"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", needs = "body" } }'), "fields.extra.choices.a: needs and otherwise go together; write both or neither"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", needs = "bodi", otherwise = "a" } }'), "fields.extra.choices.a.needs: names the unknown field 'bodi'; did you mean 'body'?"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", needs = "body", otherwise = "b" } }'), "fields.extra.choices.a.otherwise: 'b' is no choice; choices: a"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", needs = "body", otherwise = "a" } }'), "fields.extra.choices.a.otherwise: leads in a circle; end it with a plain choice"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", until = "valid_to" } }'), "fields.extra.choices.a: until and afterwards go together; write both or neither"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", until = "body", afterwards = "a" } }'), "fields.extra.choices.a.until: 'body' is of type name; name a field of type date"),
        (more("extra", 'type = "choice"\nchoices = { a = { zh = "甲", en = "A", until = "valid_to", afterwards = "b" } }'), "fields.extra.choices.a.afterwards: 'b' is no choice; choices: a"),
        # Conditions.
        (more("extra", 'type = "flag"\nmust = "perhaps"'), "fields.extra.must: 'perhaps' is no choice of this field; choices: yes, no"),
        (more("extra", 'type = "flag"\nmust = ["yes", "perhaps"]'), "fields.extra.must: 'perhaps' is no choice of this field; choices: yes, no"),
        (more("extra", 'needs = "bodi"'), "fields.extra.needs: names the unknown field 'bodi'; did you mean 'body'?"),
        (more("extra", 'rest = "bodi"'), "fields.extra.rest: names the unknown field 'bodi'; did you mean 'body'?"),
        (more("extra", 'needed_when = { body = ["a"] }'), "fields.extra.needed_when.body: 'body' is of type name; name a field of type choice"),
        (more("extra", 'needed_when = { current_status = ["norml"] }'), "fields.extra.needed_when.current_status: 'norml' is no choice of current_status; did you mean 'normal'?"),
        # Sharing.
        (more("extra", "shared = true"), "fields.extra.shared: is not in _shared.toml; there are no shared fields here"),
        (more("extra", "shared = false"), "fields.extra.shared: is no key here; "),
    ],
)  # fmt: skip
def test_an_error_names_file_key_and_remedy(tmp_path: Path, text: str, line: str) -> None:
    said = problems(tmp_path, reward=text)
    assert any(one.startswith(f"reward.toml: {line}") for one in said), "\n".join(said)


def test_all_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path,
        reward=more("extra", 'type = "date"\nsearch = "text"\nfacet = true\nneeds = "bodi"'),
        ban=changed("number = 7", "number = 0"),
        broken="number = = 7",
    )
    assert [one.split(": ")[:2] for one in said] == [
        ["broken.toml", "file"],
        ["ban.toml", "number"],
        ["reward.toml", "fields.extra.search"],
        ["reward.toml", "fields.extra.facet"],
        ["reward.toml", "fields.extra.needs"],
    ]


def test_a_file_that_is_no_toml_names_the_place(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, reward="number = 7\nzh = 行政奖励\n")
    assert said.startswith("reward.toml: file: is no TOML: ")
    assert "line 2" in said


def test_a_file_in_another_encoding_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "reward.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(KindError, match="is no TOML"):
        kinds.load(tmp_path)


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    assert "reward.toml: number: is missing; add it; docs/kinds.md explains every key" in problems(
        tmp_path, reward=""
    )


def test_a_number_stands_for_one_kind(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, reward=GOOD, ban=GOOD)
    assert said == (
        "reward.toml: number: 7 is that of 'ban'; take a number of its own, such as 1; "
        "docs/kinds.md explains every key"
    )


def test_the_id_is_the_name_of_the_file(tmp_path: Path) -> None:
    (said,) = problems(tmp_path, My_Reward=GOOD)
    assert said == (
        "My_Reward.toml: file: 'My_Reward' cannot be an id; name it in lower case letters, digits and single hyphens"
    )


def test_a_folder_without_kinds_is_an_error(tmp_path: Path) -> None:
    (said,) = problems(tmp_path)
    assert said.endswith("file: there is no kind file; add one, <id>.toml")


SHARED = """
[fields.extra]
zh = "某项"
en = "Item"
type = "long"
need = "expected"
search = "text"
headings = ["事项"]
"""


def test_a_shared_field_is_taken_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "_shared.toml").write_text(SHARED, "utf-8")
    own = '[fields.extra]\nshared = true\nzh = "奖项"\nsearch = ""\nheadings = ["奖励事项"]\n'
    (tmp_path / "reward.toml").write_text(GOOD + own, "utf-8")
    extra = kinds.load(tmp_path)["reward"].field("extra")
    assert (extra.label.zh, extra.label.en, extra.type, extra.search) == ("奖项", "Item", "long", "")
    assert extra.need == "expected"
    assert extra.headings == ("奖项", "奖励事项", "事项", "某项", "Item", "extra")


@pytest.mark.parametrize("text", ["fields = 3", "[fields]\nextra = 3", "[fields.extra]\nheadings = 3"])
def test_a_shared_file_of_the_wrong_shape_is_no_crash(tmp_path: Path, text: str) -> None:
    own = "[fields.extra]\nshared = true\n"
    assert {one.split(":")[0] for one in problems(tmp_path, reward=GOOD + own, _shared=text)} == {
        "_shared.toml"
    }


def test_a_wrong_shared_file_is_named_itself(tmp_path: Path) -> None:
    said = problems(
        tmp_path, reward=GOOD, _shared='[fields.extra]\nzh = "某项"\nen = "Item"\ntipe = "long"\n'
    )
    assert said == ["_shared.toml: fields.extra.tipe: is no key here; did you mean 'type'?"]


MANUAL = (project.TOP / "docs" / "kinds.md").read_text("utf-8")


@pytest.mark.parametrize("shape", [KindShape, FieldShape, ChoiceShape])
def test_the_manual_explains_every_key(shape: type[KindShape | FieldShape | ChoiceShape]) -> None:
    keys = set(shape.model_fields) - {"fields", "also"}
    silent = {key for key in keys if not re.search(rf"^\|.*[`.\[]{key}[`\]].* \|", MANUAL, re.MULTILINE)}
    assert silent == set()


def test_the_manuals_example_is_a_kind(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(number = .*?)```", MANUAL, re.DOTALL)
    shared = project.TOP / "config" / "kinds" / "_shared.toml"
    (tmp_path / "_shared.toml").write_bytes(shared.read_bytes())
    (tmp_path / "contract.toml").write_text(example, "utf-8")
    made = kinds.load(tmp_path)["contract"]
    assert made.number not in {kind.number for kind in kinds.load().values()}


def test_every_shared_field_is_used() -> None:
    shared = tomllib.loads((project.TOP / "config" / "kinds" / "_shared.toml").read_text("utf-8"))
    used = {entry.id for kind in kinds.load().values() for entry in kind.fields}
    assert set(shared["fields"]) <= used


@pytest.mark.parametrize("path", sorted((project.TOP / "config" / "dialects").glob("*.toml")), ids=str)
def test_a_shipped_dialect_leads_to_fields(path: Path) -> None:
    dialect = tomllib.loads(path.read_text("utf-8"))
    fields = {entry.id for kind in kinds.load().values() for entry in kind.fields}
    assert set(dialect["headings"].values()) <= fields | {""}
