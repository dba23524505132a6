"""One row of a delivery → a record for the register, or every reason why not.

All that is wrong with a row is said at once, each with its column and the remedy (DESIGN 3, Problems):
*refused* rows wait for a better delivery, *held* ones for a word of the unit, *warned* ones are published.
A row leaves here redacted and projected, without identity numbers in its content; originals of redacted
text go with the secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditindex.feeds import checks, subject
from creditindex.feeds.asides import Asides
from creditindex.feeds.cells import Read, Said, blank, plain, reader
from creditindex.feeds.checks import Checks
from creditindex.feeds.draft import Draft
from creditindex.feeds.problems import FileRefusedError, printable
from creditindex.feeds.sealing import Seals
from creditindex.feeds.twice import Seen
from creditregister import areas, projection
from creditregister.delivered import Delivered, Problem
from creditregister.kinds import CODE_FIELDS, SUBJECT_NAME
from creditregister.privacy import mask
from creditregister.redrafting import natural_key, of_minor
from creditregister.spreadsheets import meant
from creditregister.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from creditindex.feeds.headings import Table
    from creditindex.feeds.workbook import Cell
    from creditregister.kinds import Field, Value
    from creditregister.lists import Lists

_FIELD_OF_CODE = {kind: name for name, kind in CODE_FIELDS.items()}
_IDENTITY = "identity_number"
_AREA = "area_code"
#: Different short cells of a column whose values are remembered.
_REMEMBERED = 8192
_SHORT = 64
_FLAWS = {
    "formula": "是没有计算结果的公式；请在 Excel 中打开并保存，或复制后“选择性粘贴—数值”",
    "error": "是公式错误（如 #N/A）；请改正",
}

_WITHHELD = {
    "consent": "当事人是自然人，没有本人同意公示的记载，信息只存档，不公示；本人同意的，请补报",
    "few": "数量过少，可能推断出个人，信息只存档，不公示；请并入更长的期间后报送",
}


@dataclass(slots=True)
class Taken:
    """What became of one row.

    ``outcome`` is ``delivered``, ``held`` (it is delivered with the reasons why it must wait for its unit's
    word), ``refused``, ``unchanged`` (an exact repetition), ``blank``, or ``aside`` (no row of the table).
    """

    outcome: str
    delivered: Delivered | None = None
    problems: list[Problem] = field(default_factory=list)


class Rows:
    """Reads the rows of one table, from top to bottom."""

    def __init__(
        self,
        table: Table,
        today: date,
        lists: Lists,
        *,
        epoch1904: bool = False,
        flaws: Mapping[tuple[int, int], str] | None = None,
        issued: frozenset[str] = frozenset(),
    ) -> None:
        """Prepare a reader for every column.

        Args:
            table: headings that were understood, with what ``--with`` says.
            today: the civil date in Shanghai; later dates of decision are refused.
            lists: the lists that have a page; an entry of another one waits.
            epoch1904: how bare numbers in date columns count.
            flaws: (row, column) from 1 of cells that only look empty.
            issued: codes that fail their check and were confirmed.

        Raises:
            FileRefusedError: a value of ``--with`` cannot be read.
        """
        self._table = table
        self._kind = table.kind
        self._today = today
        self._flaws = flaws or {}
        self._issued = issued
        self._seen = Seen()
        self.asides = Asides(table)
        self._checks = Checks(table, today, lists)
        self._seals = Seals(table.kind)
        self._headings = [column.heading for column in table.columns]
        used = [(column, column.field) for column in table.columns if column.field is not None]
        self._plain: list[tuple[int, Field, Callable[[Cell], Read], dict[Cell, Value | None]]] = [
            (
                column.place,
                fld,
                reader(fld, column.unit, epoch1904=epoch1904, words=table.words.get(fld.id)),
                {},
            )
            for column, fld in used
            if fld.type not in ("code", "secret")
        ]
        self._coded = [
            (column.place, fld.type) for column, fld in used if fld.type == "code" or fld.id == _IDENTITY
        ]
        self._secret = [
            (column.place, fld) for column, fld in used if fld.type == "secret" and fld.id != _IDENTITY
        ]
        self._given = {name: self._read_given(name, text) for name, text in table.given.items()}

    def take(self, number: int, cells: Sequence[Cell]) -> Taken:
        """Read one row of the table's body."""
        if all(cell == "" for cell in cells) or all(blank(cell) for cell in cells):
            return Taken("blank")
        if self.asides.skips(number, cells):
            return Taken("aside")
        draft = Draft(number)
        if self._table.returned:
            cells = self._as_it_was(draft, cells)
        self._values(draft, cells)
        self._secrets(draft, cells)
        party = self._party(draft, cells)
        self._area(draft)
        self._checks.check(draft)
        return self._finish(draft, party)

    # -- cells -----------------------------------------------------------------------------------------

    def _values(self, draft: Draft, cells: Sequence[Cell]) -> None:
        content, width = draft.content, len(cells)
        for place, fld, read, known in self._plain:
            cell = cells[place] if place < width else ""
            if cell == "":
                continue
            value = known.get(cell)
            if value is not None and fld.id not in content:
                content[fld.id] = value
                continue
            got = read(cell)
            self._value(draft, place, fld, got)
            # Columns repeat themselves: what was read without a remark is read once.
            if got.plain and isinstance(cell, str) and len(cell) < _SHORT and len(known) < _REMEMBERED:
                known[cell] = got.value
        if width > len(self._headings):
            self._surplus(draft, cells)
        if self._flaws:
            self._look_for_flaws(draft)
        for name, value in self._given.items():
            if name not in draft.bad:
                content.setdefault(name, value)

    def _value(self, draft: Draft, place: int, fld: Field, got: Read) -> None:
        """Take in what a cell gave, with all that is to be said about it."""
        for said in got.said:
            draft.tell(said, fld.id, self._headings[place])
        if got.value is not None and draft.content.setdefault(fld.id, got.value) != got.value:
            self._merge(draft, place, fld.id, got.value)
        if got.rest:
            draft.content.setdefault(fld.rest, got.rest)

    def _as_it_was(self, draft: Draft, cells: Sequence[Cell]) -> list[Cell]:
        """A row of a problems file that comes back: without the apostrophes, and never with our own masks."""
        for column in self._table.columns[: len(cells)]:
            secret = column.field is not None and column.field.type == "secret"
            if secret and "*" in plain(cells[column.place]):
                said = Said("refused", "masked", "号码被问题清单遮盖，不是原值；请填写原来的号码")
                draft.tell(said, column.field.id if column.field else "", column.heading)
        return [meant(cell) if isinstance(cell, str) else cell for cell in cells]

    def _merge(self, draft: Draft, place: int, name: str, value: Value) -> None:
        """Two columns mean one field: lists are joined, other values must agree."""
        before = draft.content[name]
        if isinstance(before, list) and isinstance(value, list):
            draft.content[name] = list(dict.fromkeys((*before, *value)))
            return
        message = "与另一列含义相同而内容不同；请只保留一列"
        draft.tell(Said("refused", "two-columns", message), name, self._headings[place])

    def _surplus(self, draft: Draft, cells: Sequence[Cell]) -> None:
        if any(not blank(cell) for cell in cells[len(self._headings) :]):
            message = (
                f"有 {len(cells)} 格，表头只有 {len(self._headings)} 列；多半是格内的逗号没有加引号，请检查"
            )
            draft.tell(Said("refused", "columns", message), "", "")

    def _look_for_flaws(self, draft: Draft) -> None:
        for column in self._table.columns:
            flaw = self._flaws.get((draft.number, column.place + 1))
            if flaw and column.field is not None:
                draft.tell(Said("refused", flaw, _FLAWS[flaw]), column.field.id, column.heading)

    def _secrets(self, draft: Draft, cells: Sequence[Cell]) -> None:
        for place, fld in self._secret:
            cell = cells[place] if place < len(cells) else ""
            if not blank(cell):
                given = subject.given(cell)
                if isinstance(given, Said):
                    draft.tell(given, fld.id, self._headings[place])
                elif given:
                    draft.secrets.setdefault(fld.id, given)

    def _area(self, draft: Draft) -> None:
        """Areas are counted by six digits; statisticians write twelve, down to the village."""
        given = draft.content.get(_AREA)
        if not isinstance(given, str):
            return
        if code := areas.county(given):
            draft.content[_AREA] = code
            return
        del draft.content[_AREA]
        message = f"“{printable(given)}”不是 6 位或者 12 位的行政区划代码，未采用；请核对"
        draft.tell(Said("warned", "area-code", message), _AREA, self._kind.by_id[_AREA].label.zh)

    def _party(self, draft: Draft, cells: Sequence[Cell]) -> subject.Party:
        coded = [
            (place, sort, cells[place])
            for place, sort in self._coded
            if place < len(cells) and cells[place] != ""
        ]
        name = str(draft.content.get(SUBJECT_NAME, ""))
        party = subject.gather(coded, name, self._issued)
        for place, said in party.said:
            fld = self._table.columns[place].field if place >= 0 else None
            draft.tell(said, fld.id if fld else "", self._headings[place] if place >= 0 else "")
        party.said.clear()
        for kind, value in party.codes.items():
            if _FIELD_OF_CODE[kind] in self._kind.by_id:
                draft.content[_FIELD_OF_CODE[kind]] = value
        return party

    def _read_given(self, name: str, text: str) -> Value:
        fld = self._kind.by_id[name]
        got = reader(fld, "")(text)
        wrong = [
            said.message for said in got.said if said.outcome == "refused" or said.code == "unknown-value"
        ]
        if wrong or got.value is None:
            why = wrong[0] if wrong else "是空的"
            raise FileRefusedError("with", f"--with {printable(name)}：“{printable(text)}”{why}。")
        return got.value

    # -- the record ------------------------------------------------------------------------------------

    def _finish(self, draft: Draft, party: subject.Party) -> Taken:
        content = draft.content
        name = str(content.get(SUBJECT_NAME, ""))
        klass = self._class(draft, party, name)
        if party.number:
            draft.secrets[_IDENTITY] = party.number
            fld = self._kind.by_id.get(_IDENTITY)
            if fld is not None and fld.public[klass] == "masked":
                content[_IDENTITY] = mask.identity(party.number)
        for found in self._seals.seal(content, draft.secrets):
            draft.tell(found.said, found.field, self._kind.by_id[found.field].label.zh)
        if draft.refused:
            return Taken("refused", None, draft.problems)
        return self._record(draft, party, name, klass)

    def _class(self, draft: Draft, party: subject.Party, name: str) -> str:
        given_type = draft.content.get("subject_type", "")
        klass = subject.classify(party, name, str(given_type), str(draft.content.get("legal_rep", "")))
        for _, said in party.said:
            draft.tell(said, "subject_type", "")
        return klass

    def _record(self, draft: Draft, party: subject.Party, name: str, klass: str) -> Taken:
        kind, content = self._kind, draft.content
        public = projection.project(kind, content, klass)
        self._tell_withheld(draft, klass)
        decided = projection.first_day(kind.dated(content)[1])
        key = natural_key(kind, content)
        text = canonical(content).decode()
        again = self._again(draft, key, party, name, text)
        if again is not None:
            return again
        minor = klass == "person" and self._minor(draft, party.number, decided)
        made = Delivered(
            row=draft.number,
            klass=klass,
            name=name,
            codes=party.codes,
            content=text,
            public=public,
            key=key,
            decided=decided,
            area=str(content.get(_AREA, "")) or subject.area(party.codes),
            secrets=draft.secrets,
            number=party.number,
            case=str(content.get(kind.reference, "")) if klass == "person" else "",
            minor=minor,
            revoked=kind.state_of(content) == "revoked",
            ended=kind.state_of(content) == "ended",
            document=kind.documented,
            warnings=tuple(draft.problems),
        )
        return Taken("held" if made.held else "delivered", made, draft.problems)

    def _tell_withheld(self, draft: Draft, klass: str) -> None:
        """Warn where a row is kept and not shown for a reason that its unit may not expect."""
        message = _WITHHELD.get(self._kind.withheld(draft.content, klass))
        if message:
            draft.tell(Said("warned", "withheld", message), "", "")

    def _again(self, draft: Draft, key: str, party: subject.Party, name: str, text: str) -> Taken | None:
        """The same record once more in this delivery, if it is one."""
        who = (subject.identity(party.codes), party.number, "" if party.codes else fold(name))
        sealed = text + "\0" + "\0".join(f"{field}={draft.secrets[field]}" for field in sorted(draft.secrets))
        first, same = self._seen.meet((key or text, *who), sealed, draft.number)
        if not first:
            return None
        if same:
            return Taken("unchanged")
        message = f"与第 {first} 行是同一条信息（机关、文号、主体相同）而内容不同；请只保留正确的一行"
        draft.tell(Said("refused", "twice", message), "", "")
        return Taken("refused", None, draft.problems)

    def _minor(self, draft: Draft, number: str, decided: str) -> bool:
        minor = of_minor(draft.content, number, checks.day(decided) or self._today)
        if minor:
            message = "当事人为未成年人，信息只存档，不公示；请核对是否应当报送"
            draft.tell(Said("warned", "minor", message), SUBJECT_NAME, "")
        return minor
