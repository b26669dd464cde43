"""What Discord refuses of a bot and what it takes, from its documentation and its OpenAPI description.

Every broken form has one thing wrong and is otherwise valid; every good form goes up to a limit or uses a liberty.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness.components import Component, Payload
from bot.harness.rules import (
    Problems,
    choice_problems,
    command_problems,
    command_set_problems,
    is_empty,
    message_problems,
    modal_problems,
)

PRIMARY, LINK, PREMIUM = 1, 5, 6
SUPPRESS_EMBEDS, EPHEMERAL, SUPPRESS_NOTIFICATIONS, V2 = 1 << 2, 1 << 6, 1 << 12, 1 << 15

SLASH, ON_USER, ON_MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 6, 7, 10, 11

ADDRESS = "https://example.org/"


def cases(forms: Mapping[str, Any]) -> list[Any]:
    return [pytest.param(form, id=name) for name, form in forms.items()]


def without(form: Payload, key: str) -> Payload:
    return {name: value for name, value in form.items() if name != key}


def address(length: int) -> str:
    return ADDRESS + "a" * (length - len(ADDRESS))


# Components


def text(content: str = "words", **more: Any) -> Payload:
    return {"type": Component.TEXT_DISPLAY, "content": content, **more}


def button(custom_id: str = "press", **more: Any) -> Payload:
    return {"type": Component.BUTTON, "style": PRIMARY, "label": "Press", "custom_id": custom_id, **more}


def link(url: str = ADDRESS, **more: Any) -> Payload:
    return {"type": Component.BUTTON, "style": LINK, "label": "Open", "url": url, **more}


def premium(**more: Any) -> Payload:
    return {"type": Component.BUTTON, "style": PREMIUM, "sku_id": "1088510058284990888", **more}


def row(*components: Payload, **more: Any) -> Payload:
    return {"type": Component.ACTION_ROW, "components": list(components), **more}


def option(value: str = "a", **more: Any) -> Payload:
    return {"label": "An option", "value": value, **more}


def options(count: int) -> list[Payload]:
    return [option(str(number)) for number in range(count)]


def select(*chosen: Payload, **more: Any) -> Payload:
    return {"type": Component.STRING_SELECT, "custom_id": "pick", "options": list(chosen or options(3)), **more}


def user_select(**more: Any) -> Payload:
    return {"type": Component.USER_SELECT, "custom_id": "who", **more}


def media(url: str = ADDRESS, **more: Any) -> Payload:
    return {"media": {"url": url}, **more}


def thumbnail(url: str = ADDRESS, **more: Any) -> Payload:
    return {"type": Component.THUMBNAIL, **media(url, **more)}


def section(*components: Payload, **more: Any) -> Payload:
    return {"type": Component.SECTION, "components": list(components or [text()]), "accessory": thumbnail(), **more}


def gallery(*items: Payload, **more: Any) -> Payload:
    return {"type": Component.MEDIA_GALLERY, "items": list(items), **more}


def file(url: str = "attachment://notes.txt") -> Payload:
    return {"type": Component.FILE, "file": {"url": url}}


def separator(**more: Any) -> Payload:
    return {"type": Component.SEPARATOR, **more}


def container(*components: Payload, **more: Any) -> Payload:
    return {"type": Component.CONTAINER, "components": list(components), **more}


# Messages


def legacy(*components: Payload, **more: Any) -> Payload:
    return {"content": "words", "components": list(components), **more}


def layout(*components: Payload, **more: Any) -> Payload:
    return {"flags": V2, "components": list(components), **more}


def embedded(*embeds: Payload) -> Payload:
    return {"embeds": list(embeds)}


def field(name: str = "name", value: str = "value") -> Payload:
    return {"name": name, "value": value}


def mentions(**more: Any) -> Payload:
    return {"content": "words", "allowed_mentions": more}


def ids(count: int) -> list[str]:
    return [str(number) for number in range(1, count + 1)]


BROKEN_MESSAGES = {
    "content-of-2001": {"content": "a" * 2001},
    "eleven-embeds": embedded(*[{"title": "a"}] * 11),
    "embed-title-of-257": embedded({"title": "a" * 257}),
    "embed-description-of-4097": embedded({"description": "a" * 4097}),
    "embed-of-26-fields": embedded({"fields": [field()] * 26}),
    "embed-field-name-of-257": embedded({"fields": [field(name="a" * 257)]}),
    "embed-field-value-of-1025": embedded({"fields": [field(value="a" * 1025)]}),
    "embed-field-without-name": embedded({"fields": [field(name="")]}),
    "embed-field-without-value": embedded({"fields": [field(value="")]}),
    "embed-field-of-blanks": embedded({"fields": [field(value="  ")]}),
    "embed-footer-of-2049": embedded({"title": "a", "footer": {"text": "a" * 2049}}),
    "embed-author-of-257": embedded({"title": "a", "author": {"name": "a" * 257}}),
    "embeds-of-6001-in-total": embedded({"description": "a" * 4000}, {"description": "a" * 2001}),
    "embed-total-with-fields-footer-and-author": embedded(
        {
            "title": "a" * 200,
            "description": "a" * 4000,
            "author": {"name": "a" * 200},
            "footer": {"text": "a" * 600},
            "fields": [field("a" * 100, "a" * 901)],
        }
    ),
    "embed-url-without-scheme": embedded({"title": "a", "url": "example.org"}),
    "embed-url-of-another-scheme": embedded({"title": "a", "url": "ftp://example.org/"}),
    "embed-url-of-2049": embedded({"title": "a", "url": address(2049)}),
    "embed-image-that-is-no-url": embedded({"image": {"url": "chart.png"}}),
    "embed-author-url-without-scheme": embedded({"author": {"name": "a", "url": "example.org"}}),
    "embed-footer-icon-without-scheme": embedded({"footer": {"text": "a", "icon_url": "example.org/a.png"}}),
    "embed-colour-out-of-range": embedded({"title": "a", "color": 0x1000000}),
    "embed-time-that-is-none": embedded({"title": "a", "timestamp": "yesterday"}),
    "eleven-attachments": legacy(attachments=[{"id": number} for number in range(11)]),
    "attachment-description-of-1025": legacy(attachments=[{"id": "1", "description": "a" * 1025}]),
    "flag-crossposted": legacy(flags=1 << 0),
    "flag-is-crosspost": legacy(flags=1 << 1),
    "flag-source-message-deleted": legacy(flags=1 << 3),
    "flag-urgent": legacy(flags=1 << 4),
    "flag-has-thread": legacy(flags=1 << 5),
    "flag-loading": legacy(flags=1 << 7),
    "mentions-of-unknown-kind": mentions(parse=["members"]),
    "mentions-of-users-parsed-and-listed": mentions(parse=["users"], users=["1"]),
    "mentions-of-roles-parsed-and-listed": mentions(parse=["roles"], roles=["1"]),
    "mentions-of-101-users": mentions(users=ids(101)),
    "mentions-of-101-roles": mentions(roles=ids(101)),
    "mentions-of-one-user-twice": mentions(users=["1", "1"]),
    "mentions-parsed-twice": mentions(parse=["users", "users"]),
    "six-rows": legacy(*[row(button(str(number))) for number in range(6)]),
    "text-display-without-the-flag": legacy(text()),
    "container-without-the-flag": legacy(container(text())),
    "button-outside-a-row": legacy(button()),
    "row-of-none": legacy(row()),
    "row-of-six-buttons": legacy(row(*[button(str(number)) for number in range(6)])),
    "row-of-select-and-button": legacy(row(select(), button())),
    "row-of-two-selects": legacy(row(select(), user_select())),
    "row-in-a-row": legacy(row(row(button()))),
    "text-input-in-a-message": legacy(row({"type": Component.TEXT_INPUT, "custom_id": "a", "style": 1, "label": "A"})),
    "label-in-a-message": layout({"type": Component.LABEL, "label": "A", "component": select()}),
    "unknown-component": layout({"type": 99}),
    "component-without-type": layout({"content": "words"}),
    "button-without-custom-id": legacy(row(without(button(), "custom_id"))),
    "button-with-empty-custom-id": legacy(row(button(""))),
    "button-with-custom-id-of-101": legacy(row(button("a" * 101))),
    "button-with-url-and-custom-id": legacy(row(button(url=ADDRESS))),
    "link-with-custom-id": legacy(row(link(custom_id="press"))),
    "link-without-url": legacy(row(without(link(), "url"))),
    "link-of-513": legacy(row(link(address(513)))),
    "link-of-another-scheme": legacy(row(link("javascript:alert(1)"))),
    "link-without-host": legacy(row(link("https://"))),
    "button-label-of-81": legacy(row(button(label="a" * 81))),
    "button-without-label-and-emoji": legacy(row(without(button(), "label"))),
    "button-with-sku": legacy(row(button(sku_id="1088510058284990888"))),
    "link-with-sku": legacy(row(link(sku_id="1088510058284990888"))),
    "premium-button-with-emoji": legacy(row(premium(emoji={"name": "🧾"}))),
    "button-of-unknown-style": legacy(row(button(style=7))),
    "button-without-style": legacy(row(without(button(), "style"))),
    "premium-button-without-sku": legacy(row(without(premium(), "sku_id"))),
    "premium-button-with-label": legacy(row(premium(label="Buy"))),
    "premium-button-with-custom-id": legacy(row(premium(custom_id="buy"))),
    "custom-id-twice": legacy(row(button("a"), button("a"))),
    "custom-id-twice-in-two-rows": legacy(row(button("a")), row(select(custom_id="a"))),
    "custom-id-twice-in-a-section": layout(section(accessory=button("a")), row(button("a"))),
    "component-id-twice": layout(text(id=7), text(id=7)),
    "component-id-below-zero": layout(text(id=-1)),
    "select-without-custom-id": legacy(row(without(select(), "custom_id"))),
    "select-without-options": legacy(row({**select(), "options": []})),
    "select-of-26-options": legacy(row(select(*options(26)))),
    "select-with-a-value-twice": legacy(row(select(option("a"), option("a")))),
    "select-option-label-of-101": legacy(row(select(option(label="a" * 101)))),
    "select-option-without-label": legacy(row(select(option(label="")))),
    "select-option-value-of-101": legacy(row(select(option("a" * 101)))),
    "select-option-without-value": legacy(row(select(option("")))),
    "select-option-description-of-101": legacy(row(select(option(description="a" * 101)))),
    "select-placeholder-of-151": legacy(row(select(placeholder="a" * 151))),
    "select-of-at-least-3-and-at-most-2": legacy(row(select(min_values=3, max_values=2))),
    "select-of-at-least-26": legacy(row(user_select(min_values=26, max_values=25))),
    "select-of-at-least-minus-1": legacy(row(select(min_values=-1))),
    "select-of-at-most-0": legacy(row(user_select(min_values=0, max_values=0))),
    "select-of-at-most-26": legacy(row(user_select(max_values=26))),
    "select-of-more-than-it-offers": legacy(row(select(*options(2), max_values=3))),
    "select-with-more-defaults-than-allowed": legacy(
        row(user_select(default_values=[{"id": "1", "type": "user"}, {"id": "2", "type": "user"}]))
    ),
    "layout-with-content": layout(text(), content="words"),
    "layout-with-an-embed": layout(text(), embeds=[{"title": "a"}]),
    "layout-with-a-poll": layout(text(), poll={"question": {"text": "?"}, "answers": []}),
    "layout-with-a-sticker": layout(text(), sticker_ids=["1"]),
    "layout-of-41": layout(*[text()] * 41),
    "layout-of-41-nested": layout(container(*[text()] * 40)),
    "layout-of-41-with-accessories": layout(*[section()] * 13, text(), text()),
    "layout-of-4001-characters": layout(text("a" * 4001)),
    "layout-of-4001-characters-in-total": layout(text("a" * 2000), container(section(text("a" * 2001)))),
    "empty-text-display": layout(text("")),
    "text-display-without-content": layout(without(text(), "content")),
    "section-without-accessory": layout(without(section(), "accessory")),
    "section-of-four-texts": layout(section(*[text()] * 4)),
    "section-without-text": layout({**section(), "components": []}),
    "section-of-a-button": layout(section(button())),
    "section-with-a-select-beside": layout(section(accessory=select())),
    "section-with-a-text-beside": layout(section(accessory=text())),
    "thumbnail-alone": layout(thumbnail()),
    "thumbnail-without-media": layout(section(accessory=without(thumbnail(), "media"))),
    "thumbnail-description-of-1025": layout(section(accessory=thumbnail(description="a" * 1025))),
    "thumbnail-of-a-file-not-sent": layout(section(accessory=thumbnail("attachment://a.png"))),
    "thumbnail-that-is-no-url": layout(section(accessory=thumbnail("a.png"))),
    "gallery-of-none": layout(gallery()),
    "gallery-of-11": layout(gallery(*[media()] * 11)),
    "gallery-description-of-1025": layout(gallery(media(description="a" * 1025))),
    "gallery-of-a-file-not-sent": layout(gallery(media("attachment://a.png"))),
    "gallery-item-without-media": layout(gallery({"description": "a"})),
    "file-not-sent": layout(file()),
    "file-from-the-web": layout(file(ADDRESS)),
    "separator-of-unknown-size": layout(separator(spacing=3)),
    "container-of-none": layout(container()),
    "container-in-a-container": layout(container(container(text()))),
    "container-of-a-button": layout(container(button())),
    "container-of-unknown-colour": layout(container(text(), accent_color=0x1000000)),
    "container-of-negative-colour": layout(container(text(), accent_color=-1)),
    "layout-of-a-button": layout(button()),
}

GOOD_MESSAGES = {
    "content-of-2000": {"content": "a" * 2000},
    "content-of-2000-emoji": {"content": "🧾" * 2000},
    "ten-embeds": embedded(*[{"title": "a"}] * 10),
    "embed-title-of-256": embedded({"title": "a" * 256}),
    "embed-description-of-4096": embedded({"description": "a" * 4096}),
    "embed-of-25-fields": embedded({"fields": [field()] * 25}),
    "embed-field-at-its-limits": embedded({"fields": [field("a" * 256, "a" * 1024)]}),
    "embed-field-of-a-character-of-no-width": embedded({"fields": [field("\u200b", "\u200b")]}),
    "embeds-of-6000-in-total": embedded({"description": "a" * 4000}, {"description": "a" * 2000}),
    "embed-with-everything": embedded(
        {
            "title": "a",
            "type": "rich",
            "description": "a",
            "url": "http://example.org/",
            "timestamp": "2026-08-06T12:00:00.123000+00:00",
            "color": 0xFFFFFF,
            "author": {"name": "a" * 256, "url": ADDRESS, "icon_url": ADDRESS},
            "footer": {"text": "a" * 2048, "icon_url": ADDRESS},
            "image": {"url": ADDRESS},
            "thumbnail": {"url": address(2048)},
            "fields": [{"name": "a", "value": "a", "inline": True}],
        }
    ),
    "embed-without-the-image-it-names": embedded({"title": "a", "image": {"url": "attachment://chart.png"}}),
    "embed-with-blanks-around": embedded({"title": " " + "a" * 256 + "\n", "fields": [field("a ", " a")]}),
    "embed-with-nulls": embedded({"title": "a", "url": None, "color": None, "footer": None, "fields": None}),
    "nulls": {"content": "words", "embeds": None, "components": None, "flags": None, "allowed_mentions": None},
    "flags-a-bot-may-set": legacy(flags=SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS),
    "nobody-mentioned": mentions(parse=[]),
    "everybody-mentioned": mentions(parse=["everyone", "users", "roles"], replied_user=True),
    "users-parsed-and-none-listed": mentions(parse=["users", "roles"], users=[]),
    "roles-parsed-and-users-listed": mentions(parse=["roles"], users=ids(100)),
    "five-rows-of-five": legacy(*[row(*[button(f"{at}-{number}") for number in range(5)]) for at in range(5)]),
    "components-alone": {"components": [row(button())]},
    "button-at-its-limits": legacy(row(button("a" * 100, label="a" * 80))),
    "button-of-an-emoji-only": legacy(row({**without(button(), "label"), "emoji": {"name": "🧾", "id": None}})),
    "button-of-a-custom-emoji": legacy(row(button(emoji={"id": "41771983429993937", "name": "receipt"}))),
    "link-of-512": legacy(row(link(address(512)))),
    "link-into-an-app": legacy(row(link("discord://-/settings"))),
    "links-alike": legacy(row(link(), link())),
    "premium-button": legacy(row(premium())),
    "premium-buttons-alike": legacy(row(premium(), premium())),
    "button-with-nulls": legacy(row(button(url=None, emoji=None, sku_id=None, disabled=None))),
    "select-of-25-with-placeholder": legacy(row(select(*options(25), placeholder="a" * 150, max_values=25))),
    "select-of-none-at-least": legacy(row(select(min_values=0))),
    "select-option-at-its-limits": legacy(row(select(option("a" * 100, label="a" * 100, description="a" * 100)))),
    "select-of-users-with-defaults": legacy(
        row(user_select(max_values=2, default_values=[{"id": "1", "type": "user"}, {"id": "2", "type": "user"}]))
    ),
    "select-of-each-kind": legacy(
        row(select()),
        row(user_select()),
        row({"type": Component.ROLE_SELECT, "custom_id": "role"}),
        row({"type": Component.MENTIONABLE_SELECT, "custom_id": "any", "min_values": 0, "max_values": 25}),
        row({"type": Component.CHANNEL_SELECT, "custom_id": "where", "channel_types": [0, 5]}),
    ),
    "layout-of-40": layout(*[text()] * 40),
    "layout-of-40-nested": layout(container(*[text()] * 39)),
    "layout-of-40-with-accessories": layout(*[section()] * 13, text()),
    "layout-of-six-rows": layout(*[row(button(str(number))) for number in range(6)]),
    "layout-of-4000-characters": layout(text("a" * 2000), container(section(text("a" * 2000)))),
    "layout-with-content-and-embeds-taken-away": layout(text(), content=None, embeds=[], poll=None, sticker_ids=[]),
    "layout-with-empty-content": layout(text(), content=""),
    "ephemeral-layout": {**layout(text()), "flags": V2 | EPHEMERAL},
    "component-ids-of-zero": layout(text(id=0), text(id=0)),
    "section-of-three-texts": layout(section(text(), text(), text(), accessory=button())),
    "gallery-of-ten": layout(gallery(*[media(description="a" * 1024, spoiler=True)] * 10)),
    "container-in-white": layout(container(text(), accent_color=0xFFFFFF, spoiler=True)),
    "container-in-black": layout(container(text(), accent_color=0)),
    "container-in-no-colour": layout(container(text(), accent_color=None)),
}

EVERYTHING = layout(
    text("# Title", id=1),
    section(text(), text(), accessory=thumbnail("attachment://a.png", description="a chart")),
    section(text(), accessory=link()),
    gallery(media(), media("attachment://a.png", description="a chart", spoiler=True)),
    file(),
    separator(divider=True, spacing=2),
    separator(),
    row(button("a"), link(), premium(), button("b", disabled=True)),
    row(select()),
    container(text(), section(), gallery(media()), separator(), file(), row(user_select()), accent_color=0x5865F2),
    attachments=[{"id": 0, "filename": "a.png", "description": "a chart"}, {"id": 1, "filename": "notes.txt"}],
    allowed_mentions={"parse": []},
)
EVERYTHING_FILES = ["a.png", "notes.txt"]


@pytest.mark.parametrize("form", cases(BROKEN_MESSAGES))
def test_a_message_with_one_thing_wrong_is_refused(form: Payload) -> None:
    assert message_problems(form)


@pytest.mark.parametrize("form", cases(GOOD_MESSAGES))
def test_a_message_within_the_limits_is_taken(form: Payload) -> None:
    assert message_problems(form).lines == []


def test_a_message_of_every_kind_of_component_is_taken() -> None:
    assert message_problems(EVERYTHING, files=EVERYTHING_FILES).lines == []


def test_an_embed_may_show_a_file_sent_with_it() -> None:
    form = embedded({"image": {"url": "attachment://chart.png"}, "thumbnail": {"url": "attachment://chart.png"}})

    assert message_problems(form, files=["chart.png"]).lines == []


def test_an_address_of_a_file_names_it_exactly() -> None:
    form = layout(gallery(media("attachment://chart.png")))

    assert message_problems(form, files=["chart.png"]).lines == []
    assert message_problems(form, files=["Chart.png"])


def test_no_more_than_ten_files_go_with_a_message() -> None:
    names = [f"{number}.png" for number in range(11)]

    assert message_problems(legacy(), files=names)
    assert message_problems(legacy(), files=names[:10]).lines == []


EDITS = {
    "components-only": {"components": [container(text())]},
    "components-with-the-flag": layout(text()),
    "content-taken-away": {"content": None, "embeds": [], "components": [text()]},
    "nothing": {},
    "mentions-only": {"allowed_mentions": {"parse": []}},
}

BROKEN_EDITS = {
    "content-added": {"content": "words"},
    "embed-added": {"embeds": [{"title": "a"}]},
    "content-beside-components": {"content": "words", "components": [text()]},
    "more-than-4000-characters": {"components": [text("a" * 4001)]},
}


@pytest.mark.parametrize("form", cases(EDITS))
def test_a_layout_stays_one_when_it_is_edited(form: Payload) -> None:
    assert message_problems(form, was_v2=True).lines == []


@pytest.mark.parametrize("form", cases(BROKEN_EDITS))
def test_a_layout_takes_no_content_later(form: Payload) -> None:
    assert message_problems(form, was_v2=True)


def test_a_legacy_message_becomes_a_layout_only_without_its_content() -> None:
    assert message_problems(layout(text(), content=None, embeds=[])).lines == []
    assert message_problems(layout(text(), content="words"))


@pytest.mark.parametrize(
    "form",
    cases(
        {
            "nothing": {},
            "no-content": {"content": ""},
            "blanks": {"content": " \n "},
            "nulls": {"content": None, "embeds": None, "components": None},
            "empty-lists": {"content": "", "embeds": [], "components": [], "sticker_ids": []},
            "flags-only": {"flags": EPHEMERAL},
            "mentions-only": {"allowed_mentions": {"parse": []}},
            "layout-of-none": layout(),
        }
    ),
)
def test_a_message_of_nothing_is_empty(form: Payload) -> None:
    assert is_empty(form)


@pytest.mark.parametrize(
    "form",
    cases(
        {
            "content": {"content": "a"},
            "embed": embedded({"title": "a"}),
            "components": {"components": [row(button())]},
            "layout": layout(text()),
            "sticker": {"sticker_ids": ["1"]},
            "poll": {"poll": {"question": {"text": "?"}, "answers": [{"poll_media": {"text": "yes"}}]}},
        }
    ),
)
def test_a_message_of_anything_to_see_is_not_empty(form: Payload) -> None:
    assert not is_empty(form)


def test_a_message_of_a_file_is_not_empty() -> None:
    assert not is_empty({}, ["a.png"])


# Modals


def text_input(custom_id: str = "words", **more: Any) -> Payload:
    return {"type": Component.TEXT_INPUT, "custom_id": custom_id, "style": 1, **more}


def label(component: Payload | None = None, **more: Any) -> Payload:
    return {"type": Component.LABEL, "label": "Words", "component": component or text_input(), **more}


def upload(**more: Any) -> Payload:
    return {"type": Component.FILE_UPLOAD, "custom_id": "file", **more}


def radios(*chosen: Payload, **more: Any) -> Payload:
    return {"type": Component.RADIO_GROUP, "custom_id": "one", "options": list(chosen or options(2)), **more}


def checkboxes(*chosen: Payload, **more: Any) -> Payload:
    return {"type": Component.CHECKBOX_GROUP, "custom_id": "some", "options": list(chosen or options(3)), **more}


def checkbox(**more: Any) -> Payload:
    return {"type": Component.CHECKBOX, "custom_id": "yes", **more}


def modal(*components: Payload, **more: Any) -> Payload:
    return {"custom_id": "form", "title": "Form", "components": list(components or [label()]), **more}


def asked(component: Payload) -> Payload:
    return modal(label(component))


def old_input(**more: Any) -> Payload:
    return row(text_input(**{"label": "Words", **more}))


BROKEN_MODALS = {
    "title-of-none": modal(title=""),
    "title-missing": without(modal(), "title"),
    "title-of-46": modal(title="a" * 46),
    "custom-id-of-none": modal(custom_id=""),
    "custom-id-missing": without(modal(), "custom_id"),
    "custom-id-of-101": modal(custom_id="a" * 101),
    "no-components": {**modal(), "components": []},
    "six-components": modal(*[label(text_input(str(number))) for number in range(6)]),
    "label-of-46": modal(label(label="a" * 46)),
    "label-of-none": modal(label(label="")),
    "label-missing": modal(without(label(), "label")),
    "label-without-component": modal(without(label(), "component")),
    "description-of-101": modal(label(description="a" * 101)),
    "old-input-without-label": modal(row(text_input())),
    "old-input-with-label-of-46": modal(old_input(label="a" * 46)),
    "old-row-of-two-inputs": modal(row(text_input("a", label="A"), text_input("b", label="B"))),
    "old-row-of-a-select": modal(row(select(label="Words"))),
    "old-row-of-none": modal(row()),
    "input-without-custom-id": asked(without(text_input(), "custom_id")),
    "input-with-custom-id-of-101": asked(text_input("a" * 101)),
    "input-without-style": asked(without(text_input(), "style")),
    "input-of-unknown-style": asked(text_input(style=3)),
    "input-min-below-zero": asked(text_input(min_length=-1)),
    "input-min-of-4001": asked(text_input(min_length=4001)),
    "input-max-of-0": asked(text_input(max_length=0)),
    "input-max-of-4001": asked(text_input(max_length=4001)),
    "input-min-above-max": asked(text_input(min_length=10, max_length=9)),
    "input-value-of-4001": asked(text_input(value="a" * 4001)),
    "input-placeholder-of-101": asked(text_input(placeholder="a" * 101)),
    "custom-id-twice": modal(label(text_input("a")), label(text_input("a"))),
    "component-id-twice": modal(label(text_input("a"), id=3), label(text_input("b"), id=3)),
    "input-outside-a-label": modal(text_input(label="Words")),
    "select-outside-a-label": modal(select()),
    "button-in-a-label": asked(button()),
    "text-in-a-label": asked(text()),
    "label-in-a-label": asked(label()),
    "button-in-a-modal": modal(row(button(label="Words"))),
    "section-in-a-modal": modal(section()),
    "container-in-a-modal": modal(container(text())),
    "separator-in-a-modal": modal(label(), separator()),
    "empty-text-in-a-modal": modal(label(), text("")),
    "select-of-none": asked({**select(), "options": []}),
    "select-of-26": asked(select(*options(26))),
    "select-with-a-value-twice": asked(select(option("a"), option("a"))),
    "select-disabled": asked(select(disabled=True)),
    "select-required-of-none-at-least": asked(select(min_values=0, required=True)),
    "select-placeholder-of-151": asked(select(placeholder="a" * 151)),
    "radio-group-of-one": asked(radios(option())),
    "radio-group-of-11": asked(radios(*options(11))),
    "radio-group-with-a-value-twice": asked(radios(option("a"), option("a"))),
    "radio-group-without-custom-id": asked(without(radios(), "custom_id")),
    "radio-label-of-101": asked(radios(option("a", label="a" * 101), option("b"))),
    "radio-description-of-101": asked(radios(option("a", description="a" * 101), option("b"))),
    "checkbox-group-of-none": asked({**checkboxes(), "options": []}),
    "checkbox-group-of-11": asked(checkboxes(*options(11))),
    "checkbox-group-of-at-most-11": asked(checkboxes(*options(10), max_values=11)),
    "checkbox-group-of-at-most-0": asked(checkboxes(min_values=0, max_values=0, required=False)),
    "checkbox-group-min-above-max": asked(checkboxes(min_values=3, max_values=2)),
    "checkbox-group-required-of-none-at-least": asked(checkboxes(min_values=0)),
    "checkbox-group-with-a-value-twice": asked(checkboxes(option("a"), option("a"))),
    "checkbox-without-custom-id": asked(without(checkbox(), "custom_id")),
    "upload-of-at-least-11": asked(upload(min_values=11, max_values=10)),
    "upload-of-at-least-minus-1": asked(upload(min_values=-1)),
    "upload-of-at-most-11": asked(upload(max_values=11)),
    "upload-of-at-most-0": asked(upload(min_values=0, max_values=0, required=False)),
    "upload-min-above-max": asked(upload(min_values=3, max_values=2)),
    "upload-required-of-none-at-least": asked(upload(min_values=0)),
    "upload-without-custom-id": asked(without(upload(), "custom_id")),
}

GOOD_MODALS = {
    "at-its-limits": modal(label(label="a" * 45, description="a" * 100), title="a" * 45, custom_id="a" * 100),
    "five-labels": modal(*[label(text_input(str(number))) for number in range(5)]),
    "every-kind-of-input": modal(
        label(text_input(style=2, min_length=0, max_length=4000, value="a", placeholder="a" * 100, required=False)),
        label(select(placeholder="Pick", required=False, min_values=0)),
        label(upload(min_values=1, max_values=10)),
        label(radios(option("a", default=True), option("b", description="the other"))),
        label(checkboxes(min_values=0, max_values=3, required=False)),
    ),
    "every-other-kind-of-input": modal(
        label(checkbox(default=True)),
        label(user_select(max_values=25)),
        label({"type": Component.ROLE_SELECT, "custom_id": "role"}),
        label({"type": Component.MENTIONABLE_SELECT, "custom_id": "any"}),
        label({"type": Component.CHANNEL_SELECT, "custom_id": "where", "channel_types": [0]}),
    ),
    "text-above": modal(text("Please read this."), label()),
    "old-inputs": modal(*[row(text_input(str(number), label="a" * 45)) for number in range(5)]),
    "old-input-and-label": modal(old_input(custom_id="old"), label()),
    "input-value-of-4000": asked(text_input(value="a" * 4000)),
    "input-of-one-length": asked(text_input(min_length=5, max_length=5)),
    "radio-group-of-two": asked(radios(*options(2))),
    "radio-group-of-ten": asked(radios(*options(10))),
    "checkbox-group-of-one": asked(checkboxes(option())),
    "checkbox-group-of-ten": asked(checkboxes(*options(10), max_values=10)),
    "upload-of-none-at-least": asked(upload(min_values=0, required=False)),
    "component-ids-of-zero": modal(label(text_input("a"), id=0), label(text_input("b"), id=0)),
}


@pytest.mark.parametrize("form", cases(BROKEN_MODALS))
def test_a_modal_with_one_thing_wrong_is_refused(form: Payload) -> None:
    assert modal_problems(form)


@pytest.mark.parametrize("form", cases(GOOD_MODALS))
def test_a_modal_within_the_limits_is_taken(form: Payload) -> None:
    assert modal_problems(form).lines == []


# Choices of an option that completes itself


def choice(name: str = "A choice", value: Any = "a", **more: Any) -> Payload:
    return {"name": name, "value": value, **more}


BROKEN_CHOICES = {
    "26-choices": (STRING, [choice(f"{number}", f"{number}") for number in range(26)]),
    "empty-name": (STRING, [choice("")]),
    "name-missing": (STRING, [without(choice(), "name")]),
    "name-of-101": (STRING, [choice("a" * 101)]),
    "value-missing": (STRING, [without(choice(), "value")]),
    "value-of-101": (STRING, [choice(value="a" * 101)]),
    "number-for-a-string": (STRING, [choice(value=1)]),
    "string-for-an-integer": (INTEGER, [choice(value="1")]),
    "fraction-for-an-integer": (INTEGER, [choice(value=1.5)]),
    "truth-for-an-integer": (INTEGER, [choice(value=True)]),
    "integer-beyond-53-bits": (INTEGER, [choice(value=2**53 + 1)]),
    "string-for-a-number": (NUMBER, [choice(value="1.5")]),
    "localised-name-of-101": (STRING, [choice(name_localizations={"de": "a" * 101})]),
    "unknown-locale": (STRING, [choice(name_localizations={"german": "a"})]),
}

GOOD_CHOICES = {
    "none": (STRING, []),
    "25-choices": (STRING, [choice(f"{number}", f"{number}") for number in range(25)]),
    "at-its-limits": (STRING, [choice("a" * 100, "a" * 100)]),
    "integer": (INTEGER, [choice(value=-(2**53) + 1), choice(value=0)]),
    "number": (NUMBER, [choice(value=1.5), choice(value=2)]),
    "localised": (STRING, [choice(name_localizations={"de": "Eine Wahl", "ja": "選択"})]),
    "names-of-any-letters": (STRING, [choice("Über ALLES! 🧾")]),
}


@pytest.mark.parametrize("form", cases(BROKEN_CHOICES))
def test_choices_with_one_thing_wrong_are_refused(form: tuple[int, list[Payload]]) -> None:
    kind, choices = form

    assert choice_problems(choices, kind)


@pytest.mark.parametrize("form", cases(GOOD_CHOICES))
def test_choices_within_the_limits_are_taken(form: tuple[int, list[Payload]]) -> None:
    kind, choices = form

    assert choice_problems(choices, kind).lines == []


# Commands


def command(name: str = "check", *opts: Payload, **more: Any) -> Payload:
    return {"name": name, "type": SLASH, "description": "Checks a claim.", "options": list(opts), **more}


def menu(name: str = "Check this", kind: int = ON_MESSAGE, **more: Any) -> Payload:
    return {"name": name, "type": kind, **more}


def opt(kind: int = STRING, name: str = "claim", **more: Any) -> Payload:
    return {"type": kind, "name": name, "description": "An option.", **more}


def taking(*opts: Payload) -> Payload:
    return command("check", *opts)


def many(count: int, **more: Any) -> list[Payload]:
    return [opt(name=f"o{number}", **more) for number in range(count)]


def choices(count: int, length: int = 1) -> list[Payload]:
    return [choice(f"{number:02}", f"{number:02}".ljust(length, "a")) for number in range(count)]


def of_size(size: int) -> Payload:
    """A command whose names, descriptions and values have so many characters."""
    form = command("c", *[opt(name=f"o{at}", choices=choices(25, 100)) for at in range(3)], description="d")
    used = 2 + sum(2 + len("An option.") + 25 * 102 for _ in range(3))
    rest = [opt(name="p", description="d", choices=[])]
    left = size - used - 2
    for number in range(left // 102 + 1):
        take = min(102, left - 102 * number)
        if take > 2:
            rest[0]["choices"].append(choice(f"{number:02}", "b" * (take - 2)))
    form["options"] += rest
    return form


BROKEN_COMMANDS = {
    "name-missing": without(command(), "name"),
    "name-of-none": command(""),
    "name-in-upper-case": command("Check"),
    "name-in-cyrillic-upper-case": command("Проверка"),
    "name-with-a-blank": command("check it"),
    "name-with-a-full-stop": command("check.it"),
    "name-with-a-slash": command("/check"),
    "name-of-an-emoji": command("🧾"),
    "name-with-tamil-vowel-signs": command("சரிபார்"),
    "name-of-33": command("a" * 33),
    "name-with-a-line-feed": command("check\n"),
    "localised-name-in-upper-case": command(name_localizations={"de": "Prüfen"}),
    "localised-name-of-33": command(name_localizations={"de": "a" * 33}),
    "unknown-locale": command(name_localizations={"en": "check"}),
    "unknown-locale-of-a-description": command(description_localizations={"xx": "a"}),
    "localised-description-of-none": command(description_localizations={"de": ""}),
    "localised-description-of-101": command(description_localizations={"de": "a" * 101}),
    "description-of-none": command(description=""),
    "description-missing": without(command(), "description"),
    "description-of-101": command(description="a" * 101),
    "name-with-a-danda": command("जाँच।"),
    "name-with-a-baht-sign": command("ราคา฿"),
    "unknown-type": menu(kind=9),
    "menu-with-unknown-locale": menu(name_localizations={"en": "Check"}),
    "menu-with-localised-name-of-33": menu(name_localizations={"de": "a" * 33}),
    "menu-with-description": menu(description="Checks a message."),
    "menu-with-options": menu(options=[opt()]),
    "menu-name-of-33": menu("a" * 33),
    "menu-name-of-none": menu(""),
    "user-menu-with-description": menu(kind=ON_USER, description="Checks a user."),
    "26-options": taking(*many(26)),
    "required-after-optional": taking(opt(name="a"), opt(name="b", required=True)),
    "required-after-optional-in-a-subcommand": taking(
        opt(SUBCOMMAND, "add", options=[opt(name="a"), opt(name="b", required=True)])
    ),
    "option-name-twice": taking(opt(name="a"), opt(INTEGER, "a")),
    "option-name-twice-in-a-subcommand": taking(opt(SUBCOMMAND, "add", options=[opt(name="a"), opt(name="a")])),
    "subcommand-name-twice": taking(opt(SUBCOMMAND, "a"), opt(SUBCOMMAND, "a")),
    "option-name-in-upper-case": taking(opt(name="Claim")),
    "option-name-with-a-blank": taking(opt(name="the claim")),
    "option-name-of-33": taking(opt(name="a" * 33)),
    "option-description-of-none": taking(opt(description="")),
    "option-description-missing": taking(without(opt(), "description")),
    "option-description-of-101": taking(opt(description="a" * 101)),
    "option-of-unknown-type": taking(opt(12)),
    "option-without-type": taking(without(opt(), "type")),
    "option-with-unknown-locale": taking(opt(name_localizations={"deutsch": "a"})),
    "26-choices": taking(opt(choices=choices(26))),
    "choices-beside-autocomplete": taking(opt(autocomplete=True, choices=choices(2))),
    "autocomplete-of-a-boolean": taking(opt(BOOLEAN, autocomplete=True)),
    "choices-of-a-boolean": taking(opt(BOOLEAN, choices=[choice(value="a")])),
    "choice-value-of-101": taking(opt(choices=[choice(value="a" * 101)])),
    "choice-name-of-101": taking(opt(choices=[choice("a" * 101)])),
    "choice-of-a-number-for-a-string": taking(opt(choices=[choice(value=1)])),
    "choice-of-a-string-for-an-integer": taking(opt(INTEGER, choices=[choice(value="1")])),
    "choice-of-a-fraction-for-an-integer": taking(opt(INTEGER, choices=[choice(value=0.5)])),
    "subcommand-beside-an-option": taking(opt(SUBCOMMAND, "add"), opt()),
    "group-beside-an-option": taking(opt(GROUP, "set", options=[opt(SUBCOMMAND, "add")]), opt()),
    "group-in-a-group": taking(
        opt(GROUP, "set", options=[opt(GROUP, "more", options=[opt(SUBCOMMAND, "add")])]),
    ),
    "group-in-a-subcommand": taking(opt(SUBCOMMAND, "add", options=[opt(GROUP, "set")])),
    "subcommand-in-a-subcommand": taking(opt(SUBCOMMAND, "add", options=[opt(SUBCOMMAND, "more")])),
    "option-in-a-group": taking(opt(GROUP, "set", options=[opt()])),
    "26-subcommands-in-a-group": taking(
        opt(GROUP, "set", options=[opt(SUBCOMMAND, f"a{number}") for number in range(26)])
    ),
    "options-in-an-option": taking(opt(options=[opt()])),
    "size-of-8001": of_size(8001),
    "contexts-of-none": command(contexts=[]),
    "unknown-context": command(contexts=[0, 3]),
    "context-twice": command(contexts=[0, 0]),
    "integration-types-of-none": command(integration_types=[]),
    "unknown-integration-type": command(integration_types=[2]),
    "integration-type-twice": command(integration_types=[1, 1]),
    "min-length-below-zero": taking(opt(min_length=-1)),
    "min-length-of-6001": taking(opt(min_length=6001)),
    "max-length-of-0": taking(opt(max_length=0)),
    "max-length-of-6001": taking(opt(max_length=6001)),
    "min-length-above-max-length": taking(opt(min_length=3, max_length=2)),
    "min-length-on-an-integer": taking(opt(INTEGER, min_length=1)),
    "min-value-above-max-value": taking(opt(INTEGER, min_value=2, max_value=1)),
    "fraction-as-min-value-of-an-integer": taking(opt(INTEGER, min_value=0.5)),
    "min-value-on-a-string": taking(opt(min_value=1)),
    "max-value-on-a-boolean": taking(opt(BOOLEAN, max_value=1)),
    "channel-types-on-a-string": taking(opt(channel_types=[0])),
    "zero-as-min-value-of-a-string": taking(opt(min_value=0)),
    "channel-type-twice": taking(opt(CHANNEL, channel_types=[0, 0])),
    "unknown-channel-type": taking(opt(CHANNEL, channel_types=[99])),
}

GOOD_COMMANDS = {
    "at-its-limits": command("a" * 32, *many(25, required=True), description="a" * 100),
    "type-left-out": without(command(), "type"),
    "options-left-out": without(command(), "options"),
    "nulls": command(name_localizations=None, contexts=None, integration_types=None, default_member_permissions=None),
    "japanese": command("確認する"),
    "japanese-katakana": command("チェック"),
    "german": command("prüfgröße"),
    "hindi": command("जाँचें"),
    "thai": command("ตรวจสอบ"),
    "thai-with-marks": command("ที่นี่"),
    "russian": command("проверка"),
    "arabic": command("تحقق"),
    "korean": command("확인"),
    "chinese": command("核实"),
    "hyphen-underscore-and-digits": command("fact-check_2"),
    "apostrophe": command("l'article"),
    "localised": command(
        name_localizations={"de": "prüfen", "hi": "जाँचें", "es-419": "comprobar", "zh-TW": "核實"},
        description_localizations={"de": "Prüft eine Behauptung.", "en-US": "a" * 100},
    ),
    "menu": menu("Check This Message!"),
    "menu-with-empty-description": menu(description=""),
    "menu-localised": menu("a" * 32, name_localizations={"de": "Das hier prüfen"}),
    "user-menu": menu("Who said that", ON_USER),
    "25-options-of-25-choices": taking(*many(4, choices=choices(25)), *[opt(BOOLEAN, f"b{at}") for at in range(21)]),
    "option-of-each-kind": taking(
        *[opt(kind, f"o{kind}") for kind in range(3, 12)],
    ),
    "required-before-optional": taking(opt(name="a", required=True), opt(name="b"), opt(name="c", required=False)),
    "autocomplete-with-no-choices": taking(opt(autocomplete=True, choices=[])),
    "choices-without-autocomplete": taking(opt(autocomplete=False, choices=choices(25))),
    "subcommand-beside-a-group": taking(
        opt(SUBCOMMAND, "add", options=[opt(required=True), opt(ATTACHMENT, "file")]),
        opt(GROUP, "set", options=[opt(SUBCOMMAND, "add", options=[opt()]), opt(SUBCOMMAND, "remove")]),
    ),
    "option-name-in-two-subcommands": taking(
        opt(SUBCOMMAND, "add", options=[opt()]), opt(SUBCOMMAND, "remove", options=[opt()])
    ),
    "size-of-8000": of_size(8000),
    "all-contexts": command(contexts=[0, 1, 2], integration_types=[0, 1]),
    "lengths-at-their-limits": taking(opt(min_length=0, max_length=6000)),
    "one-length": taking(opt(min_length=7, max_length=7)),
    "values-of-an-integer": taking(opt(INTEGER, min_value=-5, max_value=-5)),
    "values-of-a-number": taking(opt(NUMBER, min_value=-0.5, max_value=2)),
    "choices-of-numbers": taking(opt(NUMBER, choices=[choice("Half", 0.5), choice("One", 1)])),
    "fields-of-other-types-left-empty": taking(
        opt(CHANNEL, choices=[], autocomplete=False, min_value=None, options=[], max_length=None)
    ),
    "channel-types": taking(opt(CHANNEL, channel_types=[0, 5, 10, 11, 12, 15])),
    "permissions-and-age": command(default_member_permissions="8192", nsfw=True),
}


@pytest.mark.parametrize("form", cases(BROKEN_COMMANDS))
def test_a_command_with_one_thing_wrong_is_refused(form: Payload) -> None:
    assert command_problems(form)


@pytest.mark.parametrize("form", cases(GOOD_COMMANDS))
def test_a_command_within_the_limits_is_taken(form: Payload) -> None:
    assert command_problems(form).lines == []


def test_of_a_text_in_many_languages_only_the_longest_counts_for_the_size() -> None:
    words = dict.fromkeys(("de", "fr", "it", "ja", "ko", "pl", "ru", "tr", "uk", "vi"), "a" * 100)

    assert command_problems(taking(*many(25, description_localizations=words))).lines == []
    assert command_problems({**of_size(7999), "description_localizations": {"de": "dd"}}).lines == []
    assert command_problems({**of_size(7999), "description_localizations": {"de": "ddd"}})


BROKEN_SETS = {
    "slash-command-twice": [command(), command()],
    "message-command-twice": [menu(), menu()],
    "101-slash-commands": [command(f"c{number}") for number in range(101)],
    "16-message-commands": [menu(f"M {number}") for number in range(16)],
    "16-user-commands": [menu(f"U {number}", ON_USER) for number in range(16)],
    "one-bad-among-good": [command(), command("Bad name")],
}

GOOD_SETS = {
    "none": [],
    "as-many-as-there-may-be": [
        *[command(f"c{number}") for number in range(100)],
        *[menu(f"M {number}") for number in range(15)],
        *[menu(f"U {number}", ON_USER) for number in range(15)],
    ],
    "one-name-for-each-type": [command("check"), menu("check"), menu("check", ON_USER)],
}


@pytest.mark.parametrize("form", cases(BROKEN_SETS))
def test_a_set_of_commands_with_one_thing_wrong_is_refused(form: list[Payload]) -> None:
    assert command_set_problems(form)


@pytest.mark.parametrize("form", cases(GOOD_SETS))
def test_a_set_of_commands_within_the_limits_is_taken(form: list[Payload]) -> None:
    assert command_set_problems(form).lines == []


# How problems are told


def told(tree: Payload, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every message of Discord's tree of errors with the path to it."""
    for key, below in tree.items():
        if key == "_errors":
            yield from ((path, error["message"]) for error in below)
        else:
            yield from told(below, (*path, key))


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"content": "a" * 2001}, "content"),
        (embedded({"title": "a"}, {"title": "a" * 257}), "embeds.1.title"),
        (embedded({"fields": [field(value="")]}), "embeds.0.fields.0.value"),
        (embedded({"footer": {"text": "a" * 2049}}), "embeds.0.footer.text"),
        (legacy(row(button(label="a" * 81))), "components.0.components.0.label"),
        (legacy(row(select(option("a" * 101)))), "components.0.components.0.options.0.value"),
        (layout(container(text(""))), "components.0.components.0.content"),
        (layout(container(gallery(media("attachment://a")))), "components.0.components.0.items.0.media.url"),
    ],
)
def test_a_problem_is_told_where_discord_tells_it(form: Payload, path: str) -> None:
    assert [where for where, _ in told(message_problems(form).nested)] == [tuple(path.split("."))]


