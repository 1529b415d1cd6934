"""What the page shows, in a real browser: the cards of the home page, and moments of scripted sessions on screens of
every size. No camera and no model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("websockets")

from coach.definitions.programme import load_programme
from coach.i18n.web_messages import page_words
from coach.web.protocol import moment_message
from tests.guide.people import lying
from tests.guide.theatre import HIKER, STRAP, Theatre, programme
from tests.web.browser import Browser, chromium
from tests.web.serving import serving

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium is installed, in which the page could be shown")
DESK, LARGE, PHONE, TURNED_PHONE = (1280, 720), (1920, 1080), (360, 740), (740, 360)
CARDS = "[...document.querySelectorAll('#choice .card img')]"
GAUGE = {"name": "pelvic_drop_deg", "label": "Drop", "value": 9.0, "unit": "°", "low": 0, "high": 20, "target": [8, 14]}
LONG = "Für eine Pause: freie Hand drei Sekunden zum Kopf."  # as long as a sentence may be
PARTS = (
    "what", "buttons", "checks", "place", "how", "gauge", "breath", "ring", "sentence", "b-resume", "b-next", "b-side",
    "b-how", "bottom-volume", "middle",
)  # fmt: skip
SHOWN = """(() => {
  const at = (id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    return box.width && box.height ? [box.left, box.top, box.right, box.bottom] : null;
  };
  return Object.fromEntries(%s.map((id) => [id, at(id)]));
})()"""
NUMBERS = """['count', 'gauge-value', 'middle-number', 'sentence-text'].map((id) => document.getElementById(id))
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && /\\d/.test(each.textContent))
  .map((each) => each.id)"""
Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("view")
    with serving(data=folder / "data") as (address, _), Browser(folder / "profile") as page:
        page.resize(*DESK)
        page.open(address)
        page.wait("!document.getElementById('home').hidden")
        page.wait(f"{CARDS}.length === 2 && {CARDS}.every((image) => image.naturalWidth > 0)")
        yield page


def drawn(browser: Browser) -> list[str]:
    """Where the pictures of the cards come from."""
    return [str(each) for each in browser.run(f"{CARDS}.map((image) => image.currentSrc)")]


def drawing(browser: Browser, address: str) -> str:
    return str(browser.run(f"fetch('{address}').then((answer) => answer.text())"))


def test_two_cards_with_pictures_that_move_take_the_place_of_a_select(browser: Browser) -> None:
    assert browser.run("document.querySelectorAll('#home select:not(#side, #person)').length") == 0
    assert [address.partition("/picture/")[2] for address in drawn(browser)] == ["hip-hiker/left", "strap-stretch/left"]
    assert all("<animate" in drawing(browser, address) for address in drawn(browser))
    assert browser.run(f"{CARDS}.every((image) => image.alt.length > 5)")
    browser.run(f"{CARDS}[1].closest('label').click()")
    assert browser.run("document.querySelector('#choice input:checked').value") == "strap-stretch"


def test_the_cards_show_the_side_that_is_chosen_and_keep_the_choice(browser: Browser) -> None:
    browser.run(f"{CARDS}[1].closest('label').click()")
    for side in ("right", "left"):
        browser.run(f"side.value = '{side}'; side.dispatchEvent(new Event('change'))")
        browser.wait(f"{CARDS}.every((image) => image.currentSrc.endsWith('/{side}'))")
        assert browser.run("document.querySelector('#choice input:checked').value") == "strap-stretch"


def test_who_asked_for_less_motion_gets_a_drawing_that_stands_still(browser: Browser) -> None:
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    try:
        browser.wait(f"{CARDS}.every((image) => image.currentSrc.endsWith('?still'))")
        assert not any("<animate" in drawing(browser, address) for address in drawn(browser))
    finally:
        browser.call("Emulation.setEmulatedMedia", features=[])
    browser.wait(f"{CARDS}.every((image) => !image.currentSrc.endsWith('?still'))")


@cache
def standing_session() -> Theatre:
    """Through every stage on the step: paused and gone on with after a repetition, then the rest."""
    theatre = Theatre(programme((HIKER, "left", {"reps": 2, "rest_s": 30}), (HIKER, "right"))).begin().repeat([1])
    theatre.guide.pause()
    theatre.play(1)
    theatre.guide.resume()
    return theatre.play(3.4, phase="ready").repeat([2]).play(2)


@cache
def lying_session() -> Theatre:
    """Through every stage lying, up to a pause in a hold that may be finished."""
    theatre = Theatre(programme((STRAP, "left"))).begin(lying())
    theatre.breathe(range(1, 7))
    theatre.play(1, lying(), phase="holding", held_s=25.0, breath_phase=0.3)
    theatre.guide.pause()
    return theatre.play(1, lying())


def last_of_each_stage(theatre: Theatre, sentence: str = "") -> dict[str, dict[str, Any]]:
    """The page's message of the last moment of each stage, with a needle, and with this sentence where there is one."""
    found = {}
    for moment in theatre.moments:
        message = moment_message(moment) | {"gauge": GAUGE, "session": 0}
        said = sentence if sentence and not moment.sentence.isdigit() else moment.sentence
        found[str(moment.stage)] = message | {"sentence": said}
    return found


