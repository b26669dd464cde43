"""What a page says of itself, and its article without the page around it; or why it has none."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.attribution import attribute
from knowledge.errors import NoArticleText, PageProblem
from knowledge.ingest.canonical import canonical_url
from knowledge.ingest.page import Page
from knowledge.ingest.pages import read_page
from knowledge.text import Span

URL = "https://www.example.org/news/otters"
FILLER = (
    "The harbour of Alder Falls has had no otters for forty years, says the keeper of its lock, who counts them.",
    "Four of them were seen on Tuesday below the old mill, where the river is deep and the fish are slow in May.",
    "Nobody knows where they came from, and nobody in the town hall wants to say how long they may stay.",
    "Fishermen are less glad: they have asked the council for nets, for money, and a word with whoever let them in.",
    "A vote on the matter is expected before the summer, when the first young ones will have learned how to swim.",
    "Until then a sign asks visitors to keep their dogs on a leash and their sandwiches in their bags.",
)
BODY = "".join(f"<p>{one}</p>" for one in FILLER)


def page(body: str = BODY, head: str = "", lang: str = "en") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Otters are back | Courier</title>{head}</head>'
        f"<body><nav><ul><li><a href=/>Home</a></ul></nav><article><h1>Otters are back</h1>{body}</article>"
        "<footer><p>Imprint</p></footer></body></html>"
    )


def json_ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def problem_of(markup: str, url: str = URL) -> PageProblem:
    with pytest.raises(NoArticleText) as caught:
        read_page(markup, url)
    assert caught.value.url == url
    return caught.value.problem


def test_an_article_is_its_paragraphs_without_the_page_around_them() -> None:
    assert read_page(page(), URL) == Page("Otters are back", URL, "", "", "en", "\n\n".join(FILLER))


# --- title ---


@pytest.mark.parametrize(
    "head",
    [
        json_ld(headline="Otters &amp; nets"),
        meta("og:title", "Otters &amp; nets"),
        meta("og:title", "Otters &amp; nets - Courier") + meta("og:site_name", "Courier"),
        meta("og:title", "Otters &amp; nets | example.org") + meta("og:url", URL),
        json_ld(headline="Otters & nets – The Courier", publisher={"name": "Courier"}),
        json_ld(headline="Otters & nets") + meta("og:title", "Something for those who search"),
    ],
)
def test_a_title_is_what_the_page_says_without_its_site(head: str) -> None:
    assert read_page(page(head=head), URL).title == "Otters & nets"


def test_a_title_that_two_agree_on_comes_first() -> None:
    head = json_ld(headline="Something for those who search") + meta("og:title", "“Otters” are back")
    assert read_page(page(head=head), URL).title == "“Otters” are back"


def test_a_dash_in_a_title_is_no_site() -> None:
    head = meta("og:title", "Otters – and what they eat")
    assert read_page(page(head=head), URL).title == "Otters – and what they eat"


# --- date ---


@pytest.mark.parametrize(
    "head",
    [
        json_ld(datePublished="2021-05-04T23:30:00-07:00", dateModified="2022-01-01"),
        json_ld(datePublished="Tue, 05/04/2021") + meta("article:published_time", "2021-05-04"),
        json_ld(datePublished="0001-01-01T00:00:00") + meta("article:published_time", "2021-05-04"),
        json_ld(datePublished="2021-02-30") + meta("article:published_time", "2021-05-04"),
        meta("og:published_time", "2021-05-04 10:00"),
        '<script type="application/ld+json">{broken</script>' + json_ld(datePublished="2021-05-04"),
        f'<script type="application/ld+json">{"[" * 100_000}</script>' + json_ld(datePublished="2021-05-04"),
        json_ld(**{"@graph": [{"@type": ["Article"], "datePublished": "2021-05-04"}]}),
    ],
)
def test_a_date_is_the_first_day_that_the_page_states(head: str) -> None:
    assert read_page(page(head=head), URL).date == "2021-05-04"


def test_a_date_is_found_in_a_page_that_states_none_in_its_head() -> None:
    body = '<div class="byline">Published on May 4, 2021</div>' + BODY
    assert read_page(page(body), URL).date == "2021-05-04"


def test_the_days_of_comments_are_not_the_articles() -> None:
    body = BODY + '<div class="comments"><time datetime="2021-06-01">June 1, 2021</time><p>Nice.</p></div>'
    assert read_page(page(body), URL).date == ""


# --- address ---


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("https://www.example.org/otters", "https://www.example.org/otters"),
        ("/otters?cid=12", "https://www.example.org/otters?cid=12"),
        ("https://m.example.org/otters", "https://m.example.org/otters"),
        ("https://evil.example.com/otters", URL),  # a page may not speak for another site
        ("https://www.example.org/", URL),  # nor for the front page, as broken templates do
        ("javascript:alert(1)", URL),
        ("https://[", URL),
        ("", URL),
    ],
)
def test_a_page_says_where_it_belongs_within_its_site(said: str, address: str) -> None:
    assert read_page(page(head=f'<link rel="canonical" href="{said}">'), URL).url == address


def test_sites_of_one_host_do_not_speak_for_each_other() -> None:
    head = '<link rel="canonical" href="https://good.blogspot.com/2021/a.html">'
    url = "https://evil.blogspot.com/2021/a.html"
    assert read_page(page(head=head), url).url == url


def test_a_file_belongs_where_it_says() -> None:
    assert read_page(page(head=f'<link rel="canonical" href="{URL}">')).url == URL


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{URL}?utm_source=x&utm_medium=y&fbclid=z&gclid=1#top", f"{URL}#top"),
        (f"{URL}?id=3&mc_cid=1", f"{URL}?id=3"),
        ("HTTPS://WWW.Example.org:443/news/otters", URL),
        ("https://www-example-org.cdn.ampproject.org/c/s/www.example.org/news/otters", URL),
        ("https://www.google.com/amp/s/www.example.org/news/otters", URL),
        ("https://site-org.cdn.ampproject.org/c/site.org/otters", "http://site.org/otters"),
        ("https://example.org/article.php?cid=12", "https://example.org/article.php?cid=12"),
        ("https://example.org/?p=12&ref=13", "https://example.org/?p=12&ref=13"),
        ("", ""),
        ("https://[", "https://["),
    ],
)
def test_an_address_does_not_say_who_followed_it(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


# --- text ---

POST = (
    '<blockquote class="twitter-tweet"><p lang="en" dir="ltr">We will not<br>sell the mill. '
    '<a href="https://t.co/a">pic.twitter.com/a</a></p>&mdash; Ann Fenwick (@annfenwick) '
    '<a href="https://twitter.com/annfenwick/status/1?ref_src=twsrc">July 11, 2020</a></blockquote>'
    '<script async src="https://platform.twitter.com/widgets.js"></script>'
)


def test_an_embedded_post_keeps_its_signature_and_so_its_speaker() -> None:
    text = read_page(page(BODY.replace("</p><p>", f"</p>{POST}<p>", 1)), URL).text
    line = "We will not sell the mill. pic.twitter.com/a — Ann Fenwick (@annfenwick) July 11, 2020"
    assert text == "\n\n".join((FILLER[0], line, *FILLER[1:]))
    start = text.index("We will not")
    said = attribute(text, Span(start, start + len("We will not sell the mill.")))
    assert said.speaker == "Ann Fenwick"
    assert str(said.said_on) == "2020-07-11"


def test_a_paragraph_that_comes_twice_is_read_once_and_a_short_answer_twice() -> None:
    body = f"{BODY}<p>Yes.</p><p>{FILLER[0]}</p><p>Is it?</p><p>Yes.</p>"
    assert read_page(page(body), URL).text.split("\n\n") == [*FILLER, "Yes.", "Is it?", "Yes."]


def test_an_article_in_several_boxes_is_read_whole() -> None:
    cut = len("".join(f"<p>{one}</p>" for one in FILLER[:3]))
    halves = [BODY[:cut], BODY[cut:]]
    between = '<div class="teaser"><h3>Read on</h3><p><a href="/b">Another story</a></p></div>'
    body = between.join(f'<div class="chunk">{half}</div>' for half in halves)
    assert read_page(page(body), URL).text.split("\n\n")[:3] == list(FILLER[:3])
    assert all(one in read_page(page(body), URL).text for one in FILLER)


def test_the_lead_is_read_where_the_page_shows_it() -> None:
    lead = "For the first time in forty years there are otters in Alder Falls, and not everybody is glad of them."
    head = meta("og:description", lead)
    shown = f'<div class="teaser-top"><span>{lead}</span></div>'
    assert read_page(page(head=head).replace("<article>", shown + "<article>"), URL).text.startswith(lead)
    assert lead not in read_page(page(head=head), URL).text


def test_offers_and_headings_over_nothing_are_no_text() -> None:
    body = BODY + "<p>Sign up to our newsletter and read the harbour first.</p><h2>More from the harbour</h2>"
    assert read_page(page(body), URL).text == "\n\n".join(FILLER)


def test_line_breaks_are_blanks_and_two_of_them_part_paragraphs() -> None:
    body = BODY.replace("</p><p>", "<br><br>").replace(" who counts", "<br>who counts")
    assert read_page(page(body), URL).text == "\n\n".join(FILLER)


def test_zero_width_and_bidi_marks_are_kept_for_the_normal_form_to_deal_with() -> None:
    words = "The ha\u200brbour of \u202eAlder\u202c Falls"
    assert words in read_page(page(BODY.replace("The harbour of Alder Falls", words)), URL).text


# --- pages that show no article ---


@pytest.mark.parametrize(
    ("markup", "problem"),
    [
        ("", PageProblem.NO_TEXT),
        (" \n", PageProblem.NO_TEXT),
        ("<html></html>", PageProblem.NO_TEXT),
        ("<html><body><div id=root></div><script>go()</script></body></html>", PageProblem.NO_TEXT),
        (page(f"<p>{FILLER[0]}</p>", json_ld(isAccessibleForFree=False)), PageProblem.PAYWALL),
        (page(f"<p>{FILLER[0]}</p>", json_ld(isAccessibleForFree="False")), PageProblem.PAYWALL),
        (page(f"<p>{FILLER[0]}</p><p>Already a subscriber? Log in.</p>"), PageProblem.PAYWALL),
        (page(f"<p>{FILLER[0]}</p><div>Subscribe to continue reading.</div>"), PageProblem.PAYWALL),
        (page(f"<p>{FILLER[0]}</p><p>Cet article est réservé aux abonnés.</p>"), PageProblem.PAYWALL),
        (page("<p>Please enable JavaScript and cookies to continue.</p>"), PageProblem.WALL),
        (page("<p>Checking that you are not a robot.</p><p>Checking your browser.</p>"), PageProblem.WALL),
        (page("<p>We and our 842 partners store and access information on your device.</p>"), PageProblem.WALL),
        (
            page("<p>We use cookies to be better. Accept all cookies or read our cookie policy.</p>" + "".join(
                f"<p>Purpose {at}: by your use of cookies you let partner {at} see what you read here and when.</p>"
                for at in range(20))),
            PageProblem.WALL,
        ),
        ("x" * (9 * 1024**2), PageProblem.TOO_LARGE),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_why(markup: str, problem: PageProblem) -> None:
    assert problem_of(markup) == problem


def test_a_whole_article_behind_a_paywall_is_read() -> None:
    assert read_page(page(BODY + BODY.replace("otters", "seals"), json_ld(isAccessibleForFree=False)), URL).text


def test_an_article_about_cookies_is_read() -> None:
    words = "Most readers accept all cookies, a study says; few ever open the cookie settings of a page."
    assert words in read_page(page(f"{BODY}{BODY.replace('otters', 'seals')}<p>{words}</p>"), URL).text


# --- anything ---


def read_or_refused(markup: str, url: str = URL) -> Page | PageProblem:
    try:
        return read_page(markup, url)
    except NoArticleText as error:
        return error.problem


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<blockquote>", "<table><tr><td>", "<ul><li>", "<br><br>", "<h1>"),
        *("<svg>", "<math>", "<template>", "<noscript>", "<![CDATA[", "<!--", "-->", "<frameset>", "<plaintext>"),
        *("&#0;", "&#xd800;", "&#x110000;", "&nbsp;", "\u200b", "\u202e", "\u2066", "\ud800", "\0", "\x1b", "\ufffe"),
        *("<meta property='og:title' content='", "'>", "<link rel=canonical href='", "<time datetime='", "<title>"),
        *("<select><option>", "<base href='//x'>", "<?xml encoding='x'?>", "https://[", "2021-05-04", "</script>"),
        *("— a (@b) May 4, 2031", "Subscribe to continue reading", "word " * 40, "a" * 500, "<p " + "a=b " * 50),
        *("<html lang='", "\ue000", "accept all cookies"),
        "<div class='chunk'><p>" + "words and more words " * 5,
        "<script type='application/ld+json'>",
        '{"@type":"NewsArticle","headline":["a"],"publisher":"b"}',
    ]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=5000, max_examples=200)
@given(st.lists(PIECES | st.text(max_size=20), max_size=60).map("".join), st.sampled_from(["", URL, "https://["]))
def test_no_markup_makes_reading_fail_otherwise_than_by_a_reason(markup: str, url: str) -> None:
    read = read_or_refused(markup, url)
    assert read is not PageProblem.UNREADABLE
    if isinstance(read, Page):
        assert read.text.strip()
        "".join((read.text, read.title, read.url, read.publisher, read.date, read.language)).encode()


KEYS = "@type @graph headline datePublished publisher name inLanguage isAccessibleForFree".split()
WORDS = st.text(max_size=9) | st.sampled_from(["NewsArticle", "2021-05-04"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inside, max_size=6),
)  # fmt: skip


@settings(deadline=5000)
@given(VALUES)
def test_no_json_ld_makes_reading_fail(value: object) -> None:
    script = f'<script type="application/ld+json">{json.dumps(value)}</script>'
    read = read_or_refused(page(head=script))
    assert read is PageProblem.PAYWALL or (isinstance(read, Page) and FILLER[0] in read.text)
