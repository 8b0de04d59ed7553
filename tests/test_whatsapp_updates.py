"""What WhatsApp brings is read event by event, in the shape of 2023 and in that of 2026."""

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.whatsapp_updates import MOST, read, split
from bot.errors import Closed, GiveUp, SendError, TryLater, Unreadable
from bot.messages import Account, Arrival, Contact, File, Incoming, Membership, Receipt, Stage
from tests import needs
from tests.fakes import whatsapp_people as people
from tests.fakes.whatsapp_people import AT, BUDI, HIDDEN, NAMES, PHONE_NUMBER_ID, SITI, Json, People, packed

conceal = NAMES.conceal
ON = people.wamid(people.OUR_NUMBER, 7)
EVERYBODY = pytest.mark.parametrize("who", [SITI, BUDI, HIDDEN], ids=["v23", "2026", "hidden"])


def arrivals(request: Json) -> list[Arrival]:
    return split(packed(request), PHONE_NUMBER_ID, NAMES)


def reads(request: Json) -> list[Incoming | None]:
    return [read(arrival.body, NAMES) for arrival in arrivals(request)]


def one(request: Json) -> Incoming:
    """The only event of a request; it says of itself what the edge says of it."""
    [arrival] = arrivals(request)
    incoming = read(arrival.body, NAMES)
    assert incoming
    assert incoming.external_id == arrival.external_id
    assert incoming.address.conversation == arrival.conversation
    assert arrival.channel == incoming.address.channel == "whatsapp"
    return incoming


def value_of(request: Json) -> Any:
    return request["entry"][0]["changes"][0]["value"]  # type: ignore[index]


def message_of(request: Json) -> Any:
    return value_of(request)["messages"][0]


def edited(request: Json, **fields: object) -> Json:
    """The request with other fields in its first message; None takes one away."""
    changed = copy.deepcopy(request)
    message = message_of(changed)
    for name, found in fields.items():
        if found is None:
            message.pop(name, None)
        else:
            message[name] = found
    return changed


# -- who wrote -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who, sender, aliases",
    [
        (SITI, SITI.number, ()),
        (BUDI, BUDI.scoped, (BUDI.number,)),
        (HIDDEN, HIDDEN.scoped, ()),
    ],
)
def test_a_person_is_known_by_their_scoped_id_or_else_by_their_number(
    who: people.Somebody, sender: str, aliases: tuple[str, ...]
) -> None:
    incoming = one(People(who).say("iuran"))
    assert incoming.sender == incoming.address.chat == conceal(sender)
    assert incoming.aliases == tuple(map(conceal, aliases))
    assert (incoming.name, incoming.text, incoming.shape, incoming.group) == (
        who.name,
        "iuran",
        "text",
        False,
    )


def test_every_message_says_when_until_when_and_how_it_is_marked_as_read() -> None:
    request = People().say("iuran")
    incoming = one(request)
    wamid = conceal(message_of(request)["id"])
    assert (incoming.at, incoming.window) == (AT, AT + timedelta(hours=24))
    assert (incoming.message, incoming.seen, incoming.external_id) == (wamid, wamid, f"msg:{wamid}")
    assert (incoming.tap, incoming.reply_to, incoming.forwarded, incoming.edited) == ("", "", False, False)


@EVERYBODY
def test_no_number_stands_in_clear_in_what_is_read(who: people.Somebody) -> None:
    siti = People(who)
    status = siti.status(
        ON, "failed", errors=[people.failure(131026, "Message undeliverable to 6281234500001")]
    )
    for request in (
        siti.say("iuran", reply_to=ON),
        siti.press("a.0", ON),
        siti.move("628777"),
        siti.report(status),
    ):
        for arrival in arrivals(request):
            shown = repr(read(arrival.body, NAMES)) + arrival.external_id + arrival.conversation
            for clear in filter(
                None, ("62812345", "628777", people.OUR_NUMBER, who.number, who.scoped, "wamid")
            ):
                assert clear not in shown


def test_of_several_contacts_each_message_has_its_own() -> None:
    everybody = [People(who) for who in (SITI, BUDI, HIDDEN)]
    messages = [each.message("text", {"body": "iuran"}) for each in everybody]
    contacts = [each.who.contact for each in reversed(everybody)]
    found = reads(everybody[0].bring(*messages, contacts=contacts))
    assert [each and each.name for each in found] == ["Siti", "Budi", "Wayan"]