def show(browser: Browser, message: dict[str, Any]) -> None:
    actions = {
        key.removeprefix("action_"): text
        for key, text in load_programme().speak("en").table.items()
        if key.startswith("action_")
    }
    browser.run(
        f"""import('/static/view.js').then(({{ View }}) => {{
          globalThis.shown ??= Object.assign(new View(), {{ page: 'home' }});
          document.body.dataset.camera = '';
          shown.setWords({json.dumps(page_words("en"))}, {json.dumps(actions)}, 'en');
          shown.moment({json.dumps(message)});
        }})"""
    )


def overlap(one: Box, other: Box) -> bool:
    """Whether they share more than a pixel of width and height."""
    return min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 1


def boxes(browser: Browser) -> dict[str, Box]:
    found = browser.run(SHOWN % json.dumps(["view", *PARTS]))
    return {name: tuple(at) for name, at in found.items() if at is not None}


@pytest.mark.parametrize("size", [DESK, LARGE, PHONE, TURNED_PHONE])
def test_of_somebody_standing_nothing_lies_over_the_feet(browser: Browser, size: tuple[int, int]) -> None:
    """Sentence and buttons begin where the picture ends; columns stand at the sides, the feet in the middle."""
    browser.resize(*size)
    covered = []
    for stage, message in last_of_each_stage(standing_session(), LONG).items():
        show(browser, message)
        at = boxes(browser)
        view = at.pop("view")
        middle, half = (view[0] + view[2]) / 2, (view[2] - view[0]) / 10
        feet = (middle - half, view[1] + 0.85 * (view[3] - view[1]), middle + half, view[3])
        if stage == "rest":
            at.pop("middle", None)
        below = ("sentence", "b-resume", "b-next", "b-side", "b-how", "bottom-volume")
        covered += [(stage, name) for name, box in at.items() if overlap(box, view if name in below else feet)]
    assert covered == []


@pytest.mark.parametrize("size", [DESK, LARGE, PHONE, TURNED_PHONE])
def test_of_somebody_lying_nothing_lies_over_the_picture(browser: Browser, size: tuple[int, int]) -> None:
    """From head to raised foot the body fills it; only the countdown's number, before it begins, is in its middle."""
    browser.resize(*size)
    covered = []
    for stage, message in last_of_each_stage(lying_session(), LONG).items():
        show(browser, message)
        at = boxes(browser)
        view = at.pop("view")
        if stage in ("countdown", "paused"):
            at.pop("middle", None)
        covered += [(stage, name) for name, box in at.items() if overlap(box, view)]
    assert covered == []


@pytest.mark.parametrize("size", [DESK, PHONE, TURNED_PHONE])
def test_while_counting_down_one_number_is_shown(browser: Browser, size: tuple[int, int]) -> None:
    browser.resize(*size)
    for theatre in (standing_session(), lying_session()):
        for message in (moment_message(each) for each in theatre.moments if each.stage == "countdown"):
            if message["countdown"] in (3, 1):
                show(browser, message | {"gauge": GAUGE, "session": 0})
                assert browser.run(NUMBERS) == ["middle-number"]
    show(browser, last_of_each_stage(standing_session())["exercise"])
    assert browser.run(NUMBERS) == ["count", "gauge-value"], "which the check above can see"


@pytest.mark.parametrize("size", [DESK, PHONE, TURNED_PHONE])
def test_set_up_and_rest_show_how_it_goes(browser: Browser, size: tuple[int, int]) -> None:
    """The picture on every screen, and again on a button; where there is room, every step and where the camera goes."""
    browser.resize(*size)
    stages = last_of_each_stage(standing_session())
    for stage in ("setup", "rest"):
        show(browser, stages[stage])
        wide = browser.run("document.querySelector('#how-picture img').getBoundingClientRect().width")
        assert wide >= 60
        assert "b-how" in boxes(browser)
        if size == DESK:
            read = browser.run("document.getElementById('how').innerText")
            for text in ("firm step 10 to 20 cm", "a rail, a wall or a heavy chair", "knees straight", "At hip height"):
                assert text in read


