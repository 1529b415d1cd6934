// Ties the page together: the link to the coach, the camera, the voice, keys and buttons.

import { Camera } from "./camera.js";
import { $, flag, make, movingPicture, show, text } from "./dom.js";
import { Files } from "./upload.js";
import { Editor } from "./editor.js";
import { Past } from "./history.js";
import { PhoneCamera } from "./phone_camera.js";
import { Link, SHUT, TAKEN_OVER, TOO_MANY } from "./socket.js";
import { View, showsPicture } from "./view.js";
import { Voice } from "./voice.js";

const TICK_MS = 300;
const SILENT_MS = 900; // without an answer to a frame for so long, time passes by ticks
const OPENING_MS = 8000; // so long a camera may take to open
const SECOND_DIGIT_MS = 1200;
const MOST_CROPPED = 0.88; // a picture fills the screen where at least so much of it stays in sight

// The link in the address bar works once: it need not stay there.
if (location.search) history.replaceState(null, "", "/");

const view = new View();
const voice = new Voice();
let now = null; // the last moment
let offered = { choices: [], sides: [] }; // what can be practised
let inSession = false;
let digit = { score: null, at: 0 };

const link = new Link(onMessage, onState);
const handed = {
  wants: () => link.idle && showsPicture(now?.stage),
  take: () => link.reserve(),
  give: (number, at, jpeg) => link.frame(number, at, jpeg),
  onOpen: () => {
    flag(document.body, "data-camera", true);
    fitPicture();
    if (view.page === "trouble" && now) view.moment(now);
  },
  onProblem: (name) => {
    // A session that is under way says itself that the camera is gone.
    if (camera.known) return;
    const { words } = view;
    const problems = { NotAllowedError: words.camera_denied, NotReadableError: words.camera_busy };
    view.trouble(words.camera_denied_head, problems[name] ?? words.camera_absent, words.try_again, () => camera.open());
  },
};
const own = new Camera($("video"), handed);
const phone = new PhoneCamera($("video"), { ...handed, onState: onPhone });
let camera = own;
const files = new Files(view, {
  may: () => !inSession && (view.page === "home" || view.page === "result"),
  choice: () => Object.fromEntries([["exercise", chosen()], ["side", $("side").value]].filter(([, value]) => value)),
  onShown: () => {},
});

const past = new Past(view, goHome);
const editor = new Editor(view, goHome, () => location.reload());

function onMessage(message) {
  if (message.type === "moment") onMoment(message);
  else if (message.type === "hello") onHello(message);
  else if (message.type === "busy") {
    view.setWords(message.words, {}, message.language);
    view.trouble(message.words.busy_head, message.words.busy_text, message.words.use_here, () => link.send({ type: "take_over" }));
  } else if (message.type === "error") {
    const { words } = view;
    inSession = false;
    camera.close();
    view.trouble(words.error_head, message.problem ? `${message.problem}. ${message.remedy}` : words.error_text, words.again, goHome);
  } else if (message.reason === "busy") {
    inSession = false;
    view.trouble(view.words.error_head, view.words.error_busy, view.words.again, goHome);
  } else if (["no_session", "unknown_person", "unknown_choice"].includes(message.reason) && inSession) goHome();
}

// The phone asks to be the camera, is accepted, or has gone.
function onPhone(state, number) {
  const { words } = view;
  const asks = state === "asks", accepted = state === "accepted";
  text($("phone-number"), asks ? number : "");
  show($("phone-code-part"), !asks && !accepted);
  show($("phone-ask"), asks);
  show($("phone-ready"), accepted);
  show($("b-phone-yes"), asks);
  text($("b-phone-no"), accepted ? words.phone_done : words.phone_cancel);
  if (accepted && camera !== phone) {
    own.close();
    camera = phone;
    if (showsPicture(now?.stage)) camera.open();
  }
  flag($("b-phone"), "aria-pressed", String(camera === phone));
  text($("b-phone"), camera === phone ? words.phone_stop : words.phone_use);
}

async function usePhone() {
  if (camera === phone) {
    phone.leave();
    camera = own;
    onPhone("none", "");
    return;
  }
  onPhone("none", "");
  $("ask-phone").showModal();
  const link = await phone.ask();
  text($("phone-link"), link);
  $("phone-code").src = `/phone/code.svg?${performance.now()}`;
}

