// The form for programmes: a list of them, one card an exercise, and what is asked of it. Nothing of it is judged here;
// the coach checks what is saved.

import { $, fill, flag, make, movingPicture, show, text } from "./dom.js";

// Name, least, most and step of the numbers; those with "more" stand folded away.
const NUMBERS = {
  sets: ["ed_sets", 1, 10, 1], more_sets: ["ed_more_sets", 0, 5, 1], reps: ["ed_reps", 1, 100, 1],
  breaths: ["ed_breaths", 1, 30, 1], hold_s: ["ed_hold_s", 5, 300, 1], rest_s: ["ed_rest", 0, 600, 5],
  depth_from: ["ed_depth_from", 0, 120, 0.5], depth_to: ["ed_depth_to", 0, 120, 0.5], least_depth: ["ed_least", 0, 120, 0.5],
  out_s: ["ed_out", 0.5, 10, 0.5], back_s: ["ed_back", 0.5, 10, 0.5], load_kg: ["ed_load", 0, 100, 0.5], step_cm: ["ed_step", 2, 40, 0.5],
};
const RULE = {
  sessions: ["ed_sessions", 1, 20, 2], as_asked: ["ed_as_asked", 1, 10, 9], pain: ["ed_pain", 0, 5, 2],
  effort: ["ed_effort", 0, 10, 5], more: ["ed_by", 1, 30, 2], up_to: ["ed_up_to", 2, 300, 16],
};
const SHARED = ["sets", "more_sets", "reps", "breaths", "hold_s", "depth", "least_depth", "tempo_s", "load_kg", "step_cm", "note", "progress"];

export class Editor {
  // onLeave(): back to the start. onUse(): another programme is led through now.
  constructor(view, onLeave, onUse) {
    Object.assign(this, { view, onUse, slug: null, exercises: [] });
    $("b-programmes").addEventListener("click", () => this.list());
    $("b-ed-back").addEventListener("click", onLeave);
    $("b-ed-new").addEventListener("click", () => this.load("standard"));
    $("b-ed-list").addEventListener("click", () => this.list());
    $("b-ed-add").addEventListener("click", () => this.add({ exercise: this.exercises[0].name, side: "both" }).scrollIntoView({ block: "nearest" }));
    $("ed-form").addEventListener("submit", (event) => { event.preventDefault(); this.save(); });
  }

  async ask(address, options) {
    try {
      const got = await fetch(address, options);
      return { ok: got.ok, ...(await got.json()) };
    } catch {
      return { ok: false, problem: this.view.words.lost_head };
    }
  }

  async list(told = "") {
    const { words } = this.view;
    this.view.open("programmes");
    text($("programmes-told"), told);
    const answer = await this.ask("/programmes");
    if (!answer.ok) return text($("programmes-told"), answer.problem);
    this.exercises = answer.exercises;
    const row = (slug, name, problem, own) => make("li", {},
      make("div", {}, make("h2", {}, name), problem ? make("p", { class: "note" }, problem) : null),
      make("div", { class: "row" },
        problem ? null : name === answer.current || (!own && answer.current === "standard")
          ? make("span", { class: "used" }, words.ed_used)
          : make("button", { type: "button", onclick: () => this.use(slug) }, words.ed_use),
        own && !problem ? make("button", { type: "button", onclick: () => this.load(slug) }, words.ed_change) : null,
        problem ? null : make("a", { class: "button", href: `/programmes/${slug}/sheet`, target: "_blank", rel: "noopener" }, words.ed_sheet),
        own ? make("button", { type: "button", onclick: () => this.forget(slug, name) }, words.delete) : null));
    $("programmes-list").replaceChildren(
      row("standard", words.ed_standard, "", false),
      ...answer.programmes.map((each) => row(each.slug, each.name, each.problem, true)));
  }

  async use(slug) {
    const answer = await this.ask(`/programmes/${slug}/use`, { method: "POST" });
    if (answer.ok) this.onUse();
    else text($("programmes-told"), answer.problem ?? this.view.words.error_busy);
  }

  async forget(slug, name) {
    if (!confirm(fill(this.view.words.ed_delete, { name }))) return;
    const answer = await this.ask(`/programmes/${slug}`, { method: "DELETE" });
    this.list(answer.ok ? "" : answer.problem);
  }