@pytest.mark.parametrize("size", [DESK, PHONE, TURNED_PHONE])
def test_nothing_lies_over_a_button_or_a_question(browser: Browser, size: tuple[int, int]) -> None:
    browser.resize(*size)
    for stage in ("setup", "rest"):
        show(browser, last_of_each_stage(standing_session())[stage])
        at = boxes(browser)
        how = at.pop("how")
        assert [name for name in ("buttons", "b-next", "b-side", "b-how", "sentence") if overlap(how, at[name])] == []
    browser.run(
        "document.querySelectorAll('main .page').forEach((page) => { page.hidden = page.id !== 'question'; });"
        "document.body.dataset.bar = '';"
        "document.getElementById('question-head').textContent = 'Geschafft. Wie stark ist dein Schmerz jetzt?'"
    )
    try:
        at = {name: tuple(box) for name, box in browser.run(SHOWN % json.dumps(["buttons", "question-head"])).items()}
        assert not overlap(at["buttons"], at["question-head"])
    finally:
        browser.run("document.getElementById('question').hidden = true; delete document.body.dataset.bar")


def test_before_anything_was_measured_no_gauge_is_shown(browser: Browser) -> None:
    """A camera that stops in the set-up pauses it; an empty gauge without name or aim stood beside the picture."""
    theatre = Theatre(programme((STRAP, "left"))).play(1, lying()).wait(20)
    assert theatre.now.stage == "paused"
    browser.resize(*DESK)
    for moment in (theatre.moments[0], theatre.now):
        show(browser, moment_message(moment) | {"session": 0})
    assert "gauge" not in boxes(browser)
    show(browser, last_of_each_stage(lying_session())["paused"] | {"breath": None})
    assert "gauge" in boxes(browser), "which the check above can see"


def test_a_question_about_the_session_names_no_exercise(browser: Browser) -> None:
    theatre = Theatre(programme((STRAP, "left"), ask_pain=True)).play(1, lying())
    assert theatre.now.question is not None
    assert theatre.now.question.asks == "before"
    show(browser, moment_message(theatre.now) | {"session": 0})
    assert "what" not in boxes(browser)
    show(browser, last_of_each_stage(lying_session())["exercise"])
    assert "what" in boxes(browser)


@pytest.mark.parametrize("size", [DESK, PHONE, TURNED_PHONE])
def test_the_words_below_the_ring_are_not_covered(browser: Browser, size: tuple[int, int]) -> None:
    """On a phone on its side 'Finish' covered how many breaths are asked for, and the sentence's ground the rest."""
    browser.resize(*size)
    for marks in ([], [11, 12]):
        show(browser, last_of_each_stage(lying_session(), LONG)["exercise"] | {"marks": marks})
        at = browser.run(SHOWN % json.dumps(["count-of", "b-next", "sentence"]))
        assert all(at.values())
        assert [name for name in ("b-next", "sentence") if overlap(at[name], at["count-of"])] == []


def test_on_a_phone_no_name_lies_under_the_mark_of_its_card(browser: Browser) -> None:
    browser.resize(*PHONE)
    browser.run(
        "document.querySelectorAll('main .page').forEach((page) => { page.hidden = page.id !== 'home'; });"
        "document.querySelectorAll('#choice strong').forEach((name) => {"
        "  name.textContent = 'Beckenabsenken an der Stufe'; })"
    )
    try:
        cards = browser.run(
            "[...document.querySelectorAll('#choice .card')].map((card) => {"
            "  const range = document.createRange(); range.selectNodeContents(card.querySelector('strong'));"
            "  const mark = card.querySelector('input').getBoundingClientRect();"
            "  return [range.getBoundingClientRect().right, mark.left, mark.width]; })"
        )
        assert len(cards) == 3
        assert all(name <= mark and width > 10 for name, mark, width in cards), cards
    finally:
        browser.run("document.getElementById('home').hidden = true")


def test_the_scripted_sessions_go_through_every_stage() -> None:
    watched = {"setup", "calibrate", "countdown", "exercise", "paused"}
    assert last_of_each_stage(standing_session()).keys() >= {*watched, "rest"}
    assert last_of_each_stage(lying_session()).keys() >= watched
    assert last_of_each_stage(lying_session())["exercise"]["count"]["may_finish"]
