"""What people do with a bot that uses everything, and what they see of it."""

import pytest

from bot.harness import CannotDoError, File, LoopbackDiscord, Member, Reply
from bot.harness.components import Component, of_type
from bot.harness.world import Permission
from tests.harness.specimen import PICTURE, Specimen

# --- slash commands ---


async def test_every_kind_of_option_arrives(ada: Member, ann: Member) -> None:
    guild = ada.channel.guild
    assert guild is not None

    reply = await ada.slash(
        "everything",
        text="some text",
        count=7,
        ratio=0.25,
        sure=True,
        person=ann.user.id,
        place=guild.channels["moderators"].id,
        group=guild.roles["Moderator"].id,
        whoever=guild.roles["Admin"].id,
        file=File("notes.txt", b"what I noted"),
        colour="b",
    )

    assert reply.text == ("some text|7|0.25|True|ann|moderators|Moderator|Admin|notes.txt, text/plain: what I noted|b")


async def test_options_that_are_left_out_have_their_defaults(ada: Member) -> None:
    reply = await ada.slash("everything", text="alone")

    assert reply.text == "alone|1|0.5|False|nobody|nobody|nobody|nobody|no file|none"


async def test_a_person_can_be_mentioned_where_a_role_could_be(ada: Member) -> None:
    assert "|ada|no file" in (await ada.slash("everything", text="me", whoever=ada.user.id)).text


async def test_the_bot_itself_can_be_chosen(ada: Member, empty_discord: LoopbackDiscord) -> None:
    assert "|Receipts|" in (await ada.slash("everything", text="you", person=empty_discord.world.bot.id)).text


async def test_people_in_direct_messages_choose_among_two(ada: Member, dan: Member) -> None:
    assert [command["name"] for command in dan.commands if command["name"] == "everything"]
    assert "|dan|" in (await dan.slash("everything", text="me", person=dan.user.id)).text
    with pytest.raises(CannotDoError, match="to choose from here"):
        await dan.slash("everything", text="her", person=ada.user.id)


async def test_a_subcommand_is_reached_by_its_path(ada: Member) -> None:
    assert (await ada.slash("library count")).text == "3 articles"
    assert (await ada.slash("library source add", name="The Example")).text == "added The Example"
    assert (await ada.slash("library source remove", number=2)).text == "removed 2"


async def test_choices_appear_while_an_option_is_typed(ada: Member) -> None:
    choices = await ada.complete("find", "fruit", "ap")

    assert choices == [{"name": "apple", "value": "apple"}, {"name": "apricot", "value": "apricot"}]


async def test_choices_depend_on_the_options_before(ada: Member) -> None:
    assert [choice["name"] for choice in await ada.complete("find", "fruit", "b", ripe=True)] == [
        "ripe banana",
        "ripe blackcurrant",
    ]


async def test_what_is_typed_need_not_be_among_the_suggestions(ada: Member) -> None:
    assert (await ada.slash("find", fruit="durian", ripe=True)).text == "ripe durian"


async def test_a_command_on_a_message_sees_its_words_and_author(ada: Member, ann: Member) -> None:
    reply = await ada.right_click(ann.post("four words in here"), "Count the words")

    assert reply.text == "4 words by Ann, 0 files"
    assert reply.is_private


async def test_a_command_on_a_message_of_the_bot_sees_its_files(ada: Member) -> None:
    sheet = await ada.slash("sheet", table=File("numbers.csv", b"1,2,3"))

    assert (await ada.right_click(sheet, "Count the words")).text == "1 words by Receipts, 1 files"


