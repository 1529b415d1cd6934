// Marks what is true of a video. What the page knows is one object of plain values; every change is drawn anew.
import { $, fill, make, text } from "./dom.js";
import { COLOURS, drawCurve, drawStrip, timeAt } from "./label_strip.js";

const EMPTY = { exercise: null, side: null, person: "", rater: "", movements: [], breaths: [], hold: [null, null], faults: [], curve_seen: false };
const NEAR_S = 1; // what Backspace removes, and PgUp and PgDn step over
const video = $("video");
let clip = null, words = {}, labels = structuredClone(EMPTY), undo = [], saved = true, everSaved = false, panels = null, asking = false;
let byPointer = false; // how the person last did something

const exercise = () => clip.exercises.find((each) => each.name === labels.exercise) ?? null;
const now = () => Math.round(video.currentTime * 1000) / 1000;
const duration = () => (Number.isFinite(video.duration) ? video.duration : clip.duration_s ?? 0);
const number = (value, digits) => value.toLocaleString(document.documentElement.lang || "en", { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
const seconds = (t) => `${number(t, 2)} s`;

function say(sentence, state = "") {
  text($("status"), /[.?!] .*[^.?!]$/.test(sentence) ? `${sentence}.` : sentence); // of two sentences the second ends too
  $("status").dataset.state = state;
}

// changes

function change(alter) {
  undo.push(structuredClone(labels));
  if (undo.length > 300) undo.shift();
  alter(labels);
  labels.curve_seen ||= panels !== null;
  saved = false;
  say("");
  draw();
}

function takeBack() {
  if (undo.length === 0) return;
  labels = undo.pop();
  saved = false;
  say(words.label_taken_back);
  draw();
}

// Every mark in order of time, with how to remove it.
function items() {
  const names = new Map((exercise()?.faults ?? []).map((each) => [each.name, each.label]));
  const found = [
    ...labels.movements.map((mark) => ({ kind: "movement", t: mark.t, mark, remove: (all) => drop(all.movements, mark.t) })),
    ...labels.breaths.map((t) => ({ kind: "breath", t, remove: (all) => all.breaths.splice(all.breaths.indexOf(t), 1) })),
    ...labels.faults.map((mark) => ({
      kind: "fault", t: mark.t, label: names.get(mark.name) ?? mark.name,
      remove: (all) => all.faults.splice(all.faults.findIndex((each) => each.t === mark.t && each.name === mark.name), 1),
    })),
    ...[0, 1].filter((edge) => labels.hold[edge] !== null).map((edge) => ({
      kind: "hold", t: labels.hold[edge], label: edge ? words.label_hold_end : words.label_hold_start, remove: (all) => { all.hold[edge] = null; },
    })),
  ].sort((a, b) => a.t - b.t);
  let movements = 0, breaths = 0;
  for (const each of found) {
    if (each.kind === "movement") each.label = `${++movements}`;
    if (each.kind === "breath") each.label = `${++breaths}`;
    each.dim = each.kind === "movement" && each.mark.reason !== null;
  }
  return found;
}

const drop = (marks, t) => marks.splice(marks.findIndex((each) => each.t === t), 1);

// What can be marked in this exercise, by key.
function actions() {
  const what = exercise();
  if (what === null) return [];
  const found = what.kind === "hold"
    ? [
      { key: "s", name: words.label_hold_start, kind: "hold", mark: (all, t) => { all.hold[0] = t; } },
      { key: "e", name: words.label_hold_end, kind: "hold", mark: (all, t) => { all.hold[1] = t; } },
      { key: "i", name: words.label_inhalation_begins, kind: "breath", mark: (all, t) => { if (!all.breaths.includes(t)) all.breaths.push(t); } },
    ]
    : [{ key: "d", name: words.label_deepest, kind: "movement", mark: (all, t) => { if (!all.movements.some((each) => each.t === t)) all.movements.push({ t, reason: null }); } }];
  what.faults.slice(0, 9).forEach((fault, number) => found.push({
    key: `${number + 1}`, name: fault.label, kind: "fault", mark: (all, t) => { all.faults.push({ t, name: fault.name }); },
  }));
  return found;
}

function mark(action) {
  const t = now();
  change((all) => action.mark(all, t));
}

function removeNearest() {
  const near = items().filter((each) => Math.abs(each.t - now()) <= NEAR_S);
  if (near.length === 0) return say(words.label_none_near);
  near.sort((a, b) => Math.abs(a.t - now()) - Math.abs(b.t - now()));
  change((all) => near[0].remove(all));
  say(fill(words.label_removed, { time: seconds(near[0].t) }));
}

// the video

const seek = (t) => { video.currentTime = Math.min(Math.max(t, 0), duration()); };
// To the middle of a picture: at its very edge browsers differ about which one they show.
const step = (pictures) => { video.pause(); seek((Math.floor(video.currentTime * clip.fps + 1e-3) + pictures + 0.5) / clip.fps); };
const play = () => (video.paused ? video.play() : video.pause());

function jump(way) {
  const times = items().map((each) => each.t), t = video.currentTime;
  const next = way > 0 ? times.find((each) => each > t + 0.02) : times.findLast((each) => each < t - 0.02);
  if (next !== undefined) seek(next);
}

function faster(way) {
  const choice = $("speed");
  choice.selectedIndex = Math.min(Math.max(choice.selectedIndex + way, 0), choice.options.length - 1);
  video.playbackRate = Number(choice.value);
}

// the coach's curves

async function curve() {
  if (!everSaved || asking || exercise() === null) return;
  asking = true;
  $("b-curve").disabled = true;
  try {
    for (;;) {
      const answer = await fetch(`/curve?exercise=${encodeURIComponent(labels.exercise)}`);
      const found = await answer.json();
      if (found.state === "done") { show(found.panels); break; }
      if (found.state === "failed") { say(fill(words.label_no_curves, found), "bad"); break; }
      say(fill(words.label_watching, { percent: Math.round(found.share * 100) }));
      await new Promise((done) => setTimeout(done, 500));
    }
  } catch {
    say(words.label_no_answer, "bad");
  }
  asking = false;
  draw();
}

function show(found) {
  panels = found;
  say(panels.length ? words.label_curves_below : words.label_nothing_measured, "good");
  $("curves").replaceChildren(...panels.map((panel) => {
    const canvas = make("canvas", { role: "img", "aria-label": fill(words.label_saw, panel) });
    canvas.addEventListener("click", (event) => seek(timeAt(event, canvas, video.currentTime, duration(), false)));
    return canvas;
  }));
  $("curves").hidden = panels.length === 0;
}

// saving

async function save() {
  say(words.label_saving);
  try {
    const answer = await fetch("/labels", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(labels) });
    const found = await answer.json();
    if (answer.ok) {
      saved = everSaved = true;
      say(fill(words.label_saved, { file: found.saved }), "good");
    } else say(fill(words.label_not_saved, { problem: `${found.problem}. ${found.remedy}` }), "bad");
  } catch {
    say(fill(words.label_not_saved, { problem: words.label_no_answer }), "bad");
  }
  draw();
}

// drawing

function draw() {
  const what = exercise(), all = items();
  $("exercise").value = labels.exercise ?? "";
  $("side").value = labels.side ?? "";
  text($("sides"), what?.sides ?? "");
  $("sides").hidden = what === null;
  for (const name of ["person", "rater"]) if ($(name).value !== labels[name]) $(name).value = labels[name];
  if ($("keys").dataset.of !== (labels.exercise ?? "none")) {
    $("keys").dataset.of = labels.exercise ?? "none";
    $("keys").replaceChildren(...actions().map((action) => {
      const spot = make("i");
      spot.style.background = COLOURS[action.kind];
      return make("button", { class: action.kind === "fault" ? null : "wide", onclick: () => mark(action) }, make("kbd", {}, action.key.toUpperCase()), make("span", { class: "name" }, action.name), spot);
    }));
    if (what === null) $("keys").append(make("p", { class: "quiet" }, words.label_choose_first));
  }
  text($("count"), all.length ? `${all.length}` : "");
  $("marks").replaceChildren(...all.map((each) => row(each, what)));
  $("b-curve").disabled = !everSaved || asking || what === null || panels !== null;
  $("b-undo").disabled = undo.length === 0;
  tick();
}

function row(each, what) {
  const name = { movement: fill(words.label_movement, { number: each.label }), breath: fill(words.label_inhalation, { number: each.label }) }[each.kind] ?? each.label;
  const about = make("div", { class: "what" }, name);
  if (each.kind === "movement") {
    const choice = make("select", { "aria-label": fill(words.label_whether, { name }) }, make("option", { value: "" }, words.label_counts),
      ...what.reasons.map((reason) => make("option", { value: reason.name }, fill(words.label_counts_not, { reason: reason.label }))));
    choice.value = each.mark.reason ?? "";
    choice.addEventListener("change", () => change((all) => {
      all.movements.find((one) => one.t === each.t).reason = choice.value || null;
    }));
    about.append(choice);
  }
  return make("li", { "data-t": each.t },
    make("button", { onclick: () => seek(each.t), "aria-label": fill(words.label_go_to, { time: seconds(each.t) }) }, seconds(each.t)),
    about,
    make("button", { onclick: () => change((all) => each.remove(all)), "aria-label": fill(words.label_remove, { name, time: seconds(each.t) }) }, "✕"));
}

function tick() {
  if (clip === null) return;
  const shown = { items: items(), span: labels.hold, now: video.currentTime, duration: duration() };
  text($("time"), `${number(video.currentTime, 2)} / ${number(duration(), 1)} s`);
  text($("play-word"), video.paused ? words.label_play : words.label_pause);
  drawStrip($("strip"), shown);
  (panels ?? []).forEach((panel, number) => drawCurve($("curves").children[number], panel, shown));
  for (const each of $("marks").children) {
    const here = Math.abs(Number(each.dataset.t) - video.currentTime) < 0.5 / clip.fps;
    if (here && !each.hasAttribute("aria-current")) $("marks").scrollTop = each.offsetTop - $("marks").offsetTop - $("marks").clientHeight / 2; // the list alone
    here ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current");
  }
}

const loop = () => { if (!video.paused) tick(); requestAnimationFrame(loop); };

// wiring

const KEYS = {
  " ": play, ArrowLeft: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => faster(1), ArrowDown: () => faster(-1),
  PageUp: () => jump(-1), PageDown: () => jump(1), Backspace: removeNearest, Delete: removeNearest, u: takeBack, w: save, c: curve,
};

function pressed(event) {
  const typing = event.target.matches("input, select");
  if ((event.ctrlKey || event.metaKey) && ["s", "z"].includes(event.key.toLowerCase())) {
    event.preventDefault();
    return event.key.toLowerCase() === "s" ? save() : takeBack();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === " " && event.target.matches("button")) return; // it presses that button
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const action = actions().find((each) => each.key === key);
  if (action) mark(action);
  else if (event.shiftKey && key === "ArrowLeft") seek(video.currentTime - 1);
  else if (event.shiftKey && key === "ArrowRight") seek(video.currentTime + 1);
  else if (KEYS[key]) KEYS[key]();
  else return;
  event.preventDefault();
}

function choose(name) {
  const before = labels.exercise, had = items().length;
  change((all) => {
    all.exercise = name || null;
    if (before === all.exercise) return;
    Object.assign(all, { movements: [], breaths: [], hold: [null, null], faults: [] });
  });
  panels = null;
  $("curves").hidden = true;
  draw();
  if (had && items().length === 0) say(words.label_gone);
}

function speak(table, language) {
  words = table;
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) text(element, words[element.dataset.word]);
  for (const element of document.querySelectorAll("[data-spoken]")) element.setAttribute("aria-label", words[element.dataset.spoken]);
  for (const element of document.querySelectorAll("[data-hint]")) element.setAttribute("placeholder", words[element.dataset.hint]);
}