@pytest.mark.parametrize(
    "contact",
    [
        BUDI.contact,
        SITI.contact | {"wa_id": BUDI.number},
        {"profile": {"name": "Budi"}, "user_id": "ID.99"},
    ],
)
def test_nobody_is_taken_for_the_only_contact_there_is(contact: Json) -> None:
    siti = People()
    [incoming] = reads(siti.bring(siti.message("text", {"body": "iuran"}), contacts=[contact]))
    assert incoming
    assert (incoming.sender, incoming.aliases, incoming.name) == (conceal(SITI.number), (), "")


def test_a_scoped_id_that_contradicts_is_not_taken_over() -> None:
    budi = People(BUDI)
    stranger = BUDI.contact | {"user_id": "ID.99"}
    [incoming] = reads(budi.bring(budi.message("text", {"body": "iuran"}), contacts=[stranger]))
    assert incoming
    assert (incoming.sender, incoming.aliases) == (conceal(BUDI.scoped), (conceal(BUDI.number),))


def test_a_message_that_names_nobody_is_from_the_only_contact() -> None:
    hidden = People(HIDDEN)
    request = edited(hidden.say("iuran"), from_user_id=None)
    assert one(request).sender == conceal(HIDDEN.scoped)
    value_of(request)["contacts"].append(BUDI.contact)
    [arrival] = arrivals(request)
    assert arrival.conversation == "whatsapp:?"
    with pytest.raises(Unreadable, match=r"message\.from"):
        read(arrival.body, NAMES)


def test_a_scoped_id_in_place_of_the_number_is_one() -> None:
    assert one(edited(People(HIDDEN).say("iuran"), **{"from": HIDDEN.scoped})).sender == conceal(
        HIDDEN.scoped
    )


@pytest.mark.parametrize(
    "field, value", [("from", "+62 812"), ("from", "1234"), ("from_user_id", "6281234500009")]
)
def test_an_id_that_would_be_written_to_as_something_else_is_refused(field: str, value: str) -> None:
    [arrival] = arrivals(edited(People().say("iuran"), **{field: value}))
    with pytest.raises(Unreadable, match=field):
        read(arrival.body, NAMES)


@pytest.mark.parametrize("contacts", [[], None, [7], [{}], "x", [{"profile": {}, "wa_id": SITI.number}]])
def test_a_message_does_without_a_contact(contacts: object) -> None:
    request = People().say("iuran")
    value_of(request)["contacts"] = contacts
    incoming = one(request)
    assert (incoming.sender, incoming.name) == (conceal(SITI.number), "")


# -- what they sent --------------------------------------------------------------------------


@EVERYBODY
@pytest.mark.parametrize("way", [People.press, People.choose, People.answer])
def test_a_press_names_its_button_and_the_message_it_hangs_on(
    way: Callable[[People, str, str], Json], who: people.Somebody
) -> None:
    incoming = one(way(People(who), "k3f9.2", ON))
    assert (incoming.shape, incoming.choice, incoming.message) == ("tap", "k3f9.2", conceal(ON))
    assert (incoming.text, incoming.tap, incoming.reply_to) == ("", "", "")
    assert incoming.window == AT + timedelta(hours=24)
    assert incoming.seen == incoming.external_id.removeprefix("msg:")


def test_a_press_may_come_without_the_message_it_hangs_on() -> None:
    incoming = one(edited(People().press("k3f9.2", ON), context=None))
    assert (incoming.shape, incoming.choice, incoming.message) == ("tap", "k3f9.2", "")


def test_a_quick_reply_that_carries_nothing_counts_as_its_words() -> None:
    incoming = one(edited(People().answer("x", ON), button={"text": "Ya"}))
    assert (incoming.shape, incoming.text, incoming.choice) == ("text", "Ya", "")


def test_what_is_quoted_and_what_is_forwarded_is_said() -> None:
    assert one(People().say("iuran", reply_to=ON)).reply_to == conceal(ON)
    assert one(People().say("iuran", forwarded=True)).forwarded
    assert one(edited(People().say("iuran"), context={"frequently_forwarded": True})).forwarded


MEDIA = {
    "photo": (People().image(caption="KTP"), File("1003383421387256", "", "image/jpeg"), "KTP"),
    "document": (
        People().document("iuran.pdf", caption="maret"),
        File("1003383421387257", "iuran.pdf", "application/pdf"),
        "maret",
    ),
    "voice": (People().audio(), None, ""),
    "video": (People().video(caption="rapat"), None, "rapat"),
    "sticker": (People().sticker(), None, ""),
    "location": (People().location(), None, ""),
}


