"""Every command and button × every role × own, foreign and missing object: as the table in the docs says.

A denial reads the same whether the thing exists or not.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest

import handlers
from bot import ledger, turns
from bot.channels import memory
from bot.domain import office_instead
from bot.domain.incidents import Kind as Happened
from bot.domain.incidents import Work
from bot.domain.months import Month
from bot.domain.offices import DISTRICT, VILLAGE, Office, Role
from bot.domain.people import State
from bot.domain.projects import Part
from bot.domain.projects import State as InState
from bot.messages import Address
from bot.routing import LINKED, Route, Where
from bot.store import (
    broadcasts,
    cards,
    employers,
    exported,
    fostering,
    incidents,
    invitations,
    jobs,
    members,
    payments,
    people,
    places,
    privacy,
    project_reports,
    projects,
    questions,
    requests,
    sadar,
    studies,
)
from bot.store.database import Tx
from bot.store.employers import Employer
from bot.store.invitations import Invitation
from bot.store.places import Village
from bot.store.projects import Project
from bot.store.requests import Kind, Request
from bot.store.requests import State as Asked
from tests.rights import COLUMNS, Right, answers, brought, documented, pressed, replied, sent, typed
from tests.world import PERIAN, START, World, rulebook, world

KUKAR, LANDAK = "64.02", "61.08"
BESIDE = "64.02.01.2002"  # of the same kecamatan
FURTHER = "64.02.02.2001"  # of another kecamatan
ABROAD = "61.08.01.2001"  # of another district
NOWHERE = "64.02.01.9999"
OFFICE_ROOM, FORUM, UNTIED = "#kantor", "#forum", "#lain"
MONTH = Month(2026, 10)

#: Everybody of the matrix, with the office they hold.
CAST: Mapping[str, Office | None] = {
    "kades": Office(Role.HEAD, KUKAR, PERIAN),
    "sekdes": Office(Role.SECRETARY, KUKAR, PERIAN),
    "kaur": Office(Role.TREASURER, KUKAR, PERIAN),
    "admin": Office(Role.ADMIN, KUKAR),
    "petugas": Office(Role.OPERATOR, KUKAR),
    "pengamat": Office(Role.VIEWER, KUKAR),
    "cabang": Office(Role.BRANCH, KUKAR),
    "camat": Office(Role.CAMAT, KUKAR, "", "64.02.01"),
    "sebelah": Office(Role.TREASURER, KUKAR, BESIDE),
    "tetangga": Office(Role.ADMIN, LANDAK),
    "mantan": Office(Role.HEAD, KUKAR, PERIAN),
    "mantan_admin": Office(Role.ADMIN, KUKAR),
    "asing": None,
}
FORMER = ("mantan", "mantan_admin")


@dataclass(frozen=True, slots=True)
class Thing:
    """What a button can be about, in one village."""

    village: str
    member: int = 999_999
    active: int = 999_998
    payment: int = 999_999
    person: int = 999_999
    file: int = 999_999
    request: int = 999_999
    card: int = 999_999
    question: int = 999_999
    draft: int = 999_999  # of a broadcast, by somebody of the district's staff
    broadcast: int = 999_999  # a meeting that waits for a second person's word
    incident: int = 999_999
    sheet: int = 999_999  # made for SIPP
    study: int = 999_999  # that asks the villages
    project: int = 999_999
    report: int = 999_999  # of an instalment of it
    recognition: int = 999_999
    fostering: int = 999_999
    staff: int = 999_999  # people that were read and not saved yet
    holder: int = 999_999  # somebody else in office there
    code: int = 999_999  # that invites somebody to it
    wrong: int = 999_999  # somebody asks that their data be corrected
    erase: int = 999_998  # or erased

    @property
    def district(self) -> str:
        """The district the village lies in."""
        return self.village[:5]

    @property
    def bill(self) -> str:
        """The key of its bill of the month."""
        return f"{self.village}:PU:{MONTH}"


Meaning = Callable[[Thing], str]


def of_bill(tail: str = "") -> Callable[[str], Meaning]:
    """A button about a bill."""
    return lambda prefix: lambda thing: f"{prefix}:{thing.bill}{tail}"


def of_member(tail: str = "") -> Callable[[str], Meaning]:
    """A button about somebody insured."""
    return lambda prefix: lambda thing: f"{prefix}:{thing.member}{tail}"


def of_active(tail: str = "") -> Callable[[str], Meaning]:
    """A button about somebody whose membership is active."""
    return lambda prefix: lambda thing: f"{prefix}:{thing.active}{tail}"


def of_payment(tail: str = "") -> Callable[[str], Meaning]:
    """A button about a payment."""
    return lambda prefix: lambda thing: f"{prefix}:{thing.payment}{tail}"


def of_village(tail: str = "") -> Callable[[str], Meaning]:
    """A button about a village."""
    return lambda prefix: lambda thing: f"{prefix}:{thing.village}{tail}"


def of_district(tail: str = "") -> Callable[[str], Meaning]:
    """A button of the office: what it is about is the district it was sent for."""
    return lambda prefix: lambda thing: turns.within(thing.district, f"{prefix}:{tail}")


def of_nothing(tail: str = "") -> Callable[[str], Meaning]:
    """A button that is about the person's own affairs."""
    return lambda prefix: lambda _thing: f"{prefix}:{tail}"


