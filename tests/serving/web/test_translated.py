from __future__ import annotations

from types import MappingProxyType

import pytest

from serving.web.translated import PLACE, Translated, translated
from serving.wording import Wording

WORDS = Wording("en", MappingProxyType({"less": 'a < b "c"', "many": "{count} & more", "x.y": "dotted"}))


def shown(source: str, **facts: object) -> str:
    return Translated(WORDS).from_string(source).render(w=WORDS, **facts)


def test_a_sentence_that_is_set_early_is_escaped_as_one_that_is_looked_up() -> None:
    assert shown('<p title="{{ w("less") }}">{{ w("less") }}</p>') == (
        '<p title="a &lt; b &#34;c&#34;">a &lt; b &#34;c&#34;</p>'
    )
    assert shown('{% set said = w("less") %}{{ said }}') == "a &lt; b &#34;c&#34;"
    assert shown('{{ w("less") ~ "<" }}') == "a &lt; b &#34;c&#34;&lt;"


def test_what_takes_values_is_looked_up_as_it_is_set() -> None:
    assert shown('{{ w("many", count=n) }}{{ w("x." ~ z) }}', n=2, z="y") == "2 &amp; moredotted"


def test_the_wording_is_called_in_loops_and_macros_as_anywhere() -> None:
    loop = '{% for n in [1, 2] %}{{ w("many", count=n) }} {% endfor %}'
    assert shown(loop) == "1 &amp; more 2 &amp; more "
    macro = '{% macro m(w, n) %}{{ w.yen(n) }}{{ "{:.0%}<".format(0.5) }}{% endmacro %}{{ m(w, 1200) }}'
    assert shown(macro) == "¥1,200" + "50%&lt;"


def test_a_key_that_is_missing_is_a_fault_where_it_would_be_seen() -> None:
    assert shown('{% if seen %}{{ w("gone") }}{% endif %}', seen=False) == ""
    with pytest.raises(KeyError, match="gone"):
        shown('{{ w("gone") }}')


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_template_can_be_read_in_each_language(language: str) -> None:
    names = sorted(path.name for path in PLACE.glob("*.html"))
    assert names
    for name in names:
        assert translated(language).get_template(name).name == name


def test_languages_do_not_share_what_was_read() -> None:
    source = '{{ w("app.name") }}'
    said = {each: translated(each).from_string(source).render() for each in ("ja", "en")}
    assert said["ja"] != said["en"]
