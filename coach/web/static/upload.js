// A recorded file, dropped or chosen: sent to the coach on this computer, which answers with lines of JSON.

import { $, fill, show, text } from "./dom.js";
import { everyOne, summaryParts } from "./summary.js";

export class Files {
  // may(): whether a file may be taken now. onDone(): the page is home again.
  constructor(view, { may, choice, onShown }) {
    Object.assign(this, { view, may, choice, onShown });
    this.stopping = null;
    this.result = null;
    $("file").addEventListener("change", () => {
      if ($("file").files.length) this.take($("file").files[0]);
      $("file").value = "";
    });
    for (const kind of ["dragenter", "dragover"]) addEventListener(kind, (event) => this.over(event, true));
    for (const kind of ["dragleave", "drop"]) addEventListener(kind, (event) => this.over(event, false));
    addEventListener("drop", (event) => this.may() && event.dataTransfer.files.length && this.take(event.dataTransfer.files[0]));
    $("b-stop").addEventListener("click", () => this.stopping?.abort());
    $("b-save").addEventListener("click", () => this.save());
  }

  over(event, inside) {
    event.preventDefault();
    document.body.toggleAttribute("data-dropping", inside && this.may());
  }

  async take(file) {
    const { words } = this.view;
    text($("file-problem"), "");
    text($("busy-name"), fill(words.files_copying, { name: file.name }));
    text($("busy-text"), "");
    $("busy-share").removeAttribute("value");
    this.view.open("busy-file");
    this.stopping = new AbortController();
    try {
      const wishes = new URLSearchParams({ name: file.name, ...this.choice() });
      const answer = await fetch(`/analyse?${wishes}`, { method: "POST", body: file, signal: this.stopping.signal });
      if (!answer.ok) throw new Problem((await answer.json()).error);
      text($("busy-name"), fill(words.files_busy, { name: file.name }));
      for await (const line of lines(answer.body)) this.line(line, file.name);
    } catch (error) {
      const stopped = error.name === "AbortError";
      const problem = error instanceof Problem ? error.message : "failed";
      this.view.open("home");
      text($("file-problem"), stopped ? "" : words[`error_${problem}`] ?? problem);
    } finally {
      this.stopping = null;
    }
  }

  line(line, name) {
    const { words } = this.view;
    if (line.error) throw new Problem(line.problem ? `${line.problem}. ${line.remedy}` : line.error);
    if (line.progress !== undefined) {
      if (line.progress === null) return;
      $("busy-share").value = line.progress;
      text($("busy-text"), fill(words.files_of, { share: Math.round(line.progress * 100) }));
      return;
    }
    this.result = line.result;
    text($("result-head"), line.found ? name : words.file_none);
    const remarks = line.remarks.map((remark) => Object.assign(document.createElement("p"), { className: "note", textContent: remark }));
    $("result-text").replaceChildren(...(line.found ? summaryParts(line.summary, words) : []), ...everyOne(line.result, words, line.names), ...remarks);
    show($("b-save"), true);
    show($("b-hurts-now"), false);
    this.view.open("result");
    this.onShown();
  }

  save() {
    const address = URL.createObjectURL(new Blob([JSON.stringify(this.result, null, 1)], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: address, download: "result.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }
}

class Problem extends Error {}

async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}