def test_the_path_to_a_form_within_a_request_goes_before() -> None:
    found = message_problems({"content": "a" * 2001}, path=("data",))

    assert [where for where, _ in told(found.nested)] == [("data", "content")]


def test_an_error_has_a_code_and_a_message() -> None:
    (error,) = message_problems({"content": "a" * 2001}).nested["content"]["_errors"]

    assert error["code"] == "BASE_TYPE_MAX_LENGTH"
    assert error["message"] == "Must be 2000 or fewer in length."


KEYS = st.text("abcdefgh", min_size=1, max_size=3)
PATHS = st.lists(st.one_of(KEYS, st.integers(0, 30)), min_size=1, max_size=4).map(tuple)


@given(st.lists(st.tuples(PATHS, st.text("abc. ", min_size=1, max_size=9))))
def test_the_tree_of_errors_has_every_problem_in_its_place(told_of: list[tuple[tuple[str | int, ...], str]]) -> None:
    found = Problems()
    for path, message in told_of:
        found.add(path, message)

    expected = [(tuple(map(str, path)), message) for path, message in told_of]
    assert bool(found) == bool(told_of)
    assert sorted(told(found.nested)) == sorted(expected)
    assert len(found.lines) == len(told_of)
    assert all(any(message in line for line in found.lines) for _, message in told_of)


