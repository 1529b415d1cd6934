// Small helpers around the document. Text is only ever set as text.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

// It moves, unless the person asked their computer for less motion: then one drawing shows both ends.
export function movingPicture(exercise, side, title, words) {
  const address = `/picture/${encodeURIComponent(exercise)}/${side}`;
  return [
    make("source", { media: "(prefers-reduced-motion: reduce)", srcset: `${address}?still` }),
    make("img", { src: address, alt: fill(words.picture_of, { title }), width: 200, height: 200 }),
  ];
}

// Writes only what changed: a screen reader and the layout are left in peace otherwise.
export function text(element, value) {
  const wanted = value ?? "";
  if (element.textContent !== wanted) element.textContent = wanted;
}

// By the attribute: drawings have no property for it.
export function show(element, wanted) {
  if (element.hasAttribute("hidden") === wanted) element.toggleAttribute("hidden", !wanted);
}

export function flag(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : value);
}

export function fill(sentence, values) {
  return (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
