// The socket: one frame at a time, each answered before the next is sent; it comes back by itself when it was lost.

import { packFrame } from "./frame.js";

const AGAIN_MS = 1500;
const PATIENCE_MS = 6000;
export const TAKEN_OVER = 4001, TOO_MANY = 4002, SHUT = 1012;

export class Link {
  constructor(onMessage, onState) {
    this.onMessage = onMessage;
    this.onState = onState;
    this.number = 0;
    this.waitingFor = null;
    this.sentAt = -Infinity;
    this.answeredAt = performance.now();
    this.socket = null;
    this.wanted = true;
  }

  open() {
    this.wanted = true;
    this.waitingFor = null;
    const socket = new WebSocket(`ws://${location.host}/socket`);
    this.socket = socket;
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.number !== null && message.number === this.waitingFor) {
        this.waitingFor = null;
        this.answeredAt = performance.now();
      }
      this.onMessage(message);
    };
    socket.onclose = (event) => {
      if (this.socket !== socket) return;
      const final = [TAKEN_OVER, TOO_MANY, SHUT].includes(event.code);
      this.onState(final ? event.code : "lost");
      if (this.wanted && !final) setTimeout(() => this.open(), AGAIN_MS);
    };
  }

  get ready() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  // Whether a frame may be sent: none is under way, or its answer is not to be expected any more.
  get idle() {
    return this.ready && (this.waitingFor === null || performance.now() - this.sentAt > PATIENCE_MS);
  }

  send(message) {
    if (this.ready) this.socket.send(JSON.stringify(message));
  }

  action(name, more = {}) {
    this.send({ type: "action", name, ...more });
  }

  // Take the place for the frame that is about to be packed.
  reserve() {
    this.waitingFor = this.number = (this.number + 1) % 0x100000000;
    this.sentAt = performance.now();
    return this.waitingFor;
  }

  frame(number, capturedMs, jpeg) {
    if (!this.ready || this.waitingFor !== number) return;
    this.socket.send(packFrame(number, capturedMs, jpeg));
  }
}
