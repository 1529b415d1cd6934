// The browser's camera. Pictures are packed as they come, never mirrored, and only when one is wanted.

const LONGEST_SIDE = 1280;
const QUALITY = 0.85;
const AGAIN_MS = 1000;
const BETWEEN_MS = 45; // about twenty pictures a second are plenty

export class Camera {
  // wants: whether a frame may be sent now. take(): a number for it. give(number, capturedMs, jpeg).
  // facing: "user" or, on a phone, "environment".
  constructor(video, { wants, take, give, onProblem, onOpen, facing = "user" }) {
    Object.assign(this, { video, wants, take, give, onProblem, onOpen, facing });
    this.sheet = document.createElement("canvas");
    this.stream = null;
    this.wanted = false;
    this.opening = false;
    this.known = false; // whether it was ever there in this session
    this.openedAt = -Infinity;
    this.lastAt = -Infinity;
    navigator.mediaDevices?.addEventListener?.("devicechange", () => this.wanted && !this.stream && this.open());
  }

  get live() {
    return this.stream !== null;
  }

  async open() {
    this.wanted = true;
    if (this.stream || this.opening) return;
    this.opening = true;
    this.openedAt = performance.now();
    try {
      const asked = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: this.facing };
      const stream = await navigator.mediaDevices.getUserMedia({ video: asked, audio: false });
      if (!this.wanted) return stop(stream);
      this.stream = stream;
      this.known = true;
      stream.getVideoTracks()[0].addEventListener("ended", () => this.lose());
      this.video.srcObject = stream;
      await this.video.play();
      this.onOpen();
      this.next();
    } catch (error) {
      this.onProblem(error?.name ?? "");
      if (error?.name !== "NotAllowedError") this.again();
    } finally {
      this.opening = false;
    }
  }

  // It went away by itself: the session waits, and the camera is looked for.
  lose() {
    this.drop();
    this.again();
  }

  again() {
    setTimeout(() => this.wanted && this.open(), AGAIN_MS);
  }

  close() {
    this.wanted = false;
    this.drop();
  }

  drop() {
    if (this.stream) stop(this.stream);
    this.stream = null;
    this.video.srcObject = null;
  }

  next() {
    const { stream } = this;
    if (!stream) return;
    if (this.video.requestVideoFrameCallback) {
      this.video.requestVideoFrameCallback((now, data) => this.stream === stream && this.picture(captureTime(now, data)));
    } else {
      setTimeout(() => this.stream === stream && this.picture(performance.now()), 33);
    }
  }

  picture(capturedMs) {
    this.next();
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || !this.wants() || capturedMs - this.lastAt < BETWEEN_MS) return;
    this.lastAt = capturedMs;
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
    this.sheet.width = Math.round(width * scale);
    this.sheet.height = Math.round(height * scale);
    this.sheet.getContext("2d", { alpha: false }).drawImage(this.video, 0, 0, this.sheet.width, this.sheet.height);
    const number = this.take();
    this.sheet.toBlob(async (blob) => blob && this.give(number, capturedMs, await blob.arrayBuffer()), "image/jpeg", QUALITY);
  }
}

function captureTime(now, data) {
  const captured = data?.captureTime;
  return Number.isFinite(captured) && Math.abs(captured - now) < 2000 && captured >= 0 ? captured : now;
}

function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
