"""Search against brute force: a text is found exactly where its fold stands in the fold."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from creditindex.query import words_of
from creditregister.text import fold
from support.indexes import build, document, embedded, find, name, names, numbers

#: Few characters, so that pieces meet; traditional, full width, brackets, spaces and beyond the BMP among them.
LETTERS = "甲乙丙國国ＡaB（(〔 \u3000𠮷"
TEXTS = st.text(LETTERS, min_size=1, max_size=12).filter(fold)
QUESTIONS = st.lists(
    st.text(LETTERS, min_size=1, max_size=9).filter(lambda text: fold(text.strip())), max_size=8
)


@settings(max_examples=25, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=12), QUESTIONS)
def test_a_piece_of_a_name_equals_brute_force(texts: list[str], questions: list[str]) -> None:
    records = [document(n, text) for n, text in enumerate(texts, 1)]
    subjects = [name(n, text) for n, text in enumerate(texts, 1)]
    with tempfile.TemporaryDirectory() as folder:
        engine = build(embedded(Path(folder)), [*records, *subjects])
        for question in [*questions, *(text[at:] for text in texts for at in (0, 1, 3) if fold(text[at:]))]:
            wanted = {n for n, text in enumerate(texts, 1) if fold(question) in fold(text)}
            page = find(engine, question)
            assert (set(numbers(page, records)) if page.stage == "name" else set()) == wanted
            assert page.stage == "name" or not wanted
            order = sorted(wanted, key=lambda n: (len(fold(texts[n - 1])), n))
            if wanted:
                assert numbers(page, records) == order
            found = names(engine, question, limit=20)
            assert [hit.subject_id for hit in (*found.exact, *found.containing)] == order
            assert found.total == len(wanted)
        engine.close()


PARTS = st.tuples(
    TEXTS, st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=8), st.text(LETTERS, max_size=30)
)
WORDS = st.lists(
    st.text(LETTERS.strip(), min_size=2, max_size=4).filter(lambda t: len(fold(t)) > 1),
    min_size=1,
    max_size=3,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=10), st.lists(WORDS, max_size=6))
def test_every_word_somewhere_equals_brute_force(
    parts: list[tuple[str, str, str, str]], questions: list[list[str]]
) -> None:
    records = [
        document(n, company, title=title, number=number, content=content)
        for n, (company, title, number, content) in enumerate(parts, 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        engine = build(embedded(Path(folder)), records)
        for words in questions:
            text = " ".join(words)
            if any(fold(text) in fold(company) for company, *_ in parts):
                continue  # the stage of names answers
            wanted = {
                n
                for n, fields in enumerate(parts, 1)
                if all(
                    any(fold(word) in fold(each) for each in (fields if len(fold(word)) > 1 else fields[:1]))
                    for word in words_of(text)
                )
            }
            page = find(engine, text)
            if page.stage != "identifier":
                assert set(numbers(page, records)) == wanted
                assert page.total == len(wanted)
        engine.close()