async def test_the_bot_is_told_who_asks_and_where(
    ada: Member, ann: Member, dan: Member, eve: Member, empty_discord: LoopbackDiscord
) -> None:
    bo = Member(empty_discord, "Bo", locale="de")

    assert (await ada.slash("whoami")).text == "Ada, en-US, guild, Alder Falls, False"
    assert (await ann.slash("whoami")).text == "Ann, en-US, guild, Alder Falls, True"
    assert (await bo.slash("whoami")).text == "Bo, de, guild, Alder Falls, False"
    assert (await dan.slash("whoami")).text.startswith("Dan, en-US, guild, direct")
    assert (await eve.slash("whoami")).text.startswith("Eve, en-US, user, ")


async def test_translated_names_are_registered(ann: Member) -> None:
    (settings,) = [command for command in ann.commands if command["name"] == "settings"]

    assert settings["name_localizations"] == {"de": "einstellungen"}
    assert settings["description_localizations"] == {"de": "Die Einstellungen ändern"}


async def test_a_command_for_managers_is_offered_to_them_alone(ada: Member, ann: Member, dan: Member) -> None:
    assert (await ann.slash("settings")).text == "settings"
    for other in (ada, dan):
        with pytest.raises(CannotDoError, match="no command 'settings'"):
            await other.slash("settings")


async def test_a_command_without_user_install_is_not_there_elsewhere(eve: Member) -> None:
    with pytest.raises(CannotDoError, match="no command 'find'"):
        await eve.slash("find", fruit="apple")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "missing: ['text']"),
        ({"text": "good", "no_such": "x"}, "missing: []"),
        ({"text": "x"}, "too short"),
        ({"text": "x" * 21}, "too long"),
        ({"text": "good", "count": 11}, "out of range"),
        ({"text": "good", "count": 0.5}, "cannot be"),
        ({"text": "good", "count": True}, "cannot be"),
        ({"text": "good", "ratio": -0.1}, "out of range"),
        ({"text": "good", "sure": "yes"}, "cannot be"),
        ({"text": "good", "colour": "green"}, "one of ['Red', 'Blue']"),
        ({"text": "good", "file": "notes.txt"}, "cannot be"),
        ({"text": "good", "group": "1234"}, "to choose from here"),
    ],
)
async def test_an_option_that_no_client_would_send_is_not_sent(
    ada: Member, options: dict[str, str | int | float], reason: str, empty_discord: LoopbackDiscord
) -> None:
    before = len(empty_discord.transcript)

    with pytest.raises(CannotDoError) as refusal:
        await ada.slash("everything", **options)

    assert reason in str(refusal.value)
    assert len(empty_discord.transcript) == before


async def test_a_subcommand_has_to_be_chosen(ada: Member) -> None:
    with pytest.raises(CannotDoError, match="needs one of"):
        await ada.slash("library")
    with pytest.raises(CannotDoError, match="there is no 'burn'"):
        await ada.slash("library burn")


async def test_a_file_that_is_too_large_is_not_attached(ada: Member) -> None:
    with pytest.raises(CannotDoError, match="larger than 10 MiB"):
        ada.attach(File("large.bin", bytes(10 * 1024 * 1024 + 1)))


async def test_only_options_that_say_so_are_completed(ada: Member) -> None:
    with pytest.raises(CannotDoError, match="completes no option"):
        await ada.complete("everything", "text", "x")


# --- messages ---


async def test_a_card_shows_its_texts_and_links(ada: Member) -> None:
    reply = await ada.slash("card")

    assert reply.text == "# A title\nwith a picture\nwith a button\nand two texts"
    assert reply.links == ["https://example.org/read"]
    assert reply.buttons == ["More", "Green", "Grey", "Red"]
    assert not reply.is_private


async def test_the_pictures_and_files_of_a_card_are_served(ada: Member, empty_discord: LoopbackDiscord) -> None:
    reply = await ada.slash("card")

    (thumbnail,) = of_type(reply.payload["components"], Component.THUMBNAIL)
    (gallery,) = of_type(reply.payload["components"], Component.MEDIA_GALLERY)
    (file,) = of_type(reply.payload["components"], Component.FILE)
    picture, table = reply.message.files
    assert thumbnail["media"]["url"] == gallery["items"][0]["media"]["url"] == picture["url"]
    assert empty_discord.world.files[picture["id"]][1] == PICTURE
    assert (thumbnail["description"], gallery["items"][0]["spoiler"]) == ("grey", True)
    assert gallery["items"][1]["media"]["url"] == "https://example.org/far.png"
    assert (file["file"]["url"], file["name"], file["size"]) == (table["url"], "table.csv", 8)


