"""Small indexes: documents made by hand, and a real register with its own index."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from creditindex import pinyin, terms
from creditindex.documents import Documents, cited, record_key, subject_key
from creditindex.embedded.service import EmbeddedEngine
from creditindex.engine import Document, NameDocument, Position, RecordDocument, written
from creditindex.follow import Follower
from creditindex.query import Filters, NameQuery, Names, Page, ask
from creditindex.rebuild import Rebuild
from creditregister import kinds as kind_files
from creditregister import projection
from creditregister.codes.arithmetic import organisation_check, unified_check
from creditregister.delivered import Delivered
from creditregister.text import canonical, fold
from support import elastic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from creditindex.elastic.service import ElasticEngine
    from creditindex.engine import Engine
    from creditindex.query import By
    from creditregister.opening import Register

    OurEngine = EmbeddedEngine | ElasticEngine

TODAY = date(2026, 6, 1)
KINDS = {1: "licence", 2: "penalty", 3: "enforcement"}
ORIGIN = "test.invalid/log"


def document(n: int, name: str, **values: Any) -> RecordDocument:
    """A record's document with readable defaults; texts are given as people write them."""
    decided = terms.day_number(values.get("decided", "2026-01-15"))
    kind, area = values.get("kind", 2), str(values.get("area", "990100"))
    state, body = values.get("state", "normal"), values.get("body", "云泽市监局")
    year = int(values.get("decided", "2026-01-15")[:4])
    folded = fold(name)
    number, title = fold(values.get("number", "")), fold(values.get("title", ""))
    codes = tuple(fold(code) for code in values.get("codes", ()))
    written = [number] if number else []
    head = [part for part in (folded, title, number) if part]
    filters = [f"kind={KINDS[kind]}", f"state={state}", f"year={year}", terms.filtered_by("body", body)]
    return RecordDocument(
        key=record_key(n),
        n=n,
        id=hashlib.sha256(str(n).encode()).digest()[:16],
        version=values.get("version", 1),
        shown_from=terms.day_number(values.get("shown_from", "")),
        shown_until=terms.until_number(values.get("shown_until", "")),
        rank=terms.rank(folded, decided, n),
        newest=terms.newest(decided, n),
        kind=kind,
        area=int(area[:4]),
        year=year,
        state=terms.state_number(state),
        body=body,
        filters=(*filters, *(f"area={area[:digits]}" for digits in (2, 4, 6))),
        identifiers=(*codes, *cited(written)),
        codes=codes,
        number=terms.EDGE.join(cited(written)),
        name=folded,
        head=terms.edged(*head),
        text=terms.edged(*head, fold(values.get("content", ""))),
    )


def name(subject_id: int, text: str, **values: Any) -> NameDocument:
    """A name of a subject."""
    folded, current = fold(text), values.get("current", True)
    letters = pinyin.spelt(folded)
    return NameDocument(
        key=subject_key(subject_id),
        subject_id=subject_id,
        code=values.get("code", f"9999{subject_id:014d}"),
        name=text,
        folded=folded,
        initials=terms.edged(*letters.initials),
        pinyin=terms.edged(*letters.whole),
        current=current,
        shown_from=terms.day_number(values.get("shown_from", "")),
        shown_until=terms.until_number(values.get("shown_until", "")),
        rank=terms.name_rank(folded, not current, subject_id),
    )


def embedded(folder: Path) -> EmbeddedEngine:
    """An embedded engine that looks at the disk at every question."""
    return EmbeddedEngine(
        folder, KINDS, heap_mb=32, build_heap_mb=32, build_threads=1, clock=iter(range(10**9)).__next__
    )


def build(engine: Engine, documents: Iterable[Document], seq: int = 1) -> Engine:
    """Build an index of these documents and let the engine read it."""
    made = engine.build(Position(ORIGIN, seq, "ab" * 32))
    done, failed = written(documents, made.write)
    assert not failed
    made.add(done)
    made.commit()
    made.publish(lambda: None)
    return engine


def find(engine: Engine, text: str, *, filters: Filters | None = None, **values: Any) -> Page:
    """Ask as the site does."""
    today = values.pop("today", TODAY)
    return engine.find(ask(text, today, filters=filters, **values))


def names(engine: Engine, text: str, limit: int = 5, today: date = TODAY, by: By = "text") -> Names:
    """Ask for subjects by name."""
    return engine.names(NameQuery(text, today, limit, by=by))


def numbers(page: Page, documents: Iterable[RecordDocument]) -> list[int]:
    """The private numbers of a page's hits, in order."""
    from creditregister.records import id_text  # noqa: PLC0415 -- only here

    known = {id_text(each.id): each.n for each in documents}
    return [known[hit.id] for hit in page.hits]


def unified(number: int) -> str:
    """A valid unified code in the reserved area 990100."""
    serial = f"MA{number:06d}"
    bare = f"91990100{serial}{organisation_check(serial)}"
    return bare + unified_check(bare)


def penalty(number: int, company: str = "", code: str | None = None, **fields: str) -> Delivered:
    """A delivered penalty with the public bytes that the real projection gives."""
    kind = kind_files.load()["penalty"]
    company = company or f"云泽晨光{number}食品有限公司"
    code = unified(number) if code is None else code
    content = {
        "subject_name": company,
        "unified_code": code,
        "document_number": f"云市监罚〔2026〕{number}号",
        "facts": "未按规定公示信息",
        "body": "云泽市市场监督管理局",
        "decision_date": "2026-05-20",
        "severity": "general",
    } | fields
    return Delivered(
        row=number,
        klass="organisation",
        name=company,
        codes={"unified": code} if code else {},
        content=canonical(content).decode(),
        public=projection.project(kind, content, "organisation"),
        key=f'["云泽市市场监督管理局","{content["document_number"]}"]',
        decided=content["decision_date"],
        area="990100",
    )


def engine_of(register: Register) -> OurEngine:
    """The engine that a register's settings name, with all kinds, looking for a newer index at every question."""
    settings, known = register.settings, {kind.number: kind.id for kind in kind_files.load().values()}
    if settings.elasticsearch_url:
        own = settings.elasticsearch.model_dump()
        return elastic.engine({"elasticsearch_url": settings.elasticsearch_url, "elasticsearch": own}, known)
    return EmbeddedEngine(
        settings.data / "index",
        known,
        heap_mb=32,
        build_heap_mb=32,
        build_threads=1,
        clock=iter(range(10**9)).__next__,
    )


def serving(engine: OurEngine) -> str:
    """The name of the build that is read."""
    return (
        engine.folders.current().name if isinstance(engine, EmbeddedEngine) else engine.indexes.current().name
    )


def builds(engine: OurEngine) -> list[str]:
    """The names of all builds, the oldest first."""
    held = engine.folders.builds() if isinstance(engine, EmbeddedEngine) else engine.indexes.builds()
    return [each.name for each in held]


def follower(register: Register, engine: Engine) -> Follower:
    """A follower of a register."""
    return Follower(register, engine, Documents(kind_files.load()))


def rebuild(register: Register, engine: Engine) -> Rebuild:
    """A rebuild of a register's index."""
    return Rebuild(register, engine, Documents(kind_files.load()))
