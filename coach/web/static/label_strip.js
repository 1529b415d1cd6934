// Time as a picture: the whole video above, the seconds around the present below, and the coach's curves under them.

const WINDOW_S = 20;
const INK = "#ffffff", QUIET = "#b9c5cc", GRID = "#2f3b44", LINES = ["#5eead4", "#fbbf24", "#93c5fd"];
export const COLOURS = { movement: "#5eead4", breath: "#93c5fd", hold: "#c4b5fd", fault: "#fb923c" };

// The seconds that are shown around a moment, no further than the video goes.
export function around(now, duration) {
  if (duration <= WINDOW_S) return [0, Math.max(duration, 0.1)];
  const start = Math.min(Math.max(now - WINDOW_S / 2, 0), duration - WINDOW_S);
  return [start, start + WINDOW_S];
}

// A canvas of its own pixels, with sizes in CSS pixels.
function prepared(canvas) {
  const scale = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";
  context.textBaseline = "middle";
  return [context, width, height];
}

function line(context, x, top, bottom, colour, width = 1) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
}

function hold(context, at, top, bottom, [start, end]) {
  if (start === null && end === null) return;
  const from = at(start ?? end), to = at(end ?? start);
  context.fillStyle = COLOURS.hold + "40";
  context.fillRect(from, top, to - from, bottom - top);
  for (const edge of [start, end]) if (edge !== null) line(context, at(edge), top, bottom, COLOURS.hold, 2);
}

function triangle(context, x, y, size, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y - size);
  context.lineTo(x, y + size);
  context.fill();
}

function ticks(context, at, [from, to], top, bottom) {
  const step = [1, 2, 5, 10, 30, 60, 300, 600].find((each) => (to - from) / each <= 12) ?? 1800;
  for (let t = Math.ceil(from / step) * step; t <= to + 1e-6; t += step) {
    line(context, at(t), top, bottom, GRID);
    context.fillStyle = QUIET;
    context.textAlign = at(t) < 12 ? "left" : at(t) > context.canvas.clientWidth - 12 ? "right" : "center";
    context.fillText(`${t}`, at(t), bottom - 8);
  }
}

// items: [{ kind, t, label, dim }]; span: start and end of the hold, null where not marked.
export function drawStrip(canvas, { items, span, now, duration }) {
  const [context, width, height] = prepared(canvas);
  const overview = 20, shown = around(now, duration);
  const whole = (t) => (t / Math.max(duration, 0.1)) * width;
  context.fillStyle = "#1f2830";
  context.fillRect(0, 0, width, overview);
  context.fillStyle = "#3a4852";
  context.fillRect(whole(shown[0]), 0, Math.max(whole(shown[1]) - whole(shown[0]), 2), overview);
  hold(context, whole, 0, overview, span);
  for (const each of items) line(context, whole(each.t), 4, overview - 4, COLOURS[each.kind], 2);
  line(context, whole(now), 0, overview, INK, 2);

  const at = (t) => ((t - shown[0]) / (shown[1] - shown[0])) * width;
  ticks(context, at, shown, overview, height);
  hold(context, at, overview + 4, height - 18, span);
  for (const each of items) {
    const x = at(each.t);
    if (x < -20 || x > width + 20) continue;
    const row = { movement: 0, breath: 1, fault: 2, hold: 3 }[each.kind];
    const y = overview + 14 + row * 18;
    line(context, x, overview + 4, height - 18, COLOURS[each.kind] + (each.dim ? "55" : "aa"));
    if (each.kind === "hold") continue;
    triangle(context, x, y, 5, COLOURS[each.kind]);
    context.fillStyle = INK;
    context.textAlign = x > width - 90 ? "right" : "left";
    context.fillText(each.label, x + (x > width - 90 ? -9 : 9), y);
  }
  line(context, at(now), overview, height, INK, 2);
}

// One panel of the coach's signals in the same seconds.
export function drawCurve(canvas, panel, { items, span, now, duration }) {
  const [context, width, height] = prepared(canvas);
  const shown = around(now, duration), at = (t) => ((t - shown[0]) / (shown[1] - shown[0])) * width;
  const values = panel.lines.flatMap((each) => each.values.filter((value) => value !== null));
  let low = Math.min(0, ...values), high = Math.max(1, ...values);
  const room = (high - low) * 0.08;
  [low, high] = [low - room, high + room];
  const y = (value) => height - 6 - ((value - low) / (high - low)) * (height - 28);
  ticks(context, at, shown, 0, 0);
  line(context, 0, y(0), y(0), GRID);
  context.fillStyle = GRID;
  context.fillRect(0, y(0), width, 1);
  hold(context, at, 20, height, span);
  for (const each of items) line(context, at(each.t), 20, height, COLOURS[each.kind] + "88");
  panel.lines.forEach((each, number) => {
    context.strokeStyle = LINES[number % LINES.length];
    context.lineWidth = 1.8;
    context.beginPath();
    let pen = false;
    each.values.forEach((value, i) => {
      const t = each.t_s[i];
      if (value === null || t < shown[0] - 1 || t > shown[1] + 1) { pen = false; return; }
      context[pen ? "lineTo" : "moveTo"](at(t), y(value));
      pen = true;
    });
    context.stroke();
  });
  context.textAlign = "left";
  context.fillStyle = INK;
  context.fillText(`${panel.title}${panel.unit ? `, ${panel.unit}` : ""}`, 8, 10);
  if (panel.lines.length > 1) {
    let x = 16 + context.measureText(`${panel.title}, ${panel.unit}`).width;
    panel.lines.forEach((each, number) => {
      context.fillStyle = LINES[number % LINES.length];
      context.fillText(each.label, x, 10);
      x += context.measureText(each.label).width + 12;
    });
  }
  line(context, at(now), 0, height, INK, 2);
}

// The moment under a click: in the overview of the whole, or in the seconds shown.
export function timeAt(event, canvas, now, duration, overview) {
  const box = canvas.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
  if (overview && event.clientY - box.top < 20) return share * duration;
  const [from, to] = around(now, duration);
  return from + share * (to - from);
}
