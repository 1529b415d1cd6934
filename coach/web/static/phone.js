// The phone's page: shows the number to compare, then sends a picture whenever the computer asks for one.

import { Camera } from "./camera.js";
import { $, flag, show, text } from "./dom.js";
import { packFrame } from "./frame.js";

const AGAIN_MS = 1500;
const REPLACED = 4003, REFUSED = 4004;

if (location.search) history.replaceState(null, "", "/");

let words = {}, number = "", accepted = false, wanted = false, count = 0, socket = null, over = false, awake = null;

const camera = new Camera($("video"), {
  wants: () => wanted && accepted && socket?.readyState === WebSocket.OPEN && socket.bufferedAmount === 0,
  take: () => {
    wanted = false;
    return (count = (count + 1) % 0x100000000);
  },
  give: send,
  onOpen: render,
  onProblem: () => say(words.phone_title, words.phone_denied),
  facing: "environment",
});

function send(frame, capturedMs, jpeg) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(packFrame(frame, capturedMs, jpeg));
}

function connect() {
  socket = new WebSocket(`wss://${location.host}/camera`);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "hello") {
      ({ words, number } = message);
      accepted = false;
      document.documentElement.lang = message.language;
      document.title = words.phone_title;
      text($("b-open"), words.phone_open);
      text($("b-turn"), words.phone_turn);
    } else if (message.type === "accepted") {
      accepted = true;
      stayAwake();
    } else if (message.type === "next") wanted = true;
    if (message.type !== "next") render();
  };
  socket.onclose = (event) => {
    accepted = wanted = false;
    over = [REPLACED, REFUSED, 1008].includes(event.code);
    if (over) camera.close();
    if (words.phone_title) render();
    say(words.phone_title, over ? words.phone_over : words.phone_lost);
    if (!over) setTimeout(connect, AGAIN_MS);
  };
}

function say(head, sentence) {
  text($("head"), head);
  text($("text"), sentence);
}

function render() {
  const opened = camera.live;
  flag(document.body, "data-setup", !opened || !accepted);
  show($("b-open"), !opened && !over);
  show($("b-turn"), opened && !over);
  show($("number"), opened && !accepted && !over);
  text($("number"), number);
  if (!opened) say(words.phone_title, words.phone_open_text);
  else if (!accepted) say(words.phone_title, words.phone_compare);
  else say(words.phone_is_camera, words.phone_lean);
}

// A dark screen would be the end of the pictures.
async function stayAwake() {
  try {
    awake ??= await navigator.wakeLock?.request("screen");
    awake?.addEventListener("release", () => (awake = null));
  } catch {
    awake = null;
  }
}

document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && accepted && stayAwake());
$("b-open").addEventListener("click", () => camera.open());
$("b-turn").addEventListener("click", () => {
  camera.close();
  camera.facing = camera.facing === "user" ? "environment" : "user";
  camera.open();
});

connect();
