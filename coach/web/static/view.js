// A moment of the session -> what the page shows. Nothing here talks to the server.

import { $, fill, flag, icon, make, movingPicture, show, text } from "./dom.js";
import { drawBody } from "./overlay.js";
import { summaryParts } from "./summary.js";

const PAGES = ["home", "busy-file", "notice", "question", "result", "past", "programmes", "editor", "trouble"];
const PICTURE_STAGES = ["setup", "calibrate", "countdown", "exercise", "rest", "paused"];
const RING = 2 * Math.PI * 90;
// Questions about the whole session, not about the exercise before or after them.
const OF_THE_SESSION = ["before", "morning", "seen_to", "after", "progress"];

export class View {
  constructor() {
    this.words = {};
    this.actions = {};
    this.page = "";
    this.stage = "";
    this.asked = "";
    this.gaugePart = null;
  }

  setWords(words, actions, language) {
    this.words = words;
    this.actions = actions ?? {};
    document.documentElement.lang = language;
    document.title = words.app;
    for (const element of document.querySelectorAll("[data-word]")) text(element, words[element.dataset.word]);
    $("buttons").setAttribute("aria-label", words.app);
    $("still").setAttribute("aria-label", words.checks);
    for (const [id, word] of [["b-pause", "pause"], ["b-hurts", "hurts"], ["b-end", "end"]]) {
      text($(id).lastElementChild, this.actions[word] ?? words[word]);
    }
    text($("b-confirm"), this.actions.confirm_safety);
    text($("b-hurts-now"), this.actions.hurts);
  }

  // One of the pages to read, or none: then the camera's picture is what is seen.
  open(page) {
    if (page === this.page) return;
    this.page = page;
    for (const name of PAGES) show($(name), name === page);
    flag(document.body, "data-reading", page !== "");
    const head = page && $(page).querySelector("h1");
    if (head) head.focus();
    if (page) {
      for (const id of ["checks", "place", "how", "gauge", "breath", "ring", "middle", "bottom"]) show($(id), false);
      for (const id of ["silhouette", "silhouette-lying"]) show($(id), false);
    }
    if (["home", "busy-file", "notice", "result", "past", "trouble"].includes(page)) show($("top"), false);
    flag(document.body, "data-bar", page === "question");
  }

  moment(m) {
    const changed = m.stage !== this.stage;
    this.stage = m.stage;
    flag(document.body, "data-stage", m.stage);
    if (m.stage === "welcome") this.notice(m);
    else if (m.stage === "question") this.askQuestion(m);
    else if (m.stage === "summary" || m.stage === "done") this.summary(m);
    else this.picture(m, changed);
    text($("banner"), m.problem && !["summary", "done"].includes(m.stage) ? fill(this.words.keeping_problem, m) : "");
    show($("banner"), $("banner").textContent !== "");
  }

  picture(m, changed) {
    this.open("");
    show($("top"), true);
    show($("bottom"), true);
    this.bar(m);
    const block = m.block ?? m.next_block;
    if (changed || this.posture !== block?.posture) {
      // Beside somebody who lies there is no room: the picture stands between the columns while it is set up.
      this.posture = block?.posture;
      flag(document.body, "data-posture", this.posture);
      dispatchEvent(new Event("resize"));
    }
    const setting = m.stage === "setup", counting = m.stage === "exercise" || m.stage === "paused";
    show($("checks"), setting && m.checks.length > 0);
    // In the set-up the map is shown where it helps: the person's place is in the picture, and is not to be covered.
    const askew = m.checks.some((check) => check.name === "angle" && check.state === "not_ok");
    this.place((setting && (askew || !block?.pictured)) || m.stage === "rest" ? block?.posture : null);
    this.how(setting || m.stage === "rest" ? block : null);
    show($("silhouette"), (setting || m.stage === "calibrate") && block?.posture === "upright" && !m.body);
    show($("silhouette-lying"), (setting || m.stage === "calibrate") && block?.posture === "lying" && !m.body);
    if (setting) {
      this.checks(m);
      this.gaugePart = null;
    }
    show($("ring"), m.count !== null && (counting || m.stage === "countdown" || m.stage === "calibrate"));
    if (m.count) this.count(m.count);
    show($("breath"), m.breath !== null && counting);
    if (m.breath) this.breath(m.breath);
    if (m.gauge) this.gauge(m.gauge, m.part);
    show($("gauge"), m.breath === null && counting && this.gaugePart === m.part);
    this.middle(m);
    this.sentence(m);
    this.secondary(m, changed);
    if (m.body || m.number !== null || changed) drawBody($("canvas"), $("video"), m.body, m.marks);
  }