async def test_the_button_of_a_section_answers(ada: Member) -> None:
    more = await ada.press(await ada.slash("card"), "More")

    assert more.text == "more of it"
    assert more.is_private


@pytest.mark.parametrize("label", ["Green", "Grey", "Red", "Read"])
async def test_a_disabled_button_or_a_link_tells_the_bot_nothing(ada: Member, label: str) -> None:
    card = await ada.slash("card")

    with pytest.raises(CannotDoError, match="disabled or a link"):
        await ada.press(card, label)


async def test_an_embed_is_shown_with_its_fields(ada: Member, empty_discord: LoopbackDiscord) -> None:
    reply = await ada.slash("embed")

    (embed,) = reply.payload["embeds"]
    assert reply.text == "Title\nWords\nLeft\n1\nRight\n2"
    assert embed["author"]["name"] == "Author"
    assert embed["footer"]["text"] == "Footer"
    assert embed["image"]["url"].startswith(empty_discord.world.base_url)
    assert embed["thumbnail"]["url"] == "https://example.org/thumb.png"
    assert embed["footer"]["icon_url"] == "https://example.org/icon.png"
    assert reply.payload["attachments"] == []


async def test_a_file_is_read_and_another_sent_back(ada: Member, empty_discord: LoopbackDiscord) -> None:
    reply = await ada.slash("sheet", table=File("numbers.csv", b"1,2,3"))

    (attachment,) = reply.payload["attachments"]
    assert attachment["filename"] == "turned-numbers.csv"
    assert empty_discord.world.files[attachment["id"]][1] == b"3,2,1"
    assert not reply.is_loading


async def _settled(reply: Reply, text: str) -> None:
    while reply.text != text:
        await reply.changed()


async def test_follow_ups_are_shown_changed_and_removed(ada: Member, ann: Member) -> None:
    first = await ada.slash("later")

    await _settled(first, "first, changed")

    assert [reply.text for reply in ada.sees()] == ["first, changed", "second, changed", "for you alone"]
    assert [reply.text for reply in ann.sees()] == ["first, changed", "second, changed"]
    assert ada.sees()[1].payload["attachments"] == []
    assert first.payload["edited_timestamp"] is not None


async def test_a_deferred_answer_takes_the_place_of_thinking(ada: Member) -> None:
    reply = await ada.slash("thinking", keep=True)

    assert reply.is_private
    assert not reply.is_loading
    assert "# A title" in reply.text
    assert len(reply.message.files) == 2
    assert reply.payload["attachments"] == []


async def test_a_deferred_answer_can_be_taken_back(ada: Member) -> None:
    reply = await ada.slash("thinking", keep=False)

    assert reply.is_gone
    assert ada.sees() == []


async def test_a_message_of_the_channel_is_everybodys(ada: Member, ann: Member) -> None:
    reply = await ada.slash("announce", text="news")

    assert reply.text == "announced: news"
    assert [message.text for message in ann.sees()] == ["news"]


async def test_a_message_of_the_channel_can_be_removed(ada: Member, ann: Member) -> None:
    await ada.slash("announce", text="news", keep=False)

    assert ann.sees() == []


async def test_a_bot_that_may_no_longer_write_can_still_take_its_words_back(ada: Member, specimen: Specimen) -> None:
    await ada.slash("announce", text="news")
    (message,) = [reply for reply in ada.sees() if reply.text == "news"]
    guild = ada.channel.guild
    assert guild is not None
    guild.bot_permissions &= ~Permission.SEND_MESSAGES

    await specimen.http.delete_message(int(ada.channel.id), int(message.payload["id"]))

    assert message.is_gone


