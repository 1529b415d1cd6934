// The body over the live picture: thin, neutral, and only what the present sentence speaks of is marked.

const BONES = [
  [11, 12], [11, 13], [13, 15], [12, 14], [14, 16], [11, 23], [12, 24], [23, 24],
  [23, 25], [25, 27], [27, 31], [24, 26], [26, 28], [28, 32],
];
const JOINTS = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28];

export function drawBody(canvas, video, body, marks) {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio), height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const sheet = canvas.getContext("2d");
  sheet.clearRect(0, 0, width, height);
  if (!body || !video.videoWidth) return;
  const at = place(video, width, height);
  const points = body.map(([x, y]) => (x === null || y === null ? null : at(x, y)));
  const unit = Math.max(1, Math.min(width, height) / 360);
  const bones = new Path2D();
  for (const [from, to] of BONES) {
    if (!points[from] || !points[to]) continue;
    bones.moveTo(...points[from]);
    bones.lineTo(...points[to]);
  }
  sheet.lineCap = "round";
  stroke(sheet, bones, unit * 2.6, "rgba(10, 14, 18, .55)");
  stroke(sheet, bones, unit * 1.1, "rgba(236, 240, 242, .9)");
  sheet.fillStyle = "#ecf0f2";
  for (const joint of JOINTS) {
    if (!points[joint]) continue;
    sheet.beginPath();
    sheet.arc(...points[joint], unit * 1.7, 0, 7);
    sheet.fill();
  }
  for (const joint of marks) {
    if (points[joint]) diamond(sheet, ...points[joint], unit * 11, unit);
  }
}

function stroke(sheet, path, width, colour) {
  sheet.lineWidth = width;
  sheet.strokeStyle = colour;
  sheet.stroke(path);
}

function diamond(sheet, x, y, size, unit) {
  const path = new Path2D();
  path.moveTo(x, y - size);
  path.lineTo(x + size, y);
  path.lineTo(x, y + size);
  path.lineTo(x - size, y);
  path.closePath();
  stroke(sheet, path, unit * 5, "rgba(10, 14, 18, .8)");
  stroke(sheet, path, unit * 2.6, "#5eead4");
}

// Shares of the picture to pixels of the canvas, as the video element fits it.
function place(video, width, height) {
  const whole = getComputedStyle(video).objectFit === "contain";
  const across = width / video.videoWidth, down = height / video.videoHeight;
  const scale = whole ? Math.min(across, down) : Math.max(across, down);
  const shown = [video.videoWidth * scale, video.videoHeight * scale];
  const left = (width - shown[0]) / 2, top = (height - shown[1]) / 2;
  return (x, y) => [left + x * shown[0], top + y * shown[1]];
}
