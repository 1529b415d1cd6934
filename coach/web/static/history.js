// Who practises, and what they did: the chooser, the list of sessions, their reports, and forgetting one.

import { $, fill, make, show, text } from "./dom.js";

const NEW = "\n"; // no name has a line break

export class Past {
  // onLeave(): back to the start.
  constructor(view, onLeave) {
    Object.assign(this, { view, chosen: "", people: [], known: "", language: "en", doomed: null, asked: 0 });
    $("person").addEventListener("change", () => { this.choose($("person").value); if (this.chosen !== NEW) this.load(); });
    $("past-person").addEventListener("change", () => { this.choose($("past-person").value); this.load(); });
    $("name").addEventListener("keydown", (event) => { if (event.key === "Enter") $("b-start").click(); });
    $("b-history").addEventListener("click", () => this.open());
    $("b-past-back").addEventListener("click", onLeave);
    $("b-delete-no").addEventListener("click", () => $("ask-delete").close());
    $("b-delete-yes").addEventListener("click", () => this.forget());
  }

  // The person of the command line is chosen until somebody chooses.
  hello(person, language) {
    this.language = language;
    this.known = person;
    this.chosen ||= person;
  }

  get person() {
    if (this.chosen !== NEW) return this.chosen;
    const name = $("name").value.trim();
    return this.people.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name;
  }

  choose(value) {
    this.chosen = value;
    show($("new-person"), value === NEW);
    if (value === NEW) $("name").focus();
  }

  open() {
    if (this.chosen === NEW) this.choose(this.people[0] ?? this.known);
    text($("past-text"), "");
    $("past-list").replaceChildren();
    this.view.open("past");
    this.load();
  }

  // Names for the choosers, and the sessions of who is chosen.
  async load(told = "") {
    const { words } = this.view, asked = ++this.asked;
    // A name that was typed is known from its first session on.
    const typed = this.chosen === NEW ? this.person : "";
    const person = typed || (this.chosen === NEW ? "" : this.chosen);
    let answer;
    try {
      const got = await fetch(`/history${person ? `?${new URLSearchParams({ person })}` : ""}`);
      answer = await got.json();
      if (!got.ok) throw new Error(answer.problem);
    } catch (error) {
      if (asked === this.asked) this.fill([], fill(words.history_failed, { problem: this.why(error) }));
      return;
    }
    if (asked !== this.asked) return; // somebody else was chosen meanwhile
    this.people = answer.people;
    this.plan(answer.plan, answer.total);
    if (typed && this.people.includes(typed)) this.choose(typed);
    const older = answer.total > answer.sessions.length ? fill(words.history_older, { shown: answer.sessions.length, total: answer.total }) : "";
    this.fill(answer.sessions, answer.sessions.length ? [told, older].filter(Boolean).join(" ") : `${told} ${fill(words.history_none, { person: answer.person })}`.trim());
  }

  fill(sessions, said) {
    const { words } = this.view;
    const names = [...new Set([...this.people, ...(this.chosen && this.chosen !== NEW ? [this.chosen] : [])])];
    const options = () => names.map((name) => make("option", { value: name }, name));
    $("person").replaceChildren(...options(), make("option", { value: NEW }, words.somebody_new));
    $("past-person").replaceChildren(...options());
    $("person").value = this.chosen;
    if (this.chosen !== NEW) $("past-person").value = this.chosen;
    $("past-progress").href = `/history/progress?${new URLSearchParams({ person: this.person })}`;
    $("past-progress").setAttribute("aria-label", words.progress);
    show($("past-progress"), sessions.length > 0);
    $("past-share").href = `/history/share?${new URLSearchParams({ person: this.person })}`;
    $("past-share").title = words.share_text;
    show($("past-share"), sessions.length > 0);
    $("past-list").replaceChildren(...sessions.map((session) => this.item(session)));
    text($("past-text"), said);
  }

  // What is next, and the last four weeks.
  plan(plan, total) {
    const { words } = this.view;
    show($("plan"), total > 0);
    const day = (iso, style) => new Date(`${iso}T12:00`).toLocaleDateString(this.language, style);
    text($("plan-next"), plan.next === plan.today ? words.plan_today : fill(words.plan_next, { day: day(plan.next, { weekday: "long", day: "numeric", month: "long" }) }));
    $("plan-weeks").replaceChildren(...plan.weeks.map((week) => {
      const asked = Math.round(plan.per_week ?? 0), missing = Math.max(0, asked - week.sessions);
      const said = asked ? fill(words.plan_of, { count: week.sessions, target: asked }) : String(week.sessions);
      return make("li", {},
        make("span", {}, fill(words.plan_week, { day: day(week.monday, { day: "numeric", month: "short" }) })),
        make("span", { class: "dots", "aria-hidden": "true" }, "●".repeat(Math.min(week.sessions, 14)) + "○".repeat(Math.min(missing, 14))),
        make("span", {}, said));
    }));
  }

  item(session) {
    const { words } = this.view;
    // The hour that the clock on the wall showed, as in the report, and not what it is somewhere else.
    const region = navigator.languages.find((each) => each.startsWith(this.language)) ?? this.language;
    const date = new Date(session.started_at.slice(0, 19)).toLocaleString(region, { dateStyle: "full", timeStyle: "short" });
    const lines = session.sets.map((set) => make("p", {}, this.set(set)));
    if (!lines.length) lines.push(make("p", {}, words.nothing_found));
    if (session.pains) lines.push(make("p", { class: "hurt" }, session.pain === null ? words.pain_unrated : fill(words.pain_mark, { score: session.pain })));
    if (!session.finished) lines.push(make("p", {}, words.cut_off));
    if (session.damaged) lines.push(make("p", {}, words.damaged));
    const about = { href: `/history/${session.number}/report`, target: "_blank", rel: "noopener", "aria-label": fill(words.report_of, { date }) };
    return make("li", {},
      make("div", {}, make("h2", {}, date), ...lines),
      make("div", { class: "row" },
        session.sets.length ? make("a", { class: "button", ...about }, words.report) : null,
        make("button", { type: "button", "aria-label": fill(words.delete_of, { date }), onclick: () => this.ask(session, date) }, words.delete)));
  }

  set(set) {
    const { words } = this.view;
    const sides = set.sides.map((side) => words[side].toLowerCase()).join(" + ");
    const kind = set.hold ? (set.count === null ? "set_unseen" : "set_breaths") : set.target ? "set_reps" : "set_some";
    return fill(words[kind], { ...set, sides, held: Math.round(set.held_s ?? 0) }).replace(", :", ":");
  }

  ask(session, date) {
    const { words } = this.view;
    this.doomed = session.number;
    text($("delete-text"), [fill(words.delete_text, { date }), session.last ? words.delete_last : ""].join(" ").trim());
    $("ask-delete").showModal();
  }

  // A server that does not answer is a TypeError of the browser's own words.
  why(error) {
    return error instanceof TypeError ? this.view.words.lost_head : error.message;
  }

  async forget() {
    $("ask-delete").close();
    const { words } = this.view;
    let problem = "";
    try {
      const got = await fetch(`/history/${this.doomed}`, { method: "DELETE" });
      if (!got.ok && got.status !== 404) problem = (await got.json()).problem ?? words.error_busy;
    } catch (error) {
      problem = this.why(error);
    }
    await this.load(problem || words.deleted);
    $("past-head").focus();
  }
}