@pytest.mark.parametrize("shape", MEDIA)
def test_a_file_says_what_it_is_and_pictures_and_papers_can_be_fetched(shape: str) -> None:
    request, file, text = MEDIA[shape]
    incoming = one(request)
    assert (incoming.shape, incoming.file, incoming.text) == (shape, file, text)
    assert incoming.window == AT + timedelta(hours=24)


def test_a_file_that_whatsapp_lost_is_still_a_file() -> None:
    incoming = one(edited(People().image(), image={"mime_type": "image/jpeg"}))
    assert (incoming.shape, incoming.file) == ("photo", None)


@pytest.mark.parametrize("media", ["../me", "1?x=1", "a b", ""])
def test_an_id_of_a_file_is_no_way_to_another_address(media: str) -> None:
    request = edited(People().image(), image={"id": media, "mime_type": "image/jpeg"})
    if media:
        with pytest.raises(Unreadable, match=r"message\.image\.id"):
            reads(request)
    else:
        assert one(request).file is None


@pytest.mark.parametrize(
    "who, phone, number, contact",
    [
        (SITI, "+62 812-3450-0002", BUDI.number, Contact(f"+{BUDI.number}", conceal(BUDI.number))),
        (SITI, "+62 812-3450-0002", "", Contact("+62 812-3450-0002")),
        (SITI, "0812", SITI.number, Contact(f"+{SITI.number}", conceal(SITI.number))),
        (BUDI, "0812", BUDI.number, Contact(f"+{BUDI.number}", conceal(BUDI.scoped))),
        (BUDI, f"+{SITI.number}", BUDI.number, Contact(f"+{BUDI.number}", conceal(BUDI.scoped))),
        (HIDDEN, f"+{SITI.number}", SITI.number, Contact(f"+{SITI.number}", conceal(SITI.number))),
    ],
)
def test_a_card_counts_for_the_number_that_whatsapp_names(
    who: people.Somebody, phone: str, number: str, contact: Contact
) -> None:
    incoming = one(People(who).card(phone, number))
    assert (incoming.shape, incoming.contact) == ("contact", contact)
    own = bool(contact.user) and contact.user == incoming.sender
    assert own == (bool(number) and number == who.number)


def test_a_card_may_have_no_number() -> None:
    assert one(
        edited(People().card("1"), contacts=[{"name": {"formatted_name": "Wayan"}}])
    ).contact == Contact("")


@pytest.mark.parametrize(
    "request_",
    [
        People().unsupported(),
        edited(People().unsupported(), errors=[{"code": 131051}]),
        edited(People().unsupported(), errors=None, type="unknown"),
        edited(People().say("iuran"), type="order"),
        edited(People().say("iuran"), type="something_of_2027"),
        edited(People().press("a.0", ON), interactive=None),
        edited(
            People().press("a.0", ON), interactive={"type": "nfm_reply", "nfm_reply": {"response_json": "{}"}}
        ),
    ],
)
def test_what_we_do_not_know_is_answered_all_the_same(request_: Json) -> None:
    incoming = one(request_)
    assert (incoming.shape, incoming.sender) == ("unsupported", conceal(SITI.number))
    assert incoming.window == AT + timedelta(hours=24)


def test_a_message_written_anew_or_taken_back_is_no_new_one() -> None:
    anew = one(People().edit(ON, "iuran lagi"))
    assert (anew.edited, anew.text, anew.shape) == (True, "iuran lagi", "text")
    assert anew.message != conceal(ON)
    assert reads(People().revoke(ON)) == [None]
    assert one(edited(People().unsupported(), unsupported={"type": "edit"})).edited
    assert not one(edited(People().unsupported(), unsupported={"type": "poll"})).edited


@pytest.mark.parametrize(
    "request_",
    [
        People().react(ON),
        People().react(ON, ""),
        edited(People().say("iuran"), group_id="Y2FwaV9ncm91cDo"),
        edited(People().move("1"), system={"body": "", "type": "customer_identity_changed"}),
        edited(People().move("1"), system={"body": "", "type": "something_of_2027"}),
    ],
)
def test_what_needs_no_answer_gets_none(request_: Json) -> None:
    assert reads(request_) == [None]


def test_an_error_beside_the_messages_costs_none_of_them() -> None:
    request = People().say("iuran")
    value_of(request)["errors"] = [
        people.failure(131000, "Something went wrong"),
        {"code": 131000, "title": "x"},
    ]
    found = reads(request)
    assert [each and each.text for each in found] == ["iuran", None, None]
    assert {each.conversation for each in arrivals(request)[1:]} == {"whatsapp:account"}


