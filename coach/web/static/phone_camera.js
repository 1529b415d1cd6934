// The phone as the camera: its pictures arrive through the coach, are shown here, and are sent on as this page's own.

import { unpackFrame } from "./frame.js";

const AGAIN_MS = 1500;
const PATIENCE_MS = 4000; // without a picture for this long, the phone is asked again
const LOOK_MS = 15; // between looks at whether a picture is wanted
const LEARNING = 40; // pictures, of which the fastest tells how far the two clocks are apart

export class PhoneCamera {
  // As Camera. onState(state, number): "none", "asks" or "accepted", and the number that the phone shows.
  constructor(video, { wants, take, give, onProblem, onOpen, onState }) {
    Object.assign(this, { video, wants, take, give, onProblem, onOpen, onState });
    this.sheet = document.createElement("canvas");
    this.socket = null;
    this.paired = false;
    this.wanted = false;
    this.opening = false;
    this.known = false;
    this.openedAt = -Infinity;
    this.pictureAt = -Infinity;
    this.askedAt = -Infinity;
    this.asked = false;
    this.apartMs = Infinity;
    this.learned = 0;
    this.looking = null; // a timer, while pictures are wanted
  }

  get live() {
    return this.wanted && performance.now() - this.pictureAt < PATIENCE_MS;
  }

  // A link for the phone. The phone before is forgotten.
  async ask() {
    this.connect();
    const answer = await fetch("/phone/link", { method: "POST" });
    return (await answer.json()).link;
  }

  accept() {
    this.send({ type: "accept", number: this.number });
  }

  refuse() {
    this.send({ type: "refuse" });
  }

  leave() {
    this.close();
    this.refuse();
    this.paired = false;
  }

  open() {
    this.wanted = true;
    this.openedAt = performance.now();
    this.looking ??= setInterval(() => this.askNext(), LOOK_MS);
    if (!this.paired && !this.known) this.onProblem("");
  }

  close() {
    this.wanted = false;
    clearInterval(this.looking);
    this.looking = null;
    this.video.srcObject = null;
    this.track = null;
  }

  connect() {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    const socket = new WebSocket(`ws://${location.host}/phone`);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => (typeof data === "string" ? this.told(JSON.parse(data)) : this.picture(data));
    socket.onclose = () => this.socket === socket && setTimeout(() => this.connect(), AGAIN_MS);
    this.socket = socket;
  }

  told({ state, number }) {
    this.paired = state === "accepted";
    this.number = number;
    this.asked = false;
    this.apartMs = Infinity; // a page that was loaded again has another clock
    this.learned = 0;
    this.onState(state, number);
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  askNext() {
    const t = performance.now();
    if (!this.wanted || !this.paired || (this.asked && t - this.askedAt < PATIENCE_MS) || !this.wants()) return;
    this.asked = true;
    this.askedAt = t;
    this.send({ type: "next" });
  }

  async picture(data) {
    this.asked = false;
    if (!this.wanted) return;
    const now = performance.now(), { capturedMs, jpeg } = unpackFrame(data);
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" })).catch(() => null);
    if (!bitmap || !this.wanted) return;
    this.pictureAt = now;
    if (this.learned < LEARNING) {
      this.learned += 1;
      this.apartMs = Math.min(this.apartMs, now - capturedMs);
    }
    this.show(bitmap);
    if (this.wants()) this.give(this.take(), capturedMs + this.apartMs, jpeg);
  }

  // Through a stream into the page's video, so that all that lies over it finds it as ever.
  show(bitmap) {
    const { sheet, video } = this;
    const changed = sheet.width !== bitmap.width || sheet.height !== bitmap.height;
    if (changed) Object.assign(sheet, { width: bitmap.width, height: bitmap.height });
    sheet.getContext("2d", { alpha: false }).drawImage(bitmap, 0, 0);
    bitmap.close();
    if (!this.track) {
      const stream = sheet.captureStream(0);
      [this.track] = stream.getVideoTracks();
      video.srcObject = stream;
      video.addEventListener("loadeddata", () => this.wanted && this.onOpen(), { once: true });
      video.play().catch(() => {});
      this.known = true;
    }
    this.track.requestFrame();
  }
}
