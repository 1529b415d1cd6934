// Results as tables: a session's summary, left beside right, and every repetition or hold of a recorded file.

import { make } from "./dom.js";

export function summaryParts(summary, words) {
  const parts = [];
  for (const exercise of summary.exercises) {
    const rows = exercise.rows.map((row) =>
      make("tr", {}, make("th", { scope: "row" }, row.label), make("td", {}, row.left || words.nothing), make("td", {}, row.right || words.nothing)));
    parts.push(table(exercise.title, [words.row, summary.left_label, summary.right_label], rows, "sides"));
    if (exercise.next_time) parts.push(make("p", { class: "think" }, exercise.next_time));
  }
  for (const note of summary.notes) parts.push(make("p", { class: "note" }, note));
  return parts;
}

// names: of faults and reasons in the language of the page.
export function everyOne(result, words, names) {
  const items = [...result.movements, ...result.holds].sort((a, b) => a.start_s - b.start_s);
  if (!items.length) return [];
  const rows = items.map((item) =>
    make("tr", {},
      make("td", {}, `${clock(item.start_s)}–${clock(item.end_s)}`),
      make("td", {}, words[item.side]),
      make("td", {}, measured(item)),
      make("td", {}, item.counted ? words.yes : `${words.no}: ${names[item.uncounted_reason]}`),
      make("td", {}, item.faults.map((name) => names[item.fault_ways?.[name] ?? name]).join(", ") || words.nothing)));
  const heads = [words.col_time, words.col_side, words.col_depth, words.col_counted, words.col_correct];
  return [table(words.file_all, heads, rows, "every")];
}

function table(caption, heads, rows, kind) {
  const head = make("tr", {}, ...heads.map((each) => make("th", { scope: "col" }, each)));
  const whole = make("table", { class: kind }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...rows));
  // What is wider than the screen can be moved by keyboard, too.
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, whole);
}

function measured(item) {
  const name = Object.keys(item).find((key) => key.endsWith("_deg") && !key.includes("interval"));
  const depth = name && item[name] !== null ? `${Math.round(item[name])}°` : "–";
  return item.held_s === undefined ? depth : `${depth}, ${Math.round(item.held_s)} s`;
}

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
