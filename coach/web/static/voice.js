// Speaks by the browser's own voice, and makes a few small sounds. Voices that live on other computers are not used.

const STUCK_MS = 12000;
const RECIPES = {
  count: [[880, 0, 0.09]],
  countdown: [[587, 0, 0.12]],
  go: [[784, 0, 0.12], [1047, 0.12, 0.2]],
  correct: [[392, 0, 0.12], [330, 0.14, 0.18]],
  stop: [[262, 0, 0.35]],
  done: [[523, 0, 0.14], [659, 0.14, 0.14], [784, 0.28, 0.3]],
};

export class Voice {
  constructor() {
    this.language = "en";
    this.waiting = [];
    this.speaking = null;
    this.sounds = null;
    this.volume = read("volume", 0.8);
    this.muted = read("muted", 0) === 1;
    globalThis.speechSynthesis?.getVoices();
  }

  get voice() {
    const voices = (globalThis.speechSynthesis?.getVoices() ?? []).filter((voice) => voice.localService);
    const own = voices.filter((voice) => voice.lang.toLowerCase().replace("_", "-").startsWith(this.language));
    return own.find((voice) => voice.default) ?? own[0] ?? null;
  }

  // Browsers make sound only after a click.
  wake() {
    this.sounds ??= new AudioContext();
    this.sounds.resume();
  }

  setVolume(volume) {
    this.volume = Math.min(1, Math.max(0, Math.round(volume * 10) / 10));
    write("volume", this.volume);
  }

  setMuted(muted) {
    this.muted = muted;
    write("muted", muted ? 1 : 0);
    if (muted) this.hush();
  }

  hush() {
    this.waiting = [];
    this.speaking = null;
    globalThis.speechSynthesis?.cancel();
  }

  // sentences: as the guide gives them, most urgent first. One that could not begin in time is left out.
  say(sentences) {
    for (const sentence of sentences) {
      if (sentence.urgent) this.hush();
      this.waiting.push({ ...sentence, until: performance.now() + sentence.valid_s * 1000 });
      this.sound(soundOf(sentence));
    }
    this.waiting.sort((a, b) => a.priority - b.priority);
    this.next();
  }

  next() {
    const now = performance.now();
    if (this.speaking && now - this.speaking.since < STUCK_MS) return;
    this.speaking = null;
    this.waiting = this.waiting.filter((sentence) => sentence.until > now);
    const sentence = this.waiting.shift();
    const { voice } = this;
    if (!sentence || this.muted || !voice) return;
    const words = new SpeechSynthesisUtterance(sentence.text);
    Object.assign(words, { voice, lang: voice.lang, volume: this.volume, rate: 0.98 });
    const mine = (this.speaking = { since: now, words });
    words.onend = words.onerror = () => {
      if (this.speaking !== mine) return;
      this.speaking = null;
      this.next();
    };
    speechSynthesis.speak(words);
  }

  sound(name) {
    if (!name || this.muted || this.sounds?.state !== "running") return;
    for (const [frequency, after, length] of RECIPES[name]) {
      const at = this.sounds.currentTime + after;
      const tone = this.sounds.createOscillator();
      const gain = this.sounds.createGain();
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(0.16 * this.volume, at + 0.012);
      gain.gain.exponentialRampToValueAtTime(0.0005, at + length);
      tone.connect(gain).connect(this.sounds.destination);
      tone.start(at);
      tone.stop(at + length + 0.02);
    }
  }
}

function soundOf({ key, priority }) {
  if (key === "count") return "count";
  if (key === "countdown") return "countdown";
  if (key.startsWith("go_") || key === "resumed") return "go";
  if (key === "reps_done" || key.startsWith("hold_done")) return "done";
  if (key.startsWith("paused_") || key === "pain_ask") return "stop";
  return priority === 4 && key !== "praise" ? "correct" : null;
}

function read(name, otherwise) {
  try {
    const value = Number.parseFloat(localStorage.getItem(`coach-${name}`));
    return Number.isFinite(value) ? value : otherwise;
  } catch {
    return otherwise;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(`coach-${name}`, String(value));
  } catch {
    // Kept for this page only, then.
  }
}