# -- other ids -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["user_changed_number", "customer_changed_number"])
def test_a_number_that_was_given_up_reaches_nobody(kind: str) -> None:
    request = People().move("6281234500009", "ID.99")
    message_of(request)["system"]["type"] = kind
    incoming = one(request)
    assert (incoming.membership, incoming.sender) == (Membership.GONE, conceal(SITI.number))
    assert incoming.address.chat == conceal(SITI.number)
    assert (incoming.window, incoming.aliases, incoming.moved_to) == (None, (), "")
    assert conceal("6281234500009") not in repr(incoming)


def test_of_two_old_ids_both_reach_nobody() -> None:
    incoming = one(edited(People().move("6281234500009", "ID.99"), from_user_id="ID.11"))
    assert (incoming.sender, incoming.aliases) == (conceal("ID.11"), (conceal(SITI.number),))
    new = one(edited(People().move("6281234500009", "ID.99"), from_user_id="ID.99"))
    assert (new.sender, new.aliases) == (conceal(SITI.number), ())


def test_a_scoped_id_that_was_renewed_reaches_nobody() -> None:
    incoming = one(People(BUDI).renew("ID.99"))
    assert (incoming.membership, incoming.sender) == (Membership.GONE, conceal(BUDI.scoped))


def test_a_name_does_not_put_words_into_the_mouth_of_the_platform() -> None:
    liar = replace(BUDI, name=f"Budi changed from {HIDDEN.scoped} to ID.99")
    assert one(People(liar).renew("ID.99")).sender == conceal(BUDI.scoped)
    request = People(liar).renew("ID.99")
    message_of(request)["system"]["user_id"] = "ID.98"
    assert reads(request) == [None]


def test_a_renewed_id_is_also_told_in_a_field_of_its_own() -> None:
    update = {
        "wa_id": BUDI.number,
        "detail": "User id for Budi has been updated.",
        "user_id": {"previous": BUDI.scoped, "current": "ID.99"},
        "timestamp": str(int(AT.timestamp())),
    }
    incoming = one(people.request({"contacts": [], "user_id_update": [update]}, field="user_id_update"))
    assert (incoming.membership, incoming.sender) == (Membership.GONE, conceal(BUDI.scoped))
    assert incoming.at == AT


# -- how far ours have come ------------------------------------------------------------------


@EVERYBODY
@pytest.mark.parametrize(
    "said, stage",
    [("sent", Stage.SENT), ("delivered", Stage.DELIVERED), ("read", Stage.READ), ("played", Stage.READ)],
)
def test_a_status_says_how_far_a_message_has_come(said: str, stage: Stage, who: people.Somebody) -> None:
    siti = People(who)
    incoming = one(siti.report(siti.status(ON, said, row=88)))
    assert incoming.receipt == Receipt(conceal(ON), stage, "88", at=AT)
    assert (incoming.sender, incoming.at, incoming.window) == ("", AT, None)
    assert incoming.external_id == f"st:{conceal(ON)}:{said}"


@pytest.mark.parametrize(
    "errors, code, why",
    [
        (
            [people.failure(131047, "Re-engagement message", "more than 24 hours")],
            131047,
            "Re-engagement message",
        ),
        ([{"code": 131026, "title": "Message undeliverable"}], 131026, "Message undeliverable"),
        ([{"code": 131026, "message": "Message undeliverable"}], 131026, "Message undeliverable"),
        ([{"code": "131026"}], 131026, ""),
        ([{"code": 1, "title": "to +62 812-3450-0001 or 6281234500001,\nnot 24"}], 1, "to … or …, not 24"),
        ([{"code": 1, "title": "kata " * 40}], 1, ("kata " * 40)[:80]),
        ([{"code": True, "title": 7}], 0, "7"),
        ([7], 0, ""),
        ("x", 0, ""),
        ([], 0, ""),
        (None, 0, ""),
    ],
)
def test_a_failure_is_one_however_it_is_described(errors: object, code: int, why: str) -> None:
    siti = People()
    status = siti.status(ON, "failed", row=88) | ({} if errors is None else {"errors": errors})
    receipt = one(siti.report(status)).receipt
    assert receipt is not None
    assert (receipt.message, receipt.stage, receipt.mark) == (conceal(ON), Stage.FAILED, "88")
    assert str(receipt.error) == (f"{why} ({code})" if why else str(code))