  bar(m) {
    const block = OF_THE_SESSION.includes(m.question?.asks) ? null : m.block ?? m.next_block;
    show($("what"), block !== null);
    if (block) {
      text($("title"), `${block.title}`);
      text($("subtitle"), block.sets > 1 ? `${block.side_label} · ${block.set_label}` : block.side_label);
    }
    const paused = m.stage === "paused";
    const button = $("b-pause");
    button.disabled = !m.actions.includes("pause") && !m.actions.includes("resume");
    const resumes = m.actions.includes("resume");
    text(button.lastElementChild, resumes ? this.words.resume : this.words.pause);
    button.querySelector("use").setAttribute("href", resumes ? "#i-play" : "#i-pause");
    flag(document.body, "data-paused", paused);
    $("b-hurts").disabled = !m.actions.includes("hurts");
    $("b-end").disabled = !m.actions.includes("end");
  }

  checks(m) {
    const list = $("ticks");
    while (list.children.length < m.checks.length) {
      list.append(make("li", {}, icon("unknown"), make("span", {}, make("span"), make("span", { class: "hidden" }))));
    }
    while (list.children.length > m.checks.length) list.lastElementChild.remove();
    m.checks.forEach((check, index) => {
      const item = list.children[index];
      flag(item, "data-state", check.state);
      item.querySelector("use").setAttribute("href", `#i-${check.state}`);
      text(item.lastElementChild.firstElementChild, check.label);
      text(item.lastElementChild.lastElementChild, `: ${this.words[`state_${check.state}`]}`);
    });
    $("still").value = m.progress;
  }

  // Where to stand or lie, seen from above.
  place(posture) {
    show($("place"), Boolean(posture));
    show($("place-upright"), posture === "upright");
    show($("place-lying"), posture === "lying");
    if (posture) text($("place-text"), this.words[`place_${posture}`]);
  }

  // How it goes: a picture that moves, the steps, and where the camera stands.
  how(block) {
    show($("how"), Boolean(block));
    const which = block ? `${block.exercise}/${block.side}` : "";
    if (which === this.shown || !block) return;
    this.shown = which;
    show($("how-picture"), block.pictured);
    $("how-picture").replaceChildren(...(block.pictured ? movingPicture(block.exercise, block.side, block.title, this.words) : []));
    $("how-asked").replaceChildren(...block.asked.map((line) => make("li", {}, line)));
    show($("how-asked"), block.asked.length > 0);
    $("how-steps").replaceChildren(...block.how.map((step) => make("li", {}, step)));
    text($("how-camera"), `${this.words.camera}: ${block.camera_where}`);
  }

  count(count) {
    const most = count.target_to;
    const share = most > 0 && count.value !== null ? Math.min(1, count.value / most) : 0;
    text($("count"), count.value === null ? "–" : String(count.value));
    const target = count.target_from < most ? `${count.target_from}–${most}` : String(most);
    text($("count-of"), `${this.words.of} ${target} ${count.label}`);
    $("ring-fill").style.strokeDasharray = `${share * RING} ${RING}`;
    show($("ring-fill"), share > 0);
    show($("ring-notch"), count.target_from < most);
    $("ring-notch").style.transform = `rotate(${(count.target_from / most) * 360}deg)`;
  }

  // Low values are at the top: the body goes down as they grow.
  gauge(gauge, part) {
    this.gaugePart = part;
    const place = (value) => 100 * Math.min(1, Math.max(0, (value - gauge.low) / (gauge.high - gauge.low)));
    const [low, high] = gauge.target, known = gauge.value !== null;
    text($("gauge-label"), gauge.label);
    text($("gauge-value"), known ? `${Math.round(Math.max(gauge.low, gauge.value))}${gauge.unit}` : "–");
    text($("gauge-target"), `${this.words.target} ${low}–${high}${gauge.unit}`);
    $("gauge-zone").style.top = `${place(low)}%`;
    $("gauge-zone").style.height = `${place(high) - place(low)}%`;
    show($("gauge-needle"), known);
    if (known) $("gauge-needle").style.top = `${place(gauge.value)}%`;
    flag($("gauge"), "data-inside", known && gauge.value >= low && gauge.value <= high);
  }

  breath(breath) {
    $("breath-circle").style.transform = `scale(${0.35 + 0.65 * breath.fill})`;
    flag($("breath"), "data-direction", breath.direction || "none");
    text($("breath-label"), breath.label);
    text($("breath-paced"), breath.paced ? this.words.paced : "");
  }

  middle(m) {
    let number = "", words = "";
    if (m.stage === "countdown" && m.countdown > 0) number = String(m.countdown);
    else if (m.stage === "rest") {
      const left = Math.ceil(m.rest_left_s);
      number = left < 100 ? String(left) : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      words = left < 100 ? this.words.seconds : this.words.warm_up;
    }
    text($("middle-number"), number);
    text($("middle-text"), words);
    show($("middle"), number !== "");
    if (number) return;
    show($("middle"), m.stage === "paused" && m.pause === "asked");
    text($("middle-text"), m.stage === "paused" ? this.words.paused : "");
  }