_WISH = json.dumps(
    {"amount": None, "day": None, "months": [str(MONTH)], "count": 1, "source": "", "sure": True, "seen": 999_999,
     "file": None}
)  # fmt: skip

#: What each button carries, by its prefix.
MEANINGS: dict[str, Callable[[str], Meaning]] = {
    **dict.fromkeys(("begin", "resume", "restart", "people", "mute", "unmute", "held"), of_nothing()),
    "takeover": lambda _: (
        lambda thing: f"takeover:{thing.person}:{thing.village}:ask:2026-11-23T00:00:00+00:00"
    ),
    **dict.fromkeys(("paid", "why", "shares"), of_bill()),
    "identity": of_nothing("{}"),
    "told": lambda _: lambda thing: "told:" + thing.village + ":PU:" + _WISH,
    "figure": of_bill(":1500000"),
    "given": of_bill(":1500000"),
    "intend": of_bill(":week"),
    "proof": of_bill(":file"),
    "unpaid": of_payment(),
    "proves": of_payment(":file"),
    **dict.fromkeys(("check", "proof_file", "record", "return", "reverse"), of_payment()),
    **dict.fromkeys(("waiting", "confirming", "calls"), of_district("0")),
    "payments_of": of_village(),
    "record_treasury": of_district(),
    "treasury": of_district(str(MONTH)),
    **dict.fromkeys(("member", "change", "kpj", "leaving"), of_member()),
    **dict.fromkeys(("wage", "post", "beside", "term"), of_active()),
    "leave": of_active(":resigned"),
    "begin_successor": of_member(),
    "no_successor": of_nothing(),
    "term_ends": of_active(":30"),
    "terms_on": of_village(":2027-01-31"),
    "term_later": of_active(":30"),
    "confirming_in": of_village(),
    **dict.fromkeys(("confirming_one", "accept_member", "refuse_member"), of_member()),
    "accept_members": lambda _: lambda thing: f"accept_members:{thing.village}:{thing.active}",
    **dict.fromkeys(("intake_template", "intake_how"), of_nothing()),
    **dict.fromkeys(
        ("intake", "intake_drop", "intake_fix", "intake_sheet"), lambda p: lambda thing: f"{p}:{thing.staff}"
    ),
    "intake_next": lambda _: lambda thing: f"intake_next:{thing.staff}:0",
    "village": of_village(),
    "district": lambda _: lambda thing: f"district:{thing.district}",
    "opening": lambda _: lambda thing: turns.within(thing.district, f"opening:{thing.file}"),
    "invite": of_village(":kades:"),
    **dict.fromkeys(("stage", "stage_days", "stage_hour", "stage_back", "stage_revoke"), of_district("h-3")),
    **dict.fromkeys(("stage_try", "stage_save"), of_district("h-3:4:9:on")),
    "closing": of_district(),
    "closing_save": of_district("Terima kasih."),
    "pks": of_district("new"),
    **dict.fromkeys(("group", "group_new"), of_district("rt")),
    "group_change": of_district("rt:terms"),
    "study_new": of_district(),
    **dict.fromkeys(
        ("study", "study_add", "study_sheet", "study_close", "study_open"),
        lambda p: lambda t: turns.within(t.district, f"{p}:{t.study}"),
    ),
    **dict.fromkeys(("study_count", "study_none"), lambda p: lambda t: f"{p}:{t.study}:{t.village}"),
    "budget": of_village(":2027"),
    **dict.fromkeys(("group_drop", "group_open"), of_district("rt:ask")),
    "trend": of_nothing(),
    "evidence": of_village(":2026-10"),
    "requests": of_district("0"),
    **dict.fromkeys(("request", "request_open", "refuse_request"), lambda p: lambda t: f"{p}:{t.request}"),
    "approve": lambda _: lambda thing: f"approve:{thing.request}:plain",
    "room_leave": lambda _: lambda thing: f"room_leave:{thing.district}",
    **dict.fromkeys(("room_keep", "end_not"), of_nothing()),
    "handover": of_nothing("kades"),
    "end_which": of_village(":kades:"),
    "end_office": lambda _: lambda thing: f"end_office:{thing.village}:kades:{thing.person}:",
    "invite_again": lambda _: lambda thing: f"invite_again:both:{thing.village}:kades::Budi",
    "code_drop": lambda _: lambda thing: f"code_drop:{thing.code}",
    "invite_over": lambda _: lambda thing: f"invite_over:add:{thing.village}:kades:Budi",
    "reports_open": lambda _: lambda thing: f"reports_open:{thing.card}",
    "ending": of_active(":recorded"),
    "room": lambda _: lambda thing: f"room:office:{thing.district}",
    **dict.fromkeys(("card", "card_open", "ask", "sadar_at"), of_village()),
    "acts": of_village(":0"),
    "list": of_district("late::0"),
    "remind": lambda _: lambda thing: f"remind:village:{thing.village}:2026-11-23:1",
    "remind_no": of_nothing(),
    **dict.fromkeys(
        (
            "siaran_name",
            "siaran_write",
            "siaran_file",
            "siaran_look",
            "siaran_drop",
            "siaran_unname",
            "siaran_when",
            "siaran_send",
        ),
        lambda p: lambda t: turns.within(t.district, f"{p}:{t.draft}:"),
    ),
    "siaran_who": lambda _: lambda t: turns.within(t.district, f"siaran_who:{t.draft}:ask"),
    "siaran_at": lambda _: lambda t: turns.within(t.district, f"siaran_at:{t.draft}:202611250100+0000"),
    **dict.fromkeys(
        (
            "siaran_ok",
            "siaran_no",
            "siaran_text",
            "siaran_stop",
            "siaran_show",
            "siaran_again",
            "siaran_come",
            "siaran_off",
            "siaran_late",
        ),
        lambda p: lambda t: f"{p}:{t.broadcast}:",
    ),
    "siaran_calls": lambda _: lambda t: f"siaran_calls:{t.broadcast}:0",
    "siaran_people": lambda _: lambda t: f"siaran_people:{t.broadcast}:failed:0",
    "siaran_new": of_nothing("message"),
    "siaran_sample": of_nothing(),
    "siaran_more": lambda _: lambda t: turns.within(t.district, f"siaran_more:{t.draft}:6"),
    "siaran_second": of_district("yes"),
    "siaran_alone": of_district(),
    "rsvp": lambda _: lambda t: f"rsvp:{t.broadcast}:yes",
    "help": of_nothing(),
    **dict.fromkeys(("unanswered", "send_question"), of_village(":Kapan bimtek?")),
    "drop_question": of_nothing(),
    **dict.fromkeys(("agency", "agency_save"), lambda p: lambda thing: f"{p}:{thing.file}:{thing.village}:"),
    "export": lambda _: lambda thing: f"export:menu:{thing.village}",
    "export_ok": lambda _: lambda thing: turns.within(thing.district, f"export_ok:{thing.holder}"),
    "sipp_entered": lambda _: lambda thing: f"sipp_entered:{thing.sheet}",
    "sipp_layout": of_district(),
    "sipp_use": of_district("B:use"),
    **dict.fromkeys(
        ("question_take", "question_close", "question_look", "answer", "answer_not"),
        lambda p: lambda t: f"{p}:{t.question}",
    ),
    "answer_send": lambda _: lambda t: f"answer_send:{t.question}:Boleh.",
    "sadar_more": of_district("*:0"),
    **dict.fromkeys(("sadar_list", "sadar_rules"), of_district()),
    "sadar_rule": of_district("staff"),
    "sadar_try": of_district("all:0:on"),
    "sadar_save": of_district("all:0:on:2026-11-24"),
    "sadar_award": lambda _: lambda t: f"sadar_award:{t.recognition}",
    **dict.fromkeys(("binaan", "binaan_end"), lambda p: lambda t: f"{p}:{t.fostering}"),
    **dict.fromkeys(("open_proofs", "open_members", "open_schedule"), of_district()),
    **dict.fromkeys(("incident_papers", "incident_money", "incident_note"), of_nothing("accident")),
    **dict.fromkeys(
        ("incident_mine", "incident_told", "incident_take", "incident_look", "incident_close"),
        lambda p: lambda t: f"{p}:{t.incident}",
    ),
    "branch": of_district(),
    **dict.fromkeys(
        ("project", "project_fill", "project_fix", "project_drop"), lambda p: lambda t: f"{p}:{t.project}"
    ),
    "project_set": lambda _: lambda thing: f"project_set:{thing.project}:workers",
    "project_paid": lambda _: lambda thing: f"project_paid:{thing.project}:1",
    "project_back": lambda _: lambda thing: f"project_back:{thing.report}",
    "project_proves": lambda _: lambda thing: f"project_proves:{thing.report}:1:image/jpeg:file",
    **dict.fromkeys(("project_list", "projects_open"), of_nothing()),
    "project_new": of_nothing("full"),
    "projects": lambda _: lambda thing: f"projects:2026:{thing.village}",
    "project_card": lambda _: lambda thing: f"project_card:{thing.project}",
    "project_sheet": of_district("2026"),
    "project_check": of_district(),
    "project_form": of_district("2026"),
    "project_load": lambda _: lambda thing: turns.within(thing.district, f"project_load:{thing.file}"),
    **dict.fromkeys(
        ("project_report", "project_proof", "project_record", "project_return", "project_reverse"),
        lambda p: lambda t: f"{p}:{t.report}",
    ),
    **dict.fromkeys(("freeze", "restore", "pin_reset", "not_ours"), lambda p: lambda t: f"{p}:{t.holder}"),
    "pin_wanted": lambda _: lambda t: f"pin_wanted:on:{t.district}",
    "data_wrong": of_nothing(),
    "data_erase": of_nothing("yes"),
    **dict.fromkeys(("data_request", "data_done", "data_name"), lambda p: lambda t: f"{p}:{t.wrong}"),
    "data_gone": lambda _: lambda t: f"data_gone:{t.erase}:yes",
    "data_refuse": lambda _: lambda t: f"data_refuse:{t.wrong}:right",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """The world, and what is in each of its villages."""

    here: World
    things: Mapping[str, Thing]

    def own(self, user: str) -> Thing:
        """What the person's own office is about."""
        office = CAST[user]
        assert office is not None
        return self.things[office.village or (ABROAD if office.district == LANDAK else PERIAN)]

    def foreign(self, user: str) -> Thing:
        """What is somebody else's."""
        office = CAST[user]
        assert office is not None
        if office.subdistrict:
            return self.things[FURTHER]
        if office.village:
            return self.things[BESIDE if office.village == PERIAN else PERIAN]
        return self.things[ABROAD if office.district == KUKAR else PERIAN]


@pytest.fixture
async def matrix(tmp_path: Path) -> AsyncIterator[Matrix]:
    """Four villages in which everything is that a button can be about; nothing of it changes."""
    async with world(tmp_path) as here:
        await here.store.transact(_cast)
        await here.open_room(OFFICE_ROOM, KUKAR, "office")
        await here.open_room(FORUM, KUKAR, "forum")
        things = {}
        for number, code in enumerate((PERIAN, BESIDE, FURTHER, ABROAD)):
            things[code] = await here.store.transact(lambda tx, n=number, c=code: _village(tx, c, n))  # type: ignore[misc]
        yield Matrix(here, things)


def _cast(tx: Tx) -> None:
    for user, office in CAST.items():
        if office is None:
            continue
        person = people.add(tx, user.title(), START)
        people.link(tx, person, user, Address(memory.NAME, user), START)
        people.appoint(tx, person, office, START.date())
        people.noticed(tx, person, START)
    leave = "UPDATE official SET until = :day WHERE person IN (SELECT person FROM address WHERE user LIKE 'mantan%')"
    tx.run(leave, day=(START - timedelta(days=1)).date().isoformat())


def _insured(tx: Tx, code: str, number: int) -> list[int]:
    """Somebody submitted, somebody active."""
    ids = []
    for count, state in enumerate((State.SUBMITTED, State.ACTIVE)):
        position = rulebook().positions[5 + count]
        new = members.New(
            code, f"Orang {number}{count}", f"640201570885{number}{count}01", {"wage": 2_022_200, "kpj": ""},
            position.category, position.code, date(2024, 1, 2), MONTH.first, state,
        )  # fmt: skip
        added = members.add(tx, new, None, START)
        assert added
        ids.append(added)
    return ids


def _village(tx: Tx, code: str, number: int) -> Thing:
    """Two people, a bill, a report with its proof, and one of everything else."""
    employers.put(tx, Employer(code, "AB123456", "2020", MONTH), None, START)
    submitted, active = _insured(tx, code, number)
    ledger.refresh(tx, rulebook(), code, MONTH, START)
    someone = people.add(tx, f"Pelapor {number}", START)
    payment = ledger.report(tx, payments.New(code, "PU", MONTH.previous(), 1, 1000), someone, START)
    file = jobs.keep_file(tx, b"a photo", "image/jpeg", START)
    payments.prove(tx, payment, file)
    cards.end(tx, active, code, START)
    question = questions.ask(tx, code, (someone, Role.HEAD), START)
    questions.say(tx, question, ("Sampai kapan?", ""), (someone, START))
    room = Address(memory.NAME, OFFICE_ROOM)
    cards.put(tx, room, code, [("payment", payment)], START)
    asked = Request(Kind.LINK, Address(memory.NAME, f"pemohon{number}"), f"pemohon{number}", code[:5], code)
    request = requests.begin(tx, replace(asked, role="kades", words={"sk": "1"}, state=Asked.OPEN), START)
    card = tx.one("SELECT MAX(id) FROM card")[0]
    draft, waiting = _broadcasts(tx, code[:5])
    body = {"who": {"name": "", "group": "project"}, "when": {"day": "2026-11-23", "at": "06.00", "said": ""}}
    fall = incidents.New(code, Happened.ACCIDENT, Work.WORK, "project", None, START, body)
    incident = incidents.add(tx, fall, someone, START)
    staff = jobs.keep_file(tx, json.dumps(_STAFF | {"village": code}).encode(), "application/json", START)
    sheet = exported.keep(tx, code, [], (someone, START))
    study = studies.add(tx, code[:5], _STUDY, studies.Asked(START, START), (someone, START))
    project, report = _project(tx, code, someone)
    recognition, company = _sadar(tx, code)
    wrong, erase = (privacy.ask(tx, kind, (someone, code[:5]), "", START) for kind in privacy.Wish)
    return Thing(
        village=code,
        member=submitted,
        active=active,
        payment=payment,
        person=someone,
        file=file,
        request=request or 0,
        card=card,
        question=question,
        draft=draft,
        broadcast=waiting,
        incident=incident,
        sheet=sheet,
        study=study,
        project=project,
        report=report,
        recognition=recognition,
        fostering=company,
        staff=staff,
        holder=_holder(tx, code),
        code=_code(tx, code),
        wrong=wrong or 0,
        erase=erase or 0,
    )


#: Two people of a file: one is complete, of the other everything but the name is to be asked.
_STAFF = {
    "ready": [
        {"name": "Rina Wati", "nik": "6402014101910003", "birth": {"born": "1991-01-01", "sex": "P"},
         "place": "Kota Bangun", "mother": "Aminah", "phone": "", "position": "kadus", "wage": 2_100_000,
         "since": "2022-01-03"},
    ],
    "left": [{"name": "Agus Salim"}],
}  # fmt: skip


def _project(tx: Tx, code: str, someone: int) -> tuple[int, int]:
    """A building project, its first instalment reported and proved."""
    parts = tuple(Part(n, 100_000, date(2026, 12, n)) for n in (1, 2, 3))
    new = Project(
        code, 2026, "Rabat beton", 100_000_000, "add", "RT 03", starts=date(2026, 12, 1), ends=date(2026, 12, 31),
        total=300_000, state=InState.OPEN, parts=parts,
    )  # fmt: skip
    project = projects.add(tx, new, someone, START)
    assert project
    report = project_reports.report(tx, project, parts[:1], someone, START)
    assert report
    project_reports.prove(tx, report, jobs.keep_file(tx, b"a photo", "image/jpeg", START), START)
    return project, report


_STUDY = {"name": "Linmas", "segment": "BPU", "programmes": ["jkk", "jkm"], "wage": 1_000_000, "sources": []}


def _sadar(tx: Tx, code: str) -> tuple[int, int]:
    """The village met the criteria, and a company fosters it."""
    sadar.meet(tx, code, START.date())
    [found] = [one for one in sadar.of_year(tx, code[:5], START.year) if one.village == code]
    until = date(START.year + 1, 12, 31)
    company = fostering.Fostering(code[:5], (code,), "PT X", "JKK", False, START.date(), until)
    return found.id, fostering.add(tx, company, 1, START)


def _code(tx: Tx, code: str) -> int:
    """A code for somebody who has not used it."""
    offered = Invitation(Office(Role.TREASURER, code[:5], code), "Rina")
    return invitations.number(tx, invitations.make(tx, offered, None, START))


def _holder(tx: Tx, code: str) -> int:
    """Somebody beside those who chat here."""
    holder = people.add(tx, "Sekdes", START)
    people.appoint(tx, holder, Office(Role.SECRETARY, code[:5], code), START.date())
    return holder


def _broadcasts(tx: Tx, district: str) -> tuple[int, int]:
    """A draft, and a meeting that waits for a second person."""
    user = _WRITERS[0] if district == KUKAR else _WRITERS[1]
    actor = people.actor(tx, memory.NAME, user, START.date())
    assert actor is not None
    draft = broadcasts.add(tx, district, broadcasts.Kind.MESSAGE, actor.person, START)
    broadcasts.rewrite(tx, replace(draft, text="Mohon hadir."))
    someone = people.add(tx, "Penulis", START)
    meeting = broadcasts.add(tx, district, broadcasts.Kind.MEETING, someone, START)
    meeting = replace(meeting, text="Mohon hadir.", meet_at=START + timedelta(days=7), place="Aula")
    broadcasts.rewrite(tx, meeting)
    broadcasts.confirm(tx, replace(meeting, state=broadcasts.State.ASKED, expected=1), START)
    return draft.id, meeting.id


def _routes() -> dict[str, list[Route]]:
    found: dict[str, list[Route]] = {}
    for route in handlers.TABLE.routes:
        if route.sign:
            found.setdefault(route.sign, []).append(route)
    return found


ROUTES = _routes()
BUTTONS = sorted(sign[1:-1] for sign in ROUTES if sign.startswith("["))
COMMANDS = sorted(sign for sign in ROUTES if sign[0] not in "[(↩")


def test_the_document_names_every_command_button_and_reply() -> None:
    assert set(documented()) == set(ROUTES)


@pytest.mark.parametrize("sign", sorted(ROUTES))
def test_the_document_says_who_may_and_where(sign: str) -> None:
    right, routes = documented()[sign], ROUTES[sign]
    places = {route.where for route in routes}
    where = Where.BOTH if len(places) > 1 else next(iter(places))
    assert len({(route.where) for route in routes}) == len(routes), "two routes of one sign in one place"
    assert right.where is where
    for route in routes:
        assert right.open_to_all == (not route.needs)
        assert right.roles == frozenset(route.needs)


def test_every_button_of_the_matrix_is_known() -> None:
    assert set(MEANINGS) == set(BUTTONS)


def test_the_matrix_has_somebody_of_every_role() -> None:
    assert {office.role for office in CAST.values() if office} == set(COLUMNS) == {*VILLAGE, *DISTRICT}


def _role(user: str) -> Role | None:
    office = CAST[user]
    return None if office is None or user in FORMER else office.role


def _may(right: Right, user: str) -> bool:
    return _role(user) in right.roles or (right.open_to_all and _role(user) is not None)


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_buttons_in_private(matrix: Matrix, user: str) -> None:
    rights = documented()
    for prefix in BUTTONS:
        right = rights[f"[{prefix}]"]
        if right.where is Where.GROUP:
            continue
        own, foreign, missing = await _three(matrix, user, prefix, user)
        if _role(user) is None:
            assert own == foreign == missing == [], prefix  # stale, as every button of theirs
        elif not _may(right, user):
            assert [template for template, _ in own] == ["chat/not_yours"], prefix
            assert own == foreign == missing, prefix
        else:
            assert own, prefix
            assert foreign == missing, prefix
            assert not _about_something(prefix, user) or own != foreign, prefix


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_buttons_in_the_groups(matrix: Matrix, user: str) -> None:
    rights = documented()
    for prefix in BUTTONS:
        right = rights[f"[{prefix}]"]
        for chat in (OFFICE_ROOM, FORUM, UNTIED):
            own, foreign, missing = await _three(matrix, user, prefix, chat)
            allowed = right.where is not Where.PRIVATE and _may(right, user) and _belongs(user, chat, right)
            assert foreign == missing, prefix
            if not allowed:
                assert own == foreign == [], (prefix, chat)
            elif prefix not in SILENT_IN_GROUPS and (prefix, chat) not in NOT_IN_A_FORUM:
                assert own, (prefix, chat)


#: Answered without a word: by who did not add the bot, and where the cards alone are written anew.
SILENT_IN_GROUPS = frozenset({"room", "question_close", "incident_close"})
#: The cards of questions and of what happened are of the office's own group.
NOT_IN_A_FORUM = {
    (prefix, FORUM)
    for prefix in (
        "question_take",
        "question_look",
        "answer_send",
        "answer_not",
        "incident_take",
        "incident_look",
    )
}
#: Heard in a group from officers of its villages too.
FOR_EVERYBODY = frozenset({"kecelakaan", "meninggal", "bekukan"})


async def _three(
    matrix: Matrix, user: str, prefix: str, chat: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[tuple[str, str]]]:
    """What is said to a press about one's own thing, a foreign one, and one that there is not."""
    here, meaning = matrix.here, MEANINGS[prefix](prefix)
    as_if = user if CAST[user] else "kaur"
    own, foreign = matrix.own(as_if), matrix.foreign(as_if)
    missing = replace(Thing(NOWHERE), village=f"{foreign.district}.01.9999")
    found = []
    for thing in (own, foreign, missing):
        event = pressed(here, user, chat, meaning(thing), owned=not chat.startswith("#"))
        found.append(await answers(here, handlers.TABLE, event))
    return found[0], found[1], found[2]


#: Who serves one place only gets its menu, whatever place the button names; and nobody's term ends here.
_SAME_FOR_ALL = frozenset({"village", "district", "terms_on", "list", "sadar_more", "sadar_list"})


#: A draft is its writer's alone; an answer to a meeting is of who was invited.
_WRITERS = ("petugas", "tetangga")


def _about_something(prefix: str, user: str) -> bool:
    drafted = prefix.startswith("siaran_") and "999999" in MEANINGS[prefix](prefix)(
        Thing(PERIAN, broadcast=0)
    )
    if prefix in _SAME_FOR_ALL or prefix == "rsvp" or (drafted and user not in _WRITERS):
        return False
    meaning = MEANINGS[prefix](prefix)
    return meaning(Thing(PERIAN)) != meaning(Thing(ABROAD))


def _belongs(user: str, chat: str, right: Right) -> bool:
    """Whether the group is tied to the person's district, or the button ties it."""
    office = CAST[user]
    tied = chat != UNTIED and office is not None and office.district == KUKAR
    return tied or right.open_to_all


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_commands_in_the_groups(matrix: Matrix, user: str) -> None:
    rights = documented()
    for command in COMMANDS:
        right = rights[command]
        for chat in (OFFICE_ROOM, FORUM, UNTIED):
            said = await answers(matrix.here, handlers.TABLE, typed(matrix.here, user, chat, f"/{command}"))
            heard = LINKED if command in FOR_EVERYBODY else DISTRICT
            tied = chat != UNTIED and _belongs(user, chat, right) and _role(user) in heard
            allowed = right.where is not Where.PRIVATE and _may(right, user) and tied
            if allowed:
                assert said, (command, chat)
            elif not (tied and _instead(user, command)):
                assert said in ([], _help(said)) if tied else said == [], (command, chat)


def _help(said: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The one line that the district's own people get for a command that does not work there."""
    return [pair for pair in said if pair[0] == "start/group_help"]


#: All that somebody without an office may read.
STRANGERS = {
    *(f"start/{name}" for name in ("stranger", "stranger_again", "not_linked", "call_office", "withdrawn")),
    *("incidents/accident_stranger", "incidents/death_stranger"),
}


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_commands_in_private(matrix: Matrix, user: str) -> None:
    rights = documented()
    for command in COMMANDS:
        right = rights[command]
        if right.where is Where.GROUP:
            continue
        said = await answers(matrix.here, handlers.TABLE, typed(matrix.here, user, user, f"/{command}"))
        templates = [template for template, _ in said]
        if _role(user) is None:
            assert set(templates) <= STRANGERS, command
            assert templates, command
        else:
            assert templates, command
            allowed = _may(right, user) or _instead(user, command) or _of_themselves(user, command)
            assert (templates != ["chat/not_yours"]) == allowed, command


def _instead(user: str, command: str) -> bool:
    """Whether somebody of the office gets a command of their own in place of a village's."""
    return command in office_instead.COMMANDS and _role(user) in DISTRICT


def _of_themselves(user: str, command: str) -> bool:
    """Whether a village that says the office's word speaks of its own dues."""
    return command == "terbayar" and _role(user) not in DISTRICT


def test_the_office_has_something_in_place_of_each_command_that_is_a_villages_only() -> None:
    named = [route for route in handlers.TABLE.routes if route.name and route.needs]
    villages_only = {route.name for route in named} - {
        route.name for route in named if set(route.needs) & set(DISTRICT)
    }
    assert set(office_instead.COMMANDS) == villages_only
    own = {route.name for route in named} - villages_only
    for found in office_instead.COMMANDS.values():
        assert {*found.one, *found.inside, *found.all} <= own


# -- commands about something, files, results, replies -------------------------------------------

#: What is written behind a command that is about one village, or one kecamatan.
OBJECTS: Mapping[str, Callable[[Village], str]] = {
    **dict.fromkeys(("desa", "audit", "bukti", "berkas desa"), lambda one: one.label),
    "ingatkan": lambda one: f"desa {one.label}",
    "akhiri": lambda one: f"{one.label} kades",
    "undang": lambda one: f"{one.label} kades Budi",
    **dict.fromkeys(("menunggak", "terbayar", "belumdaftar"), lambda one: f"kec. {one.subdistrict}"),
}
_NO_VILLAGE = Village("64.02.99.2001", KUKAR, "Qwertyuiopa", "Zxcvbnmasdf")


#: What is said of a village that one may not see, as of one that there is not; with the nearest of one's own.
_UNKNOWN = frozenset(
    {
        *("chat/no_such_village", "chat/which_village", "chat/no_such_subdistrict"),
        *("approvals/nobody_named", "district/how_to_invite"),
    }
)


@pytest.mark.parametrize("user", ["admin", "petugas", "pengamat", "cabang", "camat", "tetangga"])
async def test_commands_about_a_village(matrix: Matrix, user: str) -> None:
    rights = documented()
    named = await matrix.here.store.transact(lambda tx: [places.village(tx, code) for code in matrix.things])
    villages = {one.code: one for one in named if one}
    own, foreign = villages[matrix.own(user).village], villages[matrix.foreign(user).village]
    for command, chat in product(OBJECTS, (user, OFFICE_ROOM, FORUM)):
        said = []
        for one in (own, foreign, _NO_VILLAGE):
            event = typed(matrix.here, user, chat, f"/{command} {OBJECTS[command](one)}")
            said.append(await answers(matrix.here, handlers.TABLE, event))
        if not (_may(rights[command], user) and _reaches(user, chat, rights[command])):
            assert said[0] == said[1] == said[2], (command, chat)
            continue
        assert said[0], (command, chat)
        for found in said[1:]:
            assert {template for template, _ in found} & _UNKNOWN, (command, chat)
            assert said[0] != found, (command, chat)


def _reaches(user: str, chat: str, right: Right) -> bool:
    """Whether the command works there at all for this person."""
    if not chat.startswith("#"):
        return right.where is not Where.GROUP
    return right.where is not Where.PRIVATE and _belongs(user, chat, right)


_RESULTS: Mapping[str, Callable[[Thing], Mapping[str, object]]] = {
    "job:calls": lambda _: {"count": 1, "title": "x", "short": ""},
    "job:evidence": lambda _: {"failed": True},
    "job:export": lambda thing: {"district": thing.district, "village": thing.village, "failed": True},
    "job:report": lambda _: {"failed": True},
    "job:trend": lambda _: {"failed": True},
    "job:study": lambda _: {"failed": True},
    "job:budget": lambda _: {"failed": True},
    "job:budgets": lambda _: {"failed": True},
    "job:sheet": lambda thing: {"district": thing.district, "problem": "damaged"},
    "job:card": lambda _: {"off": True},
    "job:sadar": lambda _: {"failed": True},
    "job:piagam": lambda thing: {"failed": True, "recognition": thing.recognition},
    "job:proof": lambda thing: {"village": thing.village, "payment": thing.payment, "month": "Oktober 2026"},
    "job:project_proof": lambda thing: {"report": thing.report},
    "job:projects": lambda _: {"failed": True},
    "job:siaran": lambda thing: {"broadcast": thing.draft, "district": thing.district},
}


def test_every_result_and_reply_of_the_matrix_is_known() -> None:
    assert {f"({name})" for name in _RESULTS} == {sign for sign in ROUTES if sign.startswith("(job:")}
    assert [sign for sign in ROUTES if sign.startswith("↩")] == ["↩question"]


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_results_of_jobs(matrix: Matrix, user: str) -> None:
    rights = documented()
    thing = matrix.own(user if CAST[user] else "kaur")
    for shape, result in _RESULTS.items():
        right = rights[f"({shape})"]
        for chat in (user, OFFICE_ROOM, UNTIED):
            event = brought(matrix.here, user, chat, shape, result(thing))
            said = await answers(matrix.here, handlers.TABLE, event)
            if _role(user) is None:
                assert {template for template, _ in said} <= _TO_STRANGERS, (shape, chat)
            elif _may(right, user) and _reaches(user, chat, right):
                assert said or shape in _SILENT_RESULTS, (shape, chat)
            else:
                assert said == [] or said[0][0] in _NOT_THEIRS, (shape, chat)


#: What somebody hears whose right ended while the work was done, and a stranger.
_NOT_THEIRS = frozenset({"chat/not_yours", "chat/unreadable"})
_TO_STRANGERS = frozenset({"start/stranger", "start/stranger_again"})
_SILENT_RESULTS: frozenset[str] = frozenset({"job:card"})  # where nobody is being registered


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_files(matrix: Matrix, user: str) -> None:
    for chat in (user, OFFICE_ROOM, FORUM, UNTIED):
        said = await answers(matrix.here, handlers.TABLE, sent(matrix.here, user, chat, "photo"))
        if chat != user:
            assert said == [], chat  # a file in a group is none of ours
        elif _role(user) is None:
            assert {template for template, _ in said} <= _TO_STRANGERS
        else:
            assert said


@pytest.mark.slow
@pytest.mark.parametrize("user", CAST)
async def test_replies_in_the_groups(matrix: Matrix, user: str) -> None:
    right = documented()["↩question"]
    as_if = user if CAST[user] else "kaur"
    own, foreign = matrix.own(as_if), matrix.foreign(as_if)
    for chat in (OFFICE_ROOM, FORUM, UNTIED):
        said = []
        for thing in (own, foreign, Thing(NOWHERE)):
            event = replied(matrix.here, user, chat, f"question:{thing.question}:1:x")
            said.append(await answers(matrix.here, handlers.TABLE, event))
        assert said[1] == said[2], chat
        assert bool(said[0]) == (_may(right, user) and _belongs(user, chat, right) and chat == OFFICE_ROOM), (
            chat
        )


# -- several offices in one person ---------------------------------------------------------------

#: What each of them may is what one of their offices may, and they see what one of them sees.
MIXED: Mapping[str, tuple[Office, ...]] = {
    "dua_camat": (Office(Role.CAMAT, KUKAR, "", "64.02.01"), Office(Role.CAMAT, KUKAR, "", "64.02.02")),
    "camat_petugas": (Office(Role.CAMAT, KUKAR, "", "64.02.01"), Office(Role.OPERATOR, KUKAR)),
    "pengamat_cabang": (Office(Role.VIEWER, KUKAR), Office(Role.BRANCH, KUKAR)),
    "kaur_petugas": (Office(Role.TREASURER, KUKAR, PERIAN), Office(Role.OPERATOR, KUKAR)),
    "kades_camat": (Office(Role.HEAD, KUKAR, PERIAN), Office(Role.CAMAT, KUKAR, "", "64.02.02")),
    "dua_kabupaten": (Office(Role.VIEWER, KUKAR), Office(Role.ADMIN, LANDAK)),
}


async def _appoint_mixed(here: World, user: str) -> None:
    def put(tx: Tx) -> None:
        person = people.add(tx, user.title(), START)
        people.link(tx, person, user, Address(memory.NAME, user), START)
        for office in MIXED[user]:
            people.appoint(tx, person, office, START.date())
        people.noticed(tx, person, START)

    await here.store.transact(put)


@pytest.mark.parametrize("user", MIXED)
async def test_several_offices_may_what_one_of_them_may(matrix: Matrix, user: str) -> None:
    here, rights = matrix.here, documented()
    await _appoint_mixed(here, user)
    for sign in (*COMMANDS, *(f"[{prefix}]" for prefix in BUTTONS)):
        right = rights[sign]
        allowed = right.open_to_all or any(office.role in right.roles for office in MIXED[user])
        allowed |= sign in office_instead.COMMANDS and not any(office.village for office in MIXED[user])
        for chat in (user, OFFICE_ROOM):
            if (right.where is Where.PRIVATE) is chat.startswith("#") and right.where is not Where.BOTH:
                continue
            here_too = any(office.role in right.roles and office.district == KUKAR for office in MIXED[user])
            said = await _said_to(matrix, user, sign, chat)
            if chat == user and allowed:
                assert said, sign
                assert sign.startswith("[") or said[0][0] != "chat/not_yours", sign
            elif chat == user:
                assert [template for template, _ in said] == ["chat/not_yours"], sign
            elif not here_too and not right.open_to_all:
                assert [pair for pair in said if pair[0] != "start/group_help"] == [], (sign, chat)


async def _said_to(matrix: Matrix, user: str, sign: str, chat: str) -> list[tuple[str, str]]:
    if not sign.startswith("["):
        return await answers(matrix.here, handlers.TABLE, typed(matrix.here, user, chat, f"/{sign}"))
    meaning = MEANINGS[sign[1:-1]](sign[1:-1])(matrix.things[PERIAN])
    event = pressed(matrix.here, user, chat, meaning, owned=not chat.startswith("#"))
    return await answers(matrix.here, handlers.TABLE, event)


@pytest.mark.parametrize("user", MIXED)
async def test_several_offices_see_what_one_of_them_sees(matrix: Matrix, user: str) -> None:
    here = matrix.here
    await _appoint_mixed(here, user)
    for chat in (user, OFFICE_ROOM):
        for code in (PERIAN, FURTHER, ABROAD):
            seen = any(
                office.sees(code) and not office.village and (chat == user or office.district == KUKAR)
                for office in MIXED[user]
            )
            event = pressed(here, user, chat, f"card:{code}", owned=chat == user)
            templates = {template for template, _ in await answers(here, handlers.TABLE, event)}
            assert ("office/village" in templates) == seen, (chat, code)