  async load(slug) {
    const answer = await this.ask(`/programmes/${slug}`);
    if (!answer.ok) return text($("programmes-told"), answer.problem);
    const { data } = answer;
    this.slug = answer.slug;
    $("ed-name").value = data.name;
    $("ed-week").value = data.sessions_per_week ?? "";
    $("ed-warm").value = data.warm_up_s ? data.warm_up_s / 60 : "";
    $("ed-cards").replaceChildren();
    this.merged(data.blocks).forEach((block) => this.add(block));
    text($("ed-told"), "");
    this.view.open("editor");
    $("ed-name").focus();
  }

  // Left and right of which the same is asked are one card.
  merged(blocks) {
    const cards = [];
    blocks.forEach((block) => {
      const last = cards.at(-1);
      const alike = last && last.exercise === block.exercise && last.side === "left" && block.side === "right"
        && SHARED.every((key) => JSON.stringify(last[key]) === JSON.stringify(block[key]));
      if (alike) Object.assign(last, { side: "both", rests: [last.rest_s ?? 30, block.rest_s ?? 30] });
      else cards.push({ ...block });
    });
    return cards;
  }

  add(block) {
    const card = make("li", { class: "ed-card" });
    $("ed-cards").append(card);
    this.draw(card, block);
    return card;
  }

  field(key, words, kind, value, attributes) {
    return make("label", { "data-field": key }, make("span", {}, words), make("input", { type: kind, name: key, value: value ?? "", ...attributes }));
  }

  number(key, value, [name, min, max, step] = NUMBERS[key]) {
    return this.field(key, this.view.words[name], "number", value, { min, max, step, inputmode: "decimal" });
  }

  choice(key, words, options, value) {
    return make("label", { "data-field": key }, make("span", {}, words),
      make("select", { name: key }, ...options.map(([each, label]) => make("option", { value: each, selected: each === value }, label))));
  }

  draw(card, block) {
    const { words } = this.view;
    const exercise = this.exercises.find((each) => each.name === block.exercise) ?? this.exercises[0];
    const held = exercise.kind === "hold";
    const counted = !held ? "reps" : block.hold_s ? "hold_s" : "breaths";
    const [from, to] = block.depth ?? ["", ""], [out, back] = block.tempo_s ?? ["", ""];
    const sides = [["both", words.both_sides], ["left", words.left], ["right", words.right]];
    const rule = block.progress ?? {};
    const more = ["depth", "least_depth", "tempo_s", "load_kg", "step_cm", "note"].some((key) => block[key]);
    const placed = (key, value, placeholder) => {
      const field = this.number(key, value);
      field.querySelector("input").setAttribute("placeholder", placeholder ?? "");
      return field;
    };
    card.replaceChildren(
      exercise.pictured ? make("picture", {}, ...movingPicture(exercise.name, block.side === "right" ? "right" : "left", exercise.title, words)) : null,
      make("div", { class: "ed-fields" },
        this.choice("exercise", words.ed_exercise, this.exercises.map((each) => [each.name, each.title]), exercise.name),
        this.choice("side", words.which_side, sides, block.side),
        this.number("sets", block.sets ?? 1),
        held ? this.choice("counted", words.ed_count_in, [["breaths", words.ed_breaths], ["hold_s", words.ed_hold_s]], counted) : null,
        this.number(counted, block[counted] ?? (counted === "hold_s" ? 30 : exercise.count)),
        this.number("rest_s", block.rests?.[0] ?? block.rest_s ?? 30),
        this.number("more_sets", block.more_sets ?? 0)),
      make("details", { open: more },
        make("summary", {}, words.ed_more),
        make("div", { class: "ed-fields" },
          placed("depth_from", from, exercise.depth[0]), placed("depth_to", to, exercise.depth[1]), placed("least_depth", block.least_depth, exercise.least_depth),
          placed("out_s", out), placed("back_s", back), placed("load_kg", block.load_kg),
          exercise.on_a_step ? placed("step_cm", block.step_cm) : null,
          this.field("note", words.ed_note, "text", block.note, { maxlength: 200 }))),
      make("details", { open: Boolean(block.progress), class: "ed-rule" },
        make("summary", {}, words.ed_progress),
        make("div", { class: "ed-fields" }, ...Object.entries(RULE).map(([key, [name, min, max, usual]]) =>
          this.number(`rule_${key}`, rule[key] ?? (block.progress ? usual : ""), [name, min, max, 1])))),
      make("button", { type: "button", onclick: () => card.remove() }, words.ed_remove));
    card.rests = block.rests;
    const [, rules] = card.querySelectorAll("details");
    rules.addEventListener("toggle", () => rules.open && this.suggest(card));
    const again = () => this.draw(card, { ...this.read(card), side: card.querySelector("[name=side]").value });
    card.querySelector("[name=exercise]").addEventListener("change", () =>
      this.draw(card, { exercise: card.querySelector("[name=exercise]").value, side: card.querySelector("[name=side]").value }));
    card.querySelector("[name=side]").addEventListener("change", again);
    card.querySelector("[name=counted]")?.addEventListener("change", again);
    card.querySelector("[name=rest_s]").addEventListener("change", () => { card.rests = undefined; });
  }

