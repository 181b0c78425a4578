// Panning and zooming a diagram. Without it the diagram scrolls in its box.
// @ts-check

const NEAREST = 0.35, FARTHEST = 8; // of the natural size
const SMALLEST = 1.7; // to begin with on a phone: three columns, still legible

/** @param {HTMLElement} canvas */
function enliven(canvas) {
  const svg = canvas.querySelector("svg[data-diagram]");
  if (!(svg instanceof SVGSVGElement)) return;
  const whole = { w: svg.viewBox.baseVal.width, h: svg.viewBox.baseVal.height };
  let view = { x: 0, y: 0, scale: 1 }; // scale: drawing units of a pixel
  canvas.classList.add("live");

  const box = () => canvas.getBoundingClientRect();
  const fit = () => Math.max(whole.w / box().width, whole.h / box().height);
  function show() {
    const { width, height } = box();
    const room = { w: width * view.scale, h: height * view.scale };
    // Some of the drawing always stays in sight.
    view.x = Math.min(Math.max(view.x, Math.min(0, whole.w - room.w) - room.w / 2), Math.max(0, whole.w - room.w / 2));
    view.y = Math.min(Math.max(view.y, Math.min(0, whole.h - room.h) - room.h / 2), Math.max(0, whole.h - room.h / 2));
    svg.setAttribute("viewBox", `${view.x} ${view.y} ${room.w} ${room.h}`);
  }
  /** @param {number} factor @param {number} px @param {number} py */
  function zoom(factor, px, py) {
    const scale = Math.min(Math.max(view.scale * factor, NEAREST), Math.max(FARTHEST, fit()));
    view.x += px * (view.scale - scale);
    view.y += py * (view.scale - scale);
    view.scale = scale;
    show();
  }
  function all() {
    const scale = Math.max(fit(), 0.8);
    view = { x: (whole.w - box().width * scale) / 2, y: (whole.h - box().height * scale) / 2, scale };
    show();
  }
  /** Everything if it stays legible, else what everything hangs on, or the device in question. */
  function begin() {
    if (fit() <= 1.35) return all();
    const { width, height } = box();
    const scale = Math.min(Math.max(whole.w / width, 1), SMALLEST), room = height * scale;
    const y = Number(svg.dataset.diagram) - room / 2;
    // What is lower than the box stands in its middle.
    view = { x: 0, y: whole.h < room ? (whole.h - room) / 2 : Math.min(Math.max(y, 0), whole.h - room), scale };
    show();
  }

  /** @type {Map<number, PointerEvent>} */
  const down = new Map();
  let moved = 0;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    down.set(event.pointerId, event);
    moved = 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const others = [...down.values()].filter((other) => other.pointerId !== event.pointerId);
    moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
    if (moved > 6) {
      canvas.classList.add("moving");
      if (!canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
    }
    if (others.length) {
      const { left, top } = box(), other = others[0];
      const reach = (/** @type {PointerEvent} */ one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
      zoom(reach(before) / Math.max(reach(event), 1), (event.clientX + other.clientX) / 2 - left, (event.clientY + other.clientY) / 2 - top);
    } else {
      view.x -= (event.clientX - before.clientX) * view.scale;
      view.y -= (event.clientY - before.clientY) * view.scale;
      show();
    }
    down.set(event.pointerId, event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, (event) => {
      if (event instanceof PointerEvent) down.delete(event.pointerId);
      canvas.classList.remove("moving");
    });
  }
  // A drag that ends on a box is no click on it.
  canvas.addEventListener("click", (event) => { if (moved > 6) event.preventDefault(); }, true);
  canvas.addEventListener("dragstart", (event) => event.preventDefault());
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const { left, top } = box();
    zoom(Math.exp(event.deltaY / 400), event.clientX - left, event.clientY - top);
  }, { passive: false });
  // A box reached by keyboard comes into sight.
  canvas.addEventListener("focusin", (event) => {
    const thing = event.target;
    if (!(thing instanceof SVGGraphicsElement) || moved > 0) return;
    const at = thing.getBBox(), { width, height } = box();
    const inside = at.x >= view.x && at.y >= view.y && at.x + at.width <= view.x + width * view.scale && at.y + at.height <= view.y + height * view.scale;
    if (!inside) {
      view.x = at.x + at.width / 2 - (width * view.scale) / 2;
      view.y = at.y + at.height / 2 - (height * view.scale) / 2;
      show();
    }
  });

  const [nearer, farther, everything] = (canvas.dataset.words || "+|−|□").split("|");
  const tools = document.createElement("div");
  tools.className = "canvas-tools no-print";
  const middle = () => ({ x: box().width / 2, y: box().height / 2 });
  /** @type {[string, string, () => void][]} */
  const buttons = [
    ["+", nearer, () => zoom(1 / 1.4, middle().x, middle().y)],
    ["−", farther, () => zoom(1.4, middle().x, middle().y)],
    ["⤢", everything, all],
  ];
  for (const [face, name, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = face;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    tools.append(button);
  }
  canvas.before(tools);
  addEventListener("resize", show);
  // On paper the whole drawing, whatever is in sight.
  addEventListener("beforeprint", () => svg.setAttribute("viewBox", `0 0 ${whole.w} ${whole.h}`));
  addEventListener("afterprint", show);
  begin();
}

for (const canvas of document.querySelectorAll("[data-canvas]")) {
  if (canvas instanceof HTMLElement) enliven(canvas);
}