@given(st.integers(0, 4100))
def test_content_is_taken_up_to_2000_characters(length: int) -> None:
    assert bool(message_problems({"content": "a" * length})) == (length > 2000)


@given(st.lists(st.integers(1, 1500), min_size=1, max_size=8))
def test_a_layout_is_taken_up_to_4000_characters_however_they_are_spread(lengths: list[int]) -> None:
    form = layout(*[text("a" * length) for length in lengths])

    assert bool(message_problems(form)) == (sum(lengths) > 4000)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_a_layout_is_taken_up_to_40_components_however_they_are_nested(sizes: list[int]) -> None:
    form = layout(*[container(*[text()] * size) for size in sizes])

    assert bool(message_problems(form)) == (sum(sizes) + len(sizes) > 40)


@given(st.lists(st.booleans(), max_size=8))
def test_options_are_taken_when_no_required_one_follows_an_optional_one(required: list[bool]) -> None:
    form = taking(*[opt(name=f"o{number}", required=needed) for number, needed in enumerate(required)])

    assert bool(command_problems(form)) == (required != sorted(required, reverse=True))


SIGNS = "aäßİनीिॐ॑।॰๏ทีั่฿'-_0٣Ⅷⅷ.! "
NAMES = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(SIGNS)), max_size=34)
SHARED = "\u0951\u0952\u0953\u0954\u0964\u0965"
"""What Unicode names after Devanagari and gives to other scripts too."""