async function begin() {
  history.replaceState(null, "", "/"); // the link works once: nobody is to copy it from the address
  clip = await (await fetch("/clip")).json();
  speak(clip.words, clip.language);
  text($("name"), clip.name);
  document.title = `${clip.name} - coach label`;
  $("exercise").append(make("option", { value: "" }, words.label_none),
    ...clip.exercises.map((each) => make("option", { value: each.name }, each.title)));
  if (clip.labels !== null) {
    labels = { ...structuredClone(EMPTY), ...clip.labels };
    everSaved = true;
    say(fill(words.label_opened, { file: clip.target }));
  }
  $("exercise").addEventListener("change", (event) => choose(event.target.value));
  $("side").addEventListener("change", (event) => change((all) => { all.side = event.target.value || null; }));
  for (const name of ["person", "rater"]) $(name).addEventListener("change", (event) => change((all) => { all[name] = event.target.value.trim(); }));
  for (const [name, act] of Object.entries({ "b-play": play, "b-back": () => step(-1), "b-on": () => step(1), "b-save": save, "b-undo": takeBack, "b-curve": curve })) $(name).addEventListener("click", act);
  $("speed").addEventListener("change", () => { video.playbackRate = Number($("speed").value); });
  $("strip").addEventListener("click", (event) => seek(timeAt(event, $("strip"), video.currentTime, duration(), true)));
  document.addEventListener("pointerdown", () => { byPointer = true; }, true);
  document.addEventListener("keydown", () => { byPointer = false; }, true);
  // A list that was clicked would take the next key for itself.
  document.addEventListener("change", (event) => { if (byPointer && event.target.matches("select")) event.target.blur(); });
  document.addEventListener("keydown", pressed);
  for (const name of ["seeked", "play", "pause", "loadedmetadata", "durationchange"]) video.addEventListener(name, tick);
  new ResizeObserver(tick).observe($("strip"));
  window.addEventListener("beforeunload", (event) => { if (!saved) event.preventDefault(); });
  draw();
  loop();
}

// Of a kind that this browser does not play, such as many phones' HEVC: the program makes a copy with the same times.
async function playCopy() {
  if (video.src.includes("copy")) return say(words.label_unplayable, "bad");
  for (;;) {
    const found = await (await fetch("/copy", { method: "POST" })).json();
    if (found.state === "failed") return say(fill(words.label_no_copy, found), "bad");
    if (found.state === "done") break;
    say(fill(words.label_copying, { percent: Math.round(found.share * 100) }));
    await new Promise((done) => setTimeout(done, 500));
  }
  say("");
  video.src = "/video?copy=1";
}

await begin();
video.addEventListener("error", playCopy);
if (video.error) playCopy();