  // What is usual, where nobody has written anything yet.
  suggest(card) {
    const value = (name) => card.querySelector(`[name="${name}"]`);
    if (value("rule_more").value) return;
    const now = Number((value("reps") ?? value("breaths") ?? value("hold_s")).value);
    for (const [key, [, , , usual]] of Object.entries(RULE)) value(`rule_${key}`).value = key === "up_to" ? now + 6 : usual;
  }

  read(card) {
    const value = (name) => {
      const input = card.querySelector(`[name="${name}"]`);
      return input === null || input.value.trim() === "" ? null : input.type === "number" ? Number(input.value) : input.value.trim();
    };
    const counted = value("counted") ?? (card.querySelector("[name=reps]") ? "reps" : "breaths");
    const block = { exercise: value("exercise"), sets: value("sets"), rest_s: value("rest_s"), more_sets: value("more_sets"), note: value("note") };
    block[counted] = value(counted);
    for (const key of ["least_depth", "load_kg", "step_cm"]) block[key] = value(key) || null;
    const pair = (one, other) => (value(one) === null && value(other) === null ? null : [value(one), value(other)]);
    Object.assign(block, { depth: pair("depth_from", "depth_to"), tempo_s: pair("out_s", "back_s") });
    const rules = card.querySelector(".ed-rule");
    if (rules.open && value("rule_more") !== null) {
      block.progress = Object.fromEntries(Object.keys(RULE).map((key) => [key, value(`rule_${key}`)]));
    }
    return Object.fromEntries(Object.entries(block).filter(([, each]) => each !== null));
  }

  async save() {
    const { words } = this.view, blocks = [];
    for (const card of $("ed-cards").children) {
      const block = this.read(card), side = card.querySelector("[name=side]").value;
      if (side !== "both") blocks.push({ ...block, side });
      else ["left", "right"].forEach((each, index) => blocks.push({ ...block, side: each, rest_s: card.rests?.[index] ?? block.rest_s ?? 30 }));
    }
    const data = { name: $("ed-name").value.trim(), blocks };
    if ($("ed-week").value) data.sessions_per_week = Number($("ed-week").value);
    data.warm_up_s = 60 * Number($("ed-warm").value || 0);
    const answer = await this.ask("/programmes", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ slug: this.slug, data }),
    });
    if (answer.ok) return this.list(fill(words.ed_saved, data));
    const problem = answer.problem ?? "";
    text($("ed-told"), this.mark(problem) ? words.ed_wrong : fill(words.ed_failed, { problem }));
  }

  // Marks the fields that an answer names, such as blocks.1.depth of the first block; whether there are any.
  mark(problem) {
    for (const marked of document.querySelectorAll("#editor [aria-invalid]")) flag(marked, "aria-invalid", null);
    const cards = [...$("ed-cards").children].flatMap((card) => (card.querySelector("[name=side]").value === "both" ? [card, card] : [card]));
    const parts = { depth: ["depth_from", "depth_to"], tempo_s: ["out_s", "back_s"] };
    for (const [, index, named, rule, told] of problem.matchAll(/blocks\.(\d+)(?:\.(\w+)(?:\.(\w+))?|: '?(\w+)'?)/g)) {
      const key = named ?? told;
      const names = key === "progress" ? [`rule_${rule}`] : parts[key] ?? [key];
      for (const name of names) {
        const input = cards[index - 1]?.querySelector(`[name="${name}"]`);
        if (!input) continue;
        flag(input, "aria-invalid", "true");
        const fold = input.closest("details");
        if (fold) fold.open = true;
      }
    }
    if (/(^|; )name/.test(problem)) flag($("ed-name"), "aria-invalid", "true");
    const first = document.querySelector("#editor [aria-invalid]");
    first?.focus();
    return first !== null;
  }

  hello(name) {
    const own = name !== "standard";
    show($("programme-now"), own);
    text($("programme-now"), own ? fill(this.view.words.programme_now, { name }) : "");
  }
}