@pytest.mark.parametrize(
    "code, kind, reachable",
    [(131047, Closed, True), (131026, GiveUp, False), (131056, TryLater, True), (131000, TryLater, True),
     (190, TryLater, True), (132001, GiveUp, True), (131049, GiveUp, True), (0, TryLater, True)],
)  # fmt: skip
def test_what_a_failure_means_for_us(code: int, kind: type[SendError], reachable: bool) -> None:
    siti = People()
    status = siti.status(ON, "failed", row=88) | {"errors": [{"code": code, "title": "x"}]}
    receipt = one(siti.report(status)).receipt
    assert receipt is not None
    assert type(receipt.error) is kind
    assert (isinstance(receipt.error, GiveUp) and receipt.error.unreachable) != reachable


@pytest.mark.parametrize("data", ["", "0", "payung:88", "9" * 99, {"row": 88}, True, None])
def test_what_travelled_with_a_message_comes_back_as_it_is_or_not_at_all(data: object) -> None:
    siti = People()
    receipt = one(siti.report(siti.status(ON, "sent") | {"biz_opaque_callback_data": data})).receipt
    assert receipt
    assert receipt.mark in (str(data)[:64], "")


def test_an_unknown_stage_is_no_news() -> None:
    siti = People()
    assert reads(siti.report(siti.status(ON, "warning"))) == [None]


def test_statuses_of_one_message_stay_in_order_and_others_run_beside_them() -> None:
    siti = People()
    statuses = [siti.status(ON, said) for said in ("sent", "delivered", "read", "failed")]
    found = arrivals(siti.report(*statuses))
    assert len({each.conversation for each in found}) == 1
    assert len({each.external_id for each in found}) == 4
    many = [siti.status(people.wamid(people.OUR_NUMBER, n), "sent") for n in range(200)]
    assert len({each.conversation for each in arrivals(siti.report(*many))}) > 150


# -- how our account does --------------------------------------------------------------------

_TEMPLATE: Json = {"message_template_id": 1689556908129832, "message_template_name": "pengingat_rapat"}
NEWS: list[tuple[str, Json, Account]] = [
    (
        "message_template_status_update",
        _TEMPLATE | {"event": "APPROVED", "reason": "NONE", "message_template_language": "id"},
        Account("template", "pengingat_rapat", "APPROVED"),
    ),
    (
        "message_template_status_update",
        _TEMPLATE | {"event": "REJECTED", "reason": "INVALID_FORMAT"},
        Account("template", "pengingat_rapat", "REJECTED", "INVALID_FORMAT"),
    ),
    (
        "message_template_status_update",
        _TEMPLATE | {"event": "PAUSED", "reason": None, "other_info": {"title": "FIRST_PAUSE"}},
        Account("template", "pengingat_rapat", "PAUSED", "FIRST_PAUSE"),
    ),
    (
        "message_template_quality_update",
        _TEMPLATE | {"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"},
        Account("quality", "pengingat_rapat", "YELLOW", "GREEN"),
    ),
    (
        "template_category_update",
        _TEMPLATE | {"previous_category": "UTILITY", "new_category": "MARKETING"},
        Account("template", "pengingat_rapat", "MARKETING", "UTILITY"),
    ),
    (
        "template_category_update",
        _TEMPLATE | {"new_category": "UTILITY", "correct_category": "MARKETING"},
        Account("template", "pengingat_rapat", "MARKETING", "UTILITY"),
    ),
    (
        "phone_number_quality_update",
        {"display_phone_number": people.OUR_NUMBER, "event": "FLAGGED", "current_limit": "TIER_10K"},
        Account("quality", "number", "FLAGGED", "TIER_10K"),
    ),
    (
        "phone_number_name_update",
        {
            "display_phone_number": people.OUR_NUMBER,
            "decision": "REJECTED",
            "rejection_reason": "NAME_FORMAT",
        },
        Account("account", "number", "REJECTED", "NAME_FORMAT"),
    ),
    (
        "account_update",
        {
            "event": "DISABLED_UPDATE",
            "phone_number": people.OUR_NUMBER,
            "ban_info": {"waba_ban_state": "DISABLE"},
        },
        Account("account", "", "DISABLED_UPDATE", "DISABLE"),
    ),
    (
        "account_update",
        {
            "event": "ACCOUNT_RESTRICTION",
            "restriction_info": [{"restriction_type": "A"}, {"restriction_type": "B"}],
        },
        Account("account", "", "ACCOUNT_RESTRICTION", "A, B"),
    ),
    ("account_review_update", {"decision": "APPROVED"}, Account("account", "review", "APPROVED")),
    (
        "account_alerts",
        {
            "entity_type": "BUSINESS",
            "entity_id": 1234567890,
            "alert_severity": "CRITICAL",
            "alert_status": "ACTIVE",
            "alert_type": "OBA_APPROVED",
            "alert_description": "Call +62 812 3450 0001",
        },
        Account("account", "BUSINESS", "OBA_APPROVED", "CRITICAL ACTIVE"),
    ),
    (
        "account_alerts",
        {
            "entity_type": "WABA",
            "alert_info": {"alert_severity": "INFORMATIONAL", "alert_status": "NONE", "alert_type": "X"},
        },
        Account("account", "WABA", "X", "INFORMATIONAL NONE"),
    ),
    (
        "business_capability_update",
        {"max_daily_conversations_per_business": "TIER_2K", "max_phone_numbers_per_business": 2},
        Account("account", "limit", "TIER_2K"),
    ),
    (
        "business_capability_update",
        {"max_daily_conversation_per_phone": 2000, "max_phone_numbers_per_business": 2},
        Account("account", "limit", "2000"),
    ),
]


