// What axe does not look at, or cannot know: contrast of 7:1 (WCAG 2.2's formula) of everything that is read, also over
// the camera's picture, where a white wall may be; type large enough; targets large enough and inside the screen.
// Gives a list of findings.
(() => {
  const found = [];
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && e.getClientRects().length > 0;
  const parse = (c) => { const n = c.match(/[\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05); };
  const reading = !document.body.hasAttribute("data-camera") || document.body.hasAttribute("data-reading");
  const ground = (e) => {
    const layers = [];
    for (let n = e; n; n = n.parentElement) {
      const c = parse(getComputedStyle(n).backgroundColor);
      if (c[3] > 0 && n !== document.body && n !== document.documentElement) { layers.push(c); if (c[3] === 1) break; }
    }
    let under = reading ? [10, 14, 18, 1] : [255, 255, 255, 1];
    if (e.closest(".ring")) under = over([10, 14, 18, .88], under);
    return layers.reverse().reduce((b, a) => over(a, b), under);
  };
  for (const e of document.querySelectorAll("button, a[href]")) {
    if (!seen(e)) continue;
    const box = e.getBoundingClientRect(), name = e.id || e.textContent;
    if (box.width < 44 || box.height < 44) found.push(`small: ${name} ${box.height}`);
    if (box.right > innerWidth + 1 || box.left < -1) found.push(`outside: ${name}`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = walker.nextNode());) {
    const e = n.parentElement;
    if (!n.textContent.trim() || !seen(e) || e.closest(".hidden, :disabled, option, script, noscript")) continue;
    const style = getComputedStyle(e);
    const ratio = contrast(over(parse(style.color), ground(e)), ground(e));
    if (ratio < 7) found.push(`contrast ${ratio.toFixed(1)}: ${n.textContent.trim().slice(0, 40)}`);
    if (parseFloat(style.fontSize) < 14) found.push(`tiny: ${n.textContent.trim().slice(0, 40)}`);
  }
  return found;
})()