@given(NAMES)
def test_a_slash_command_is_named_with_small_letters_digits_and_three_signs(name: str) -> None:
    """The pattern of Discord's documentation, read by means of the names that Unicode gives to characters."""

    def may_stand(character: str) -> bool:
        words = unicodedata.name(character, "").split(" ")
        return (
            character in "-_'"
            or unicodedata.category(character)[0] in "LN"
            or (words[0] == "DEVANAGARI" and character not in SHARED)
            or words[:2] == ["THAI", "CHARACTER"]
        )

    right = 1 <= len(name) <= 32 and all(map(may_stand, name)) and name == name.lower()
    assert bool(command_problems(command(name))) != right


def places(form: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to everything within a form."""
    pairs = form.items() if isinstance(form, dict) else enumerate(form) if isinstance(form, list) else ()
    for key, below in pairs:
        yield (*path, key)
        yield from places(below, (*path, key))


def changed(form: Any, path: tuple[str | int, ...]) -> Iterator[Any]:
    """A form without what a path leads to and, where that has a name, with null in its place."""
    key, rest = path[0], path[1:]
    if isinstance(form, dict):
        lacking = (without(form, str(key)), {**form, key: None})
        yield from ({**form, key: below} for below in changed(form[key], rest)) if rest else lacking
    else:
        before, after = form[: int(key)], form[int(key) + 1 :]
        yield from ([*before, below, *after] for below in changed(form[key], rest)) if rest else ([*before, *after],)


@pytest.mark.parametrize("name", ["every-kind-of-component", "embed-with-everything", "everybody-mentioned"])
def test_a_message_that_lacks_anything_is_still_judged(name: str) -> None:
    form = {**GOOD_MESSAGES, "every-kind-of-component": EVERYTHING}[name]
    lacking = [less for path in places(form) for less in changed(form, path)]

    assert all(isinstance(message_problems(less, files=EVERYTHING_FILES), Problems) for less in lacking)
    assert all(isinstance(is_empty(less), bool) for less in lacking)


@pytest.mark.parametrize("name", ["every-kind-of-input", "every-other-kind-of-input", "old-inputs"])
def test_a_modal_that_lacks_anything_is_still_judged(name: str) -> None:
    form = GOOD_MODALS[name]

    assert all(isinstance(modal_problems(less), Problems) for path in places(form) for less in changed(form, path))


@pytest.mark.parametrize(
    "name", ["localised", "menu-localised", "subcommand-beside-a-group", "choices-of-numbers", "channel-types"]
)
def test_a_command_that_lacks_anything_is_still_judged(name: str) -> None:
    form = GOOD_COMMANDS[name]

    assert all(isinstance(command_problems(less), Problems) for path in places(form) for less in changed(form, path))
