"""Text from outside: hidden characters, meant words, and parts of identities."""

from hypothesis import given
from hypothesis import strategies as st

from stocktake.values import text


def test_hidden_characters_are_shown_as_code_points():
    assert text.shown("a\u202eb\u200bc\x1b[0m") == "a⟨U+202E⟩b⟨U+200B⟩c⟨U+001B⟩[0m"


def test_ordinary_text_of_any_language_is_left_alone():
    for plain in ("orders", "Bücher – 価格 é", "שלום", "🙂"):
        assert text.shown(plain) == plain
        assert text.hostile(plain) == []


def test_line_breaks_are_kept_only_in_text_of_several_lines():
    assert text.shown("a\n\tb") == "a⟨U+000A⟩⟨U+0009⟩b"
    assert text.shown("a\n\tb\r", multiline=True) == "a\n\tb⟨U+000D⟩"


def test_hidden_characters_are_found_where_they_stand():
    assert text.hostile("ab\x07") == [(2, "U+0007")]
    assert text.hostile("é\ufeff\n") == [(1, "U+FEFF")]


@given(st.text())
def test_what_is_shown_hides_nothing(raw):
    assert text.hostile(text.shown(raw)) == []


def test_the_meant_word_is_found():
    kinds = ["relational-db", "document-db", "key-value", "cache"]

    assert text.closest("relational_db", kinds) == "relational-db"
    assert text.closest("relatoinal-db", kinds) == "relational-db"
    assert text.closest("cahce", kinds) == "cache"
    assert text.closest("spaceship", kinds) is None
    assert text.closest("a" * 1_000_000, kinds) is None


def test_a_beginning_is_taken_for_its_word_rather_than_for_one_that_looks_alike():
    layers = ["application", "api", "database"]

    assert text.closest("app", layers) == "application"
    assert text.closest("ap", layers) == "api"
    assert text.closest("read", ["reads", "reads-writes"]) == "reads"
    assert text.closest("form", ["formerly", "from"]) == "from"
    assert text.only_one("app", layers) is None


def test_of_equally_near_words_the_first_in_order_is_meant():
    assert text.closest("bat", ["cat", "bar"]) == text.closest("bat", ["bar", "cat"]) == "bar"


def test_an_identity_part_encodes_what_would_divide_it():
    assert text.percent("a #b%\n") == "a%20%23b%25%0A"


@given(st.text(max_size=200))
def test_an_identity_part_is_short_and_encoding_it_again_changes_nothing(raw):
    once = text.percent(raw)

    assert len(once) <= 80
    assert text.percent(text.percent_decoded(once)) == once


def test_long_parts_stay_different():
    assert text.percent("x" * 100 + "a") != text.percent("x" * 100 + "b")


def test_words_are_listed_as_people_list_them():
    assert [text.listed(words) for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