async def test_a_direct_message_is_seen_by_its_recipient(ada: Member, empty_discord: LoopbackDiscord) -> None:
    assert (await ada.slash("write")).text == "sent"

    (message,) = empty_discord.world.direct_channel(ada.user).messages.values()
    assert message.payload["content"] == "a direct message"


async def test_a_person_who_takes_no_direct_messages_gets_none(ada: Member, empty_discord: LoopbackDiscord) -> None:
    ada.user.is_closed = True

    with empty_discord.expecting("refused with 50007"):
        assert (await ada.slash("write")).text == "refused: 50007"


async def test_nobody_touches_what_only_another_person_sees(ada: Member, ann: Member) -> None:
    private = await ada.slash("buttons", private=True)

    assert ann.sees() == []
    with pytest.raises(CannotDoError, match="cannot see"):
        await ann.press(private, "Update")
    with pytest.raises(CannotDoError, match="cannot see"):
        await ann.right_click(private, "Count the words")


# --- buttons and menus ---


async def test_a_button_changes_its_message_and_switches_itself_off(ada: Member, ann: Member) -> None:
    shown = await ada.slash("buttons")

    changed = await ann.press(shown, "Update")

    assert changed.message is shown.message
    assert shown.text == "updated"
    with pytest.raises(CannotDoError, match="disabled"):
        await ada.press(shown, "Update")


async def test_a_button_can_change_its_message_later(ada: Member) -> None:
    shown = await ada.slash("buttons")

    assert (await ada.press(shown, "Update later")).message is shown.message
    assert shown.text == "updated later"


async def test_a_button_can_whisper(ada: Member, ann: Member) -> None:
    shown = await ada.slash("buttons")

    whisper = await ann.press(shown, "Whisper")

    assert (whisper.text, whisper.is_private) == ("whispered", True)
    assert shown.text == "press"
    assert whisper.payload["id"] not in {reply.payload["id"] for reply in ada.sees()}


async def test_a_button_can_take_its_message_away(ada: Member) -> None:
    shown = await ada.slash("buttons")

    assert (await ada.press(shown, "Take away")).is_gone
    with pytest.raises(CannotDoError, match="cannot see"):
        await ada.press(shown, "Update")


async def test_a_button_that_is_not_there_cannot_be_pressed(ada: Member) -> None:
    with pytest.raises(CannotDoError, match="there is no button 'Launch'"):
        await ada.press(await ada.slash("buttons"), "Launch")


async def test_options_of_a_menu_are_chosen_by_their_labels(ada: Member) -> None:
    shown = await ada.slash("menus")

    assert (await ada.choose(shown, "Apple", "Cherry")).text == "fruit: apple, cherry"


async def test_people_roles_and_channels_are_chosen_by_their_ids(ada: Member, ann: Member) -> None:
    guild = ada.channel.guild
    assert guild is not None
    shown = await ada.slash("menus")
    moderator = guild.roles["Moderator"].id

    assert (await ada.choose(shown, ann.user.id, menu=1)).text == "person: Ann"
    assert (await ada.choose(shown, moderator, menu=2)).text == "role: Moderator"
    assert (await ada.choose(shown, ann.user.id, moderator, menu=3)).text == "whoever: ann, Moderator"
    assert (await ada.choose(shown, guild.general.id, menu=4)).text == "place: general"


async def test_what_a_menu_does_not_offer_cannot_be_chosen(ada: Member) -> None:
    shown = await ada.slash("menus")

    with pytest.raises(CannotDoError, match="there is no"):
        await ada.choose(shown, "Durian")
    with pytest.raises(CannotDoError, match="does not take 3"):
        await ada.choose(shown, "Apple", "Banana", "Cherry")
    with pytest.raises(CannotDoError, match="does not take 0"):
        await ada.choose(shown)
    with pytest.raises(CannotDoError, match="to choose from here"):
        await ada.choose(shown, ada.user.id, menu=2)
    with pytest.raises(CannotDoError, match="has 5 menus"):
        await ada.choose(shown, "Apple", menu=5)