function onHello(message) {
  show($("b-phone"), message.phone);
  view.setWords(message.words, message.actions, message.language);
  voice.language = message.language;
  past.hello(message.person, message.language);
  editor.hello(message.programme);
  offered = message;
  showCards();
  show($("choice"), message.choices.length > 1);
  show($("side").closest("label"), message.sides.length > 1);
  text($("b-start"), message.running ? message.words.go_on : message.words.start);
  soundButton();
  setTimeout(() => show($("no-voice"), voice.voice === null), 1500);
  if (inSession && message.running) link.send({ type: "start" }); // the link was lost for a while
  else if (!["result", "past", "programmes", "editor"].includes(view.page)) goHome();
}

const chosen = () => document.querySelector('#choice input:checked')?.value ?? "";

function showCards() {
  const before = chosen(), { words } = view;
  const whole = { name: "", title: words.whole, summary: words.whole_text };
  $("choice").replaceChildren(
    $("choice").querySelector("legend"), ...[whole, ...offered.choices].map((each) => card(each, words)));
  const again = $("choice").querySelector(`[value="${CSS.escape(before)}"]`) ?? $("choice").querySelector("input");
  again.checked = true;
}

// One exercise to choose: how it looks, on the side that is practised, what it is called and what it is.
function card({ name, title, summary, pictured }, words) {
  const side = $("side").value || offered.sides[0];
  return make("label", { class: pictured ? "card" : "card plain" },
    make("input", { type: "radio", name: "choice", value: name }),
    pictured ? make("picture", {}, ...movingPicture(name, side, title, words)) : null,
    make("span", {}, make("strong", {}, title), make("span", {}, summary)));
}

function onMoment(message) {
  now = message;
  if (!inSession && message.stage !== "summary") return;
  if (showsPicture(message.stage)) camera.open();
  else if (["summary", "done"].includes(message.stage)) {
    camera.close();
    flag(document.body, "data-camera", false);
  }
  if (view.page !== "trouble" || camera.known || !showsPicture(message.stage)) view.moment(message);
  announce(message.say);
  voice.say(message.say);
  if (["summary", "done"].includes(message.stage)) inSession = false;
}

// For screen readers: what is said. Numbers alone are spoken by the coach, and would only pile up.
function announce(sentences) {
  const heard = sentences.filter(({ key }) => key !== "countdown");
  const urgent = heard.filter((sentence) => sentence.urgent), calm = heard.filter((sentence) => !sentence.urgent);
  if (urgent.length) text($("live-now"), urgent.map((sentence) => sentence.text).join(" "));
  if (calm.length) text($("live"), calm.map((sentence) => sentence.text).join(" "));
}

function onState(state) {
  const { words } = view;
  if (!words.app) return; // the very first try
  const again = () => link.open();
  if (state === TAKEN_OVER || state === TOO_MANY) {
    inSession = false;
    camera.close();
    view.trouble(words.taken_head, words.taken_text, words.use_here, again);
  } else if (state === SHUT) {
    inSession = false;
    camera.close();
    view.trouble(words.closed_head, words.closed_text);
  } else if (inSession || view.page === "home") view.trouble(words.lost_head, words.lost_text);
}

function goHome() {
  inSession = false;
  now = null;
  view.stage = "";
  camera.close();
  flag(document.body, "data-camera", false);
  flag(document.body, "data-stage", "home");
  view.open("home");
  past.load();
}

function start() {
  voice.wake();
  const person = past.person;
  if (!person) return $("name").focus();
  inSession = true;
  camera.known = false;
  view.page = "";
  link.send({ type: "start", exercise: chosen() || null, side: $("side").value || null, person });
}

const may = (name) => now !== null && inSession && now.actions.includes(name);
const act = (name, more) => may(name) && link.action(name, more);

function pauseOrGoOn() {
  if (may("resume")) link.action("resume");
  else act("pause");
}

// Also once the session is over and its summary is read.
function hurts() {
  if (now?.stage === "summary" && view.page === "result" && now.actions.includes("hurts")) inSession = true;
  act("hurts");
}

function askEnd() {
  if (may("end") && !$("ask-end").open) $("ask-end").showModal();
}

function end() {
  $("ask-end").close();
  act("end");
}