@pytest.mark.parametrize("field, value, news", NEWS, ids=[f"{field}:{news.state}" for field, _, news in NEWS])
def test_the_account_tells_how_it_does(field: str, value: Json, news: Account) -> None:
    incoming = one(people.account(field, value))
    assert (incoming.account, incoming.sender, incoming.at) == (news, "", AT)
    assert incoming.address.conversation == "whatsapp:account"
    assert people.OUR_NUMBER not in repr(incoming)


def test_the_same_news_at_another_time_are_news_and_once_more_are_not() -> None:
    field, value, _ = NEWS[0]
    ids = [one(people.account(field, value, time)).external_id for time in (1, 2, 2)]
    assert ids[0] != ids[1] == ids[2]
    assert all(each.startswith("acc:") and len(each) == 36 for each in ids)


def test_news_without_a_time_are_read() -> None:
    request = people.account(*NEWS[0][:2])
    del request["entry"][0]["time"]  # type: ignore[index]
    assert one(request).at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "field", ["smb_message_echoes", "history", "calls", "message_template_components_update"]
)
def test_a_field_we_do_not_read_is_no_loss(field: str) -> None:
    assert reads(people.request({field: [{"id": "wamid.A"}]}, field=field)) == [None]


@pytest.mark.parametrize(
    "field, value",
    [
        ("messages", {}),
        ("messages", {"groups": [{"id": 1}]}),
        ("user_id_update", {}),
        ("account_update", {}),
        ("account_update", {"event": {}}),
        ("account_update", {"event": "X", "ban_info": 5}),
        ("message_template_status_update", {"message_template_name": "x"}),
    ],
)
def test_a_field_we_read_is_refused_where_nothing_is_in_it(field: str, value: Json) -> None:
    [arrival] = arrivals(people.request(value, field=field))
    with pytest.raises(Unreadable):
        read(arrival.body, NAMES)


# -- what is too much ---------------------------------------------------------------------------


def test_too_many_parts_are_one_event_that_nobody_can_read() -> None:
    request = people.request({"messages": [{}] * (MOST + 1)})
    [arrival] = arrivals(request)
    with pytest.raises(Unreadable):
        read(arrival.body, NAMES)
    assert json.loads(json.loads(arrival.body)["value"]) == request


def test_many_people_may_write_at_once() -> None:
    everybody = [People(people.Somebody(f"62812{n:08}", f"ID.{n}", f"Nama {n}")) for n in range(3000)]
    messages = [
        each.message("text", {"body": each.who.name}, id=f"wamid.{n}") for n, each in enumerate(everybody)
    ]
    contacts = [each.who.contact for each in reversed(everybody)]
    found = reads(everybody[0].bring(*messages, contacts=contacts))
    assert all(each and each.name == each.text for each in found)
    assert len({each.sender for each in found if each}) == 3000