# --- forms ---


async def test_a_form_gives_the_bot_what_was_filled_in(ada: Member, ann: Member, specimen: Specimen) -> None:
    form = await ada.slash_for_form("form")

    assert (form.title, form.labels) == ("Everything", ["Text", "Kind", "Files", "Person"])
    assert form.prefilled("Text") == "so far"
    reply = await ada.submit(
        form,
        {
            "Text": "what I think",
            "Kind": ["One", "Three"],
            "Files": [File("a.txt", b"A"), File("b.txt", b"B")],
            "Person": [ann.user.id],
        },
    )
    assert reply.text == "thank you"
    assert specimen.submitted == {
        "text": "what I think",
        "kind": ["one", "three"],
        "files": ["A", "B"],
        "people": ["ann"],
    }


async def test_what_stands_in_a_form_is_kept_where_nothing_is_filled_in(ada: Member, specimen: Specimen) -> None:
    await ada.submit(await ada.slash_for_form("form"), {"Kind": "Two"})

    assert specimen.submitted == {"text": "so far", "kind": ["two"], "files": [], "people": []}


async def test_a_form_from_a_button_changes_the_message_of_the_button(ada: Member, specimen: Specimen) -> None:
    shown = await ada.slash("buttons")

    reply = await ada.submit(
        await ada.press_for_form(shown, "Form"), {"Radio": "No", "Boxes": ["Cheap", "Good"], "Box": False}
    )

    assert reply.message is shown.message
    assert shown.text == "filled in"
    assert specimen.submitted == {"radio": "no", "boxes": ["cheap", "good"], "box": False}


async def test_an_answer_to_a_form_tells_what_opened_it(ada: Member) -> None:
    reply = await ada.submit(await ada.slash_for_form("form"), {"Kind": "Two"})

    metadata = reply.payload["interaction_metadata"]
    assert (metadata["type"], metadata["triggering_interaction_metadata"]["type"]) == (5, 2)
    assert metadata["triggering_interaction_metadata"]["id"] != metadata["id"]


async def test_boxes_that_nobody_touches_keep_their_state(ada: Member, specimen: Specimen) -> None:
    shown = await ada.slash("buttons")

    await ada.submit(await ada.press_for_form(shown, "Form"), {"Radio": "Yes"})

    assert specimen.submitted == {"radio": "yes", "boxes": ["fast"], "box": True}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"Text": "x", "Kind": "One"}, "too short or too long"),
        ({"Text": "x" * 31, "Kind": "One"}, "too short or too long"),
        ({"Text": "", "Kind": "One"}, "missing"),
        ({}, "'Kind' does not take 0"),
        ({"Kind": ["One", "Two", "Three"]}, "'Kind' does not take 3"),
        ({"Kind": "Four"}, "there is no"),
        ({"Kind": "One", "Files": [File("a", b"")] * 3}, "'Files' does not take 3"),
        ({"Kind": "One", "Person": ["1234"]}, "to choose from here"),
        ({"Kind": "One", "No such field": "x"}, "the modal has no"),
    ],
)
async def test_a_form_that_no_client_would_send_is_not_sent(
    ada: Member, specimen: Specimen, values: dict[str, str | list[str] | list[File]], reason: str
) -> None:
    form = await ada.slash_for_form("form")

    with pytest.raises(CannotDoError, match=reason):
        await ada.submit(form, values)

    assert specimen.submitted == {}


async def test_a_radio_group_needs_a_choice(ada: Member) -> None:
    form = await ada.press_for_form(await ada.slash("buttons"), "Form")

    with pytest.raises(CannotDoError, match="'Radio' does not take 0"):
        await ada.submit(form)