function soundButton() {
  const button = $("b-sound");
  button.setAttribute("aria-pressed", String(!voice.muted));
  button.querySelector("use").setAttribute("href", voice.muted ? "#i-mute" : "#i-sound");
  text(button.lastElementChild, voice.muted ? view.words.sound_off : view.words.sound_on);
  for (const range of document.querySelectorAll(".volume-range")) range.value = voice.volume;
}

function setMuted(muted) {
  voice.setMuted(muted);
  soundButton();
}

function setVolume(volume) {
  voice.setVolume(volume);
  soundButton();
}

function fitPicture() {
  const { videoWidth: width, videoHeight: height } = $("video");
  if (!width) return;
  document.documentElement.style.setProperty("--picture", `${(100 * height) / width}vw`);
  const ratio = width / height / ($("view").clientWidth / Math.max(1, $("view").clientHeight));
  flag($("view"), "data-whole", Math.min(ratio, 1 / ratio) < MOST_CROPPED);
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
}

function chooseScore(key) {
  const time = performance.now();
  let score = Number(key);
  if (key === "0" && digit.score === 1 && time - digit.at < SECOND_DIGIT_MS) score = 10;
  digit = { score, at: time };
  document.querySelector(`[data-score="${score}"]`)?.focus();
}

const KEYS = {
  p: hurts, n: () => act("next"), o: () => act("other_side"), h: () => act("explain"), e: askEnd, f: fullScreen,
  m: () => setMuted(!voice.muted), "+": () => setVolume(voice.volume + 0.1), "-": () => setVolume(voice.volume - 0.1),
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches?.("select, textarea, input:not([type=range], [type=radio])")) return;
  if (may("score") && /^[0-9]$/.test(event.key)) return chooseScore(event.key);
  // Space presses the button that has the focus; anywhere else it pauses.
  if (event.key === " " && inSession && !event.target.closest?.("button, summary, input")) {
    event.preventDefault();
    return pauseOrGoOn();
  }
  const key = event.key === "−" ? "-" : event.key.toLowerCase();
  if (!event.repeat || "+-".includes(key)) KEYS[key]?.();
});

const onClick = (id, run) => $(id).addEventListener("click", run);
onClick("b-start", start);
onClick("b-test", () => {
  voice.wake();
  voice.sound("done");
  voice.say([{ key: "test", text: view.words.sound_works, priority: 9, urgent: true, valid_s: 4 }]);
});
onClick("b-confirm", () => act("confirm_safety"));
onClick("b-leave", () => { act("end"); goHome(); });
onClick("b-sound", () => setMuted(!voice.muted));
onClick("b-pause", pauseOrGoOn);
onClick("b-resume", pauseOrGoOn);
onClick("b-hurts", hurts);
onClick("b-hurts-now", hurts);
onClick("b-end", askEnd);
onClick("b-phone", usePhone);
onClick("b-phone-yes", () => phone.accept());
onClick("b-phone-no", () => {
  if (camera !== phone) phone.refuse();
  $("ask-phone").close();
});
onClick("b-end-yes", end);
onClick("b-end-no", () => $("ask-end").close());
onClick("b-next", () => act("next"));
onClick("b-side", () => act("other_side"));
onClick("b-how", () => act("explain"));
onClick("b-question-next", () => act("next"));
onClick("b-question-end", () => act("end"));
onClick("b-again", () => { link.action("end"); goHome(); });
$("question-scale").addEventListener("click", (event) => {
  const score = event.target.closest("[data-score]")?.dataset.score;
  if (score !== undefined) act("score", { score: Number(score) });
});
$("question-options").addEventListener("click", (event) => {
  const choice = event.target.closest("[data-option]")?.dataset.option;
  if (choice !== undefined) act("choose", { choice });
});
for (const range of document.querySelectorAll(".volume-range")) range.addEventListener("input", () => setVolume(Number(range.value)));
$("side").addEventListener("change", showCards);
addEventListener("resize", fitPicture);

setInterval(() => {
  voice.next();
  const t = performance.now();
  const opening = camera.opening && t - camera.openedAt < OPENING_MS;
  const waits = now?.stage === "welcome" || (showsPicture(now?.stage) && !camera.known);
  const watched = camera.live && t - link.answeredAt < SILENT_MS;
  if (inSession && now && !opening && !watched && !waits && link.waitingFor === null) link.send({ type: "tick", at_ms: t });
}, TICK_MS);

link.open();