# -- what is broken --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field, value, path",
    [
        ("id", None, "message.id"),
        ("id", "", "message.id"),
        ("id", 7, "message.id"),
        ("id", "wamid.\ud800", "message.id"),
        ("id", "w" * 301, "message.id"),
        ("from", None, "message.from"),
        ("from", ["6281234500001"], "message.from"),
        ("timestamp", None, "message.timestamp"),
        ("timestamp", "2026-03-02T02:00:00Z", "message.timestamp"),
        ("timestamp", "-1", "message.timestamp"),
        ("timestamp", "99999999999999", "message.timestamp"),
        ("timestamp", "\u0663", "message.timestamp"),
        ("type", {}, "message.type"),
        ("text", None, "message.text"),
        ("text", "iuran", "message.text"),
        ("text", {"body": 7}, "message.text.body"),
        ("context", 7, "message.context"),
        ("context", {"id": 7}, "message.context.id"),
    ],
)
def test_what_is_broken_is_refused_by_itself_and_named_without_its_content(
    field: str, value: object, path: str
) -> None:
    siti = People()
    broken = edited(siti.say("rusak"), **{field: value})
    if field == "from" and value is None:
        value_of(broken)["contacts"] = []
    value_of(broken)["messages"].append(siti.message("text", {"body": "utuh"}))
    first, second = arrivals(broken)
    with pytest.raises(Unreadable) as refused:
        read(first.body, NAMES)
    assert str(refused.value) == path
    whole = read(second.body, NAMES)
    assert whole
    assert whole.text == "utuh"


def test_a_time_may_be_a_number() -> None:
    assert one(edited(People().say("iuran"), timestamp=int(AT.timestamp()))).at == AT


def test_half_characters_are_replaced() -> None:
    assert one(edited(People().say(""), text={"body": "a\x00b\ud83d"})).text == "a\ufffdb\ufffd"


def _samples() -> list[Json]:
    found = []
    for who in (SITI, BUDI, HIDDEN):
        siti = People(who)
        status = siti.status(ON, "failed", row=88, errors=[people.failure(131026, "Message undeliverable")])
        found += [
            siti.say("iuran", reply_to=ON), siti.press("a.0", ON), siti.choose("a.1", ON), siti.answer("a.2", ON),
            siti.image(), siti.document("a.pdf"), siti.audio(), siti.video(), siti.sticker(), siti.location(),
            siti.card("0812", who.number), siti.react(ON), siti.unsupported(), siti.edit(ON, "a"), siti.revoke(ON),
            siti.renew("ID.99"), siti.report(status),
        ]  # fmt: skip
        found += [siti.move("6281234500009", "ID.99")] if who.number else []
    return found + [people.account(field, value) for field, value, _ in NEWS]


SAMPLES = _samples()
JUNK: list[object] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "x",
    "\ud800",
    "9" * 40,
    [],
    [[]],
    [None],
    {},
    {"id": {}},
    float("nan"),
]


def _paths(tree: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in items:
        yield from _paths(child, (*path, key))


def _replaced(tree: Any, path: tuple[str | int, ...], value: object) -> Any:
    if not path:
        return value
    found = copy.copy(tree)
    found[path[0]] = _replaced(tree[path[0]], path[1:], value)
    return found


def looked_at(body: bytes) -> int:
    """How many events there are; each is read, ignored or refused, and nothing else happens."""
    found = split(body, PHONE_NUMBER_ID, NAMES)
    for arrival in found:
        assert arrival.external_id.isprintable()
        assert arrival.conversation.startswith("whatsapp:")
        try:
            incoming = read(arrival.body, NAMES)
        except Unreadable:
            continue
        if incoming is not None:
            assert incoming.external_id == arrival.external_id
            assert arrival.conversation in (incoming.address.conversation, "whatsapp:?")
    return len(found)


@pytest.mark.parametrize("sample", SAMPLES, ids=str)
def test_each_field_may_be_junk(sample: Json) -> None:
    whole = looked_at(packed(sample))
    for path in _paths(sample):
        for junk in JUNK:
            broken = _replaced(sample, path, junk)
            found = looked_at(json.dumps(broken).encode())
            emptied = (
                junk == []
                and len(path)
                and path[-1] in ("entry", "changes", "messages", "statuses", "errors")
            )
            foreign = path[-1:] in (("phone_number_id",), ("metadata",))
            assert found >= whole or emptied or foreign, (path, junk)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
@pytest.mark.slow
def test_a_mutated_request_is_read_ignored_or_refused(data: st.DataObject) -> None:
    request: Any = data.draw(st.sampled_from(SAMPLES))
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=8,
    )
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(_paths(request))))
        request = _replaced(request, path, data.draw(anything))
    looked_at(json.dumps(request).encode())


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200), at=st.integers(0, 400), sample=st.sampled_from(SAMPLES))
@pytest.mark.slow
def test_any_bytes_are_read_ignored_or_refused(body: bytes, at: int, sample: Json) -> None:
    whole = packed(sample)
    for each in (body, whole[:at] + body + whole[at:], whole[:at] + body):
        looked_at(each)
        try:
            read(each, NAMES)
        except Unreadable:
            continue