  sentence(m) {
    // While counting down the number is large in the middle.
    const words = m.stage === "countdown" && m.sentence === String(m.countdown) ? "" : m.sentence;
    text($("sentence-text"), words);
    show($("sentence"), words !== "");
    show($("sentence-mark"), m.marks.length > 0);
  }

  secondary(m, changed) {
    const offered = (name) => m.actions.includes(name);
    const quiet = m.stage === "exercise";
    const finish = m.count?.may_finish ?? false;
    show($("b-resume"), offered("resume"));
    text($("b-resume"), this.words.resume);
    show($("b-next"), offered("next") && (["setup", "rest", "paused"].includes(m.stage) || (quiet && finish)));
    text($("b-next"), finish ? this.words.finish : m.stage === "rest" ? this.words.rest_over : this.words.next);
    show($("b-side"), offered("other_side") && ["setup", "rest", "paused"].includes(m.stage));
    text($("b-side"), this.words.other_side);
    show($("b-how"), offered("explain") && ["setup", "rest"].includes(m.stage));
    text($("b-how"), this.words.how);
    show($("bottom-volume"), ["setup", "paused"].includes(m.stage));
    if (changed && offered("resume")) $("b-resume").focus();
  }

  notice(m) {
    if (this.page !== "notice") {
      text($("notice-head"), m.sentence);
      const box = $("notice-text");
      box.replaceChildren();
      let list = null;
      for (const line of m.notice) {
        // Lines between the one that ends in a colon and the next full sentence are a list.
        if (list && !/[.!?]$/.test(line)) list.append(make("li", {}, line));
        else {
          box.append(make("p", {}, line));
          list = line.endsWith(":") ? box.appendChild(make("ul")) : null;
        }
      }
    }
    this.open("notice");
  }

  askQuestion(m) {
    const state = [m.question.asks, m.question.question, m.question.score, m.question.chosen].join(" ");
    const asking = m.actions.includes("score"), choosing = m.actions.includes("choose");
    const scale = $("question-scale");
    if (this.page === "question" && this.asked === state) return;
    this.asked = state;
    this.bar(m);
    show($("top"), true);
    const head = m.question.advice.length ? m.question.advice[0] : m.question.score === null ? m.question.question : m.question.choose;
    text($("question-head"), head);
    text($("question-choose"), choosing && head !== m.question.choose ? m.question.choose : "");
    show($("question-choose"), $("question-choose").textContent !== "");
    $("question-options").replaceChildren(
      ...m.question.options.map(([key, label]) =>
        make("button", { type: "button", "data-option": key, "aria-pressed": String(key === m.question.chosen), disabled: !choosing }, label)));
    show($("question-options"), m.question.options.length > 0);
    $("question-advice").replaceChildren(...m.question.advice.slice(1).map((line) => make("p", {}, line)));
    scale.replaceChildren();
    if (asking) {
      for (let score = 0; score <= 10; score += 1) {
        scale.append(make("button", { type: "button", "data-score": score }, String(score)));
      }
    }
    show(scale, asking);
    show($("question-ends"), asking);
    text($("question-least"), `0: ${m.question.least}`);
    text($("question-most"), `10: ${m.question.most}`);
    // Where an option is the answer, nothing else goes on.
    show($("b-question-next"), m.actions.includes("next") && !["another", "progress"].includes(m.question.asks));
    const aside = ["effort", "another", "progress"].includes(m.question.asks);
    text($("b-question-next"), asking ? this.words.skip_question : this.words.go_on);
    flag($("b-question-next"), "class", asking ? null : "main");
    show($("b-question-end"), !aside && (m.question.asks !== "hurts" || !asking));
    this.open("question");
    $("question-head").focus();
  }

  summary(m) {
    if (this.page === "result" || !m.summary) return;
    const kept = m.session
      ? [make("p", { class: "note" }, fill(this.words.kept, { number: m.session })), ...this.report(m)]
      : m.problem ? [make("p", { class: "note" }, fill(this.words.not_kept, m))] : [];
    text($("result-head"), m.summary.headline);
    $("result-text").replaceChildren(...summaryParts(m.summary, this.words), ...kept);
    show($("b-save"), false);
    show($("b-hurts-now"), m.actions.includes("hurts"));
    this.open("result");
  }

  // Only where something was done is there a report.
  report(m) {
    const attributes = { class: "button", href: `/history/${m.session}/report`, target: "_blank", rel: "noopener", "aria-label": this.words.report_open };
    return m.summary.exercises.length ? [make("p", {}, make("a", attributes, this.words.report_open))] : [];
  }

  trouble(head, words, button = "", onPress = null) {
    text($("trouble-head"), head);
    text($("trouble-text"), words);
    text($("b-trouble"), button);
    show($("b-trouble"), button !== "");
    $("b-trouble").onclick = onPress;
    this.open("");
    this.open("trouble");
  }
}

export const showsPicture = (stage) => PICTURE_STAGES.includes(stage);