# -- as the platform describes itself --------------------------------------------------------


def _overlay(tree: Any) -> Any:
    """The description without the `additionalProperties: false` that forbid what their own base says."""
    if isinstance(tree, list):
        return [_overlay(each) for each in tree]
    if not isinstance(tree, dict):
        return tree
    return {
        name: _overlay(each) for name, each in tree.items() if (name, each) != ("additionalProperties", False)
    }


def described() -> dict[str, Any]:
    """The description of Graph API 23.0 with what is known to be wrong in it put right.

    Beside `_overlay`: incoming messages are said to have the fields of outgoing ones (`to`,
    `messaging_product`), their errors those of the Graph API; coordinates are numbers and not text;
    the description of a list's row may be missing; and nothing is known yet of `from_user_id`,
    `user_id` and people without a number.
    """
    document = _overlay(json.loads(needs.META.read_text(encoding="utf-8")))
    schemas = document["components"]["schemas"]
    schemas["BaseMessageProperties"] = {
        "type": "object",
        "required": ["id", "timestamp", "type"],
        "properties": {
            name: {"type": "string"} for name in ("id", "timestamp", "type", "from", "from_user_id")
        },
        "anyOf": [{"required": ["from"]}, {"required": ["from_user_id"]}],
    }
    place = schemas["LocationMessage"]["allOf"][1]["properties"]["location"]["properties"]
    place["latitude"] = place["longitude"] = {"type": "number"}
    schemas["UnsupportedMessage"]["allOf"][1]["properties"]["errors"]["items"] = {
        "$ref": "#/components/schemas/ErrorObject_2"
    }
    schemas["ContactSharingMessage"]["allOf"][1]["properties"]["contacts"]["items"] = {
        "$ref": "#/components/schemas/ContactObject_1"
    }
    schemas["ContactProfile"]["properties"]["user_id"] = {"type": "string"}
    schemas["Statuses"]["required"].remove("recipient_id")
    schemas["Statuses"]["properties"]["status"]["enum"].append("played")
    return dict(document)


CONCRETE = {
    "text": "TextMessage",
    "image": "ImageMessage",
    "document": "DocumentMessage",
    "audio": "AudioMessage",
    "video": "VideoMessage",
    "sticker": "StickerMessage",
    "location": "LocationMessage",
    "contacts": "ContactSharingMessage",
    "reaction": "ReactionMessage",
    "unsupported": "UnsupportedMessage",
    "button": "ButtonMessage",
    "interactive": "InteractiveMessageReply",
    "system": "SystemMessage",
}


def wrong(document: dict[str, Any], name: str, value: object) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}"} | {"components": document["components"]}
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(value)]


@needs.meta
def test_our_made_up_people_send_what_the_platform_describes() -> None:
    document = described()
    seen = set()
    for sample in SAMPLES:
        value = value_of(sample)
        for contact in value.get("contacts", []):
            assert wrong(document, "ContactProfile", contact) == []
        for status in value.get("statuses", []):
            assert wrong(document, "Statuses", status) == []
        for message in value.get("messages", []):
            name = CONCRETE.get(message["type"])
            if name is None or message.get("system", {}).get("type") == "user_changed_user_id":
                continue  # younger than the description
            seen.add(name)
            assert wrong(document, name, message) == [], name
            assert wrong(document, name, {**message, message["type"]: 7, "id": 7}) != []
    assert seen == set(CONCRETE.values())


def _examples(tree: object) -> Iterator[Json]:
    """Every whole webhook request in the description."""
    if isinstance(tree, dict):
        for example in (
            (tree.get("examples") or {}).values() if isinstance(tree.get("examples"), dict) else ()
        ):
            if isinstance(example, dict) and "entry" in (example.get("value") or {}):
                yield example["value"]
    for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _examples(child)


@needs.meta
def test_the_examples_of_the_platform_are_read() -> None:
    shapes = []
    for example in _examples(json.loads(needs.META.read_text(encoding="utf-8"))):
        for arrival in split(packed(example), "106540352242922", NAMES):
            incoming = read(arrival.body, NAMES) if b'"groups"' not in arrival.body else None
            shapes.append(incoming.shape if incoming else "")
            if incoming:
                assert (incoming.external_id, incoming.address.conversation) == (
                    arrival.external_id,
                    arrival.conversation,
                )
    assert {"text", "photo", "location", "contact", "unsupported", "tap", "membership", ""} == set(shapes)
    assert len(shapes) >= 15
