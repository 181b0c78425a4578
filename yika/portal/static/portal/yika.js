// Shortens the way; every page works without it. No inline script, nothing from outside.
// @ts-check

const html = document.documentElement;
/** @type {Record<string, string>} */
const words = JSON.parse(document.body.dataset.words || "{}");
// The server's clock counts, not this computer's.
const ahead = Date.parse(html.dataset.now || "") - Date.now() || 0;
const present = () => Date.now() + ahead;

/* Clocks ---------------------------------------------------------------------------------- */

/** @param {string} form @param {Record<string, number | string>} values */
function fill(form, values) {
  return form.replace(/%\((\w+)\)(0?)(\d*)[ds]/g, (_all, name, zero, width) =>
    zero ? String(values[name]).padStart(Number(width), "0") : String(values[name]));
}

/** The same as the server's text.duration. @param {number} seconds */
function duration(seconds) {
  const all = Math.abs(seconds);
  const m = Math.floor(all / 60), h = Math.floor(all / 3600), d = Math.floor(all / 86400);
  if (all < 60) return fill(words.s, { s: all });
  if (h < 1) return fill(words.m, { m });
  if (h < 72) return fill(words.h, { h, m: m % 60 });
  return fill(words.d, { d, h: h % 24 });
}

const campus = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });

function tick() {
  const now = Math.floor(present() / 1000);
  for (const clock of document.querySelectorAll("[data-clock]")) {
    if (!(clock instanceof HTMLElement)) continue;
    const left = Math.floor(Date.parse(clock.dataset.clock || "") / 1000) - now;
    const soon = Math.floor(Date.parse(clock.dataset.soon || "") / 1000) <= now;
    const state = left < 0 ? "over" : soon ? "soon" : "open";
    if (!clock.classList.contains(`clock-${state}`)) {
      clock.classList.remove("clock-open", "clock-soon", "clock-over");
      clock.classList.add(`clock-${state}`);
    }
    const text = left === 0 ? words.zero : fill(left < 0 ? words.over : words.left, { duration: duration(left) });
    const face = clock.querySelector("b");
    if (face && face.textContent !== text) face.textContent = text;
  }
  const shown = document.querySelector("[data-campus-now]");
  if (shown && shown.textContent) {
    const text = shown.textContent.replace(/\d\d:\d\d$/, campus.format(present()));
    if (shown.textContent !== text) shown.textContent = text;
  }
}
if (words.left) {
  tick();
  setInterval(tick, 1000);
}

// On a phone the tabs are wider than the screen.
document.querySelector(".tabs a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

/* Keyboard -------------------------------------------------------------------------------- */

const rows = () => [...document.querySelectorAll("table.list tbody tr, .cards > li")]
  .filter((row) => row.querySelector("a.row-link"));

/** The row one stands on: the one with the focus, else the one that j and k came to; none in the pane beside. */
function standing() {
  const active = document.activeElement;
  if (active?.closest("#chosen")) return null;
  const all = rows();
  return all.find((row) => row.contains(active)) || all.find((row) => row.classList.contains("here")) || null;
}

/** @param {1 | -1} step */
function move(step) {
  const all = rows();
  if (!all.length) return;
  const from = standing() || all.find((row) => row.classList.contains("here"));
  const at = from ? all.indexOf(from) : -1;
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + step))];
  for (const row of all) row.classList.remove("here");
  next.classList.add("here");
  const link = next.querySelector("a.row-link");
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/**
 * Brings the row one stands on into the pane beside its list, where another one is, and then opens its action there.
 * @param {string} key
 */
function bring(key) {
  const row = standing();
  const link = row?.querySelector("a.row-link");
  if (!(link instanceof HTMLAnchorElement) || row?.matches("[aria-current]") || !document.getElementById("chosen")) return false;
  const to = link.href;
  // @ts-ignore - htmx is a script of its own
  const sent = window.htmx?.ajax("GET", to, { target: ".board", swap: "outerHTML" });
  if (sent) sent.then(() => {
    const now = document.querySelector(".board tr[aria-current]");
    if (now?.querySelector("a.row-link")?.getAttribute("href") !== new URL(to).search) return;
    history.replaceState(history.state, "", to);
    now.classList.add("here");
    const pane = document.getElementById("chosen");
    if (!press(key)) pane?.querySelector("a")?.focus();
  });
  else location.assign(to);
  return true;
}

/** Does what stands on the page for a key: opens the action, follows the link, goes to the field. @param {string} key */
function press(key) {
  // A verb is meant for the row one stands on: marked if nothing is on a list, chosen if another one is on the board.
  if (key === "d" && bring(key)) return true;
  if (key === "d" && !document.querySelector("td.tick input:checked")) mark(false);
  const thing = document.querySelector(`[data-key="${CSS.escape(key)}"]`)
    || (key === "/" ? [...document.querySelectorAll('main input[type="search"]')].find((field) => field.checkVisibility()) : null);
  if (!(thing instanceof HTMLElement)) return false;
  if (thing instanceof HTMLDetailsElement) {
    thing.open = true;
    first(thing)?.focus();
  } else if (thing.matches("input, select, textarea")) {
    thing.focus();
    if (thing instanceof HTMLInputElement) thing.select();
  } else {
    thing.click();
  }
  return true;
}

/** Marks the row one stands on, or all rows of the page. @param {boolean} all */
function mark(all) {
  const box = all ? document.querySelector("[data-mark-all]") : standing()?.querySelector(".tick input");
  if (!(box instanceof HTMLInputElement)) return false;
  box.click();
  return true;
}

/** @returns {HTMLInputElement[]} */
const ticks = () => [...document.querySelectorAll("td.tick input")].filter((box) => box instanceof HTMLInputElement);
/** @type {HTMLInputElement | undefined} */
let last; // the box ticked last: a range begins at it

/** Makes every row between the box ticked last and this one like this one. @param {HTMLInputElement} box */
function range(box) {
  const all = ticks(), ends = [all.indexOf(last || box), all.indexOf(box)].sort((a, b) => a - b);
  for (const one of all.slice(Math.max(ends[0], 0), ends[1] + 1)) one.checked = box.checked;
}

/** Brings the box for all rows and the count in line with the rows. */
function marks() {
  const all = document.querySelector("[data-mark-all]");
  if (!(all instanceof HTMLInputElement)) return;
  const boxes = ticks(), marked = boxes.filter((box) => box.checked).length;
  const told = document.querySelector("[data-marked]");
  if (told instanceof HTMLElement) told.textContent = marked ? fill(told.dataset.marked || "", { n: marked }) : "";
  all.hidden = false;
  all.checked = marked > 0 && marked === boxes.length;
  all.indeterminate = marked > 0 && marked < boxes.length;
}
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement)) return;
  if (box.matches("[data-mark-all]")) {
    for (const one of ticks()) one.checked = box.checked;
  }
  if (box.matches(".tick input")) marks();
});
document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches("td.tick input")) return;
  if (event.shiftKey) range(box);
  last = box;
  marks();
});
window.addEventListener("pageshow", marks);

/** @param {Element} within @returns {HTMLElement | null} */
function first(within) {
  return within.querySelector("[autofocus], [aria-invalid=true], input:not([type=hidden]):not(:disabled), select, textarea, button:not(:disabled)");
}

/** Opens the search of every page; on the search page itself, goes to its field. */
function search() {
  const dialog = document.getElementById("search");
  const field = (dialog || document).querySelector("[data-search-form] input");
  if (!(field instanceof HTMLInputElement)) return false;
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
  field.focus();
  field.select();
  return true;
}

/** Up and down through what was found; Enter in the field opens the first. @param {KeyboardEvent} event @param {HTMLElement} target */
function choose(event, target) {
  const form = target.closest("[data-search-form]");
  const found = form ? form.parentElement?.querySelector(".found") : target.closest(".found");
  if (!found) return false;
  const field = found.parentElement?.querySelector("[data-search-form] input");
  const links = [...found.querySelectorAll("a")];
  const at = links.findIndex((link) => link === target);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = at + (event.key === "ArrowDown" ? 1 : -1);
    const to = next < 0 ? field : links[Math.min(next, links.length - 1)];
    if (to instanceof HTMLElement) to.focus();
    return true;
  }
  const fresh = found.querySelector("[data-q]")?.getAttribute("data-q");
  if (event.key === "Enter" && field instanceof HTMLInputElement && target === field && links.length && fresh === field.value.trim()) {
    links[0].click();
    return true;
  }
  return false;
}

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const typing = target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea");
  if (event.key?.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && search()) {
    event.preventDefault();
    return;
  }
  if (!event.isComposing && choose(event, target)) {
    event.preventDefault();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = target.closest("form");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.key === "Escape") {
    const open = target.closest("details.menu[open], details.act[open]");
    if (open instanceof HTMLDetailsElement) {
      open.open = false;
      open.querySelector("summary")?.focus();
    } else if (typing) target.blur();
    else if (!document.querySelector("dialog[open]")) {
      for (const box of ticks()) box.checked = false;
      marks();
    }
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "j" || event.key === "k") {
    move(event.key === "j" ? 1 : -1);
  } else if (event.key === "J" || event.key === "K") {
    // The row left and the row come to are both marked: a range without the mouse.
    if (!ticks().length) return;
    for (const step of [0, event.key === "J" ? 1 : -1]) {
      if (step) move(step > 0 ? 1 : -1);
      const box = standing()?.querySelector(".tick input");
      if (box instanceof HTMLInputElement && !box.checked) box.click();
    }
  } else if (event.key === "Enter" && target.matches("td.tick input")) {
    // Not the first of the buttons that the box belongs to.
    const link = target.closest("tr")?.querySelector("a.row-link");
    if (!(link instanceof HTMLElement)) return;
    link.click();
  } else if (event.key === "x" || event.key === "X") {
    if (!mark(event.key === "X")) return;
  } else if (event.key === "Enter" && target === document.body) {
    const link = standing()?.querySelector("a.row-link");
    if (!(link instanceof HTMLElement)) return;
    link.click();
  } else if (!(["/", "c", "d", "?"].includes(event.key) && (press(event.key) || (event.key === "/" && search())))) {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const help = target?.closest('[data-key="?"]');
  const dialog = document.getElementById("keys");
  if (help && dialog instanceof HTMLDialogElement && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  }
  if (target?.closest("[data-search]") && !event.ctrlKey && !event.metaKey && search()) event.preventDefault();
  if (target?.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu instanceof HTMLDetailsElement && !menu.contains(target)) menu.open = false;
  }
});

/* Forms ----------------------------------------------------------------------------------- */

// One tap, one submission. A form that htmx sends is freed again when the answer is there.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method === "dialog" || form.method === "get") return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
  setTimeout(() => form.removeAttribute("aria-busy"), 10000);
}, true);
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});

// A filter acts at once; its button stays for those without scripts.
document.addEventListener("change", (event) => {
  const field = event.target instanceof Element ? event.target.closest("form[data-auto] select, form[data-auto] input[type=checkbox]") : null;
  if (field) field.closest("form")?.requestSubmit();
});

/* htmx ------------------------------------------------------------------------------------ */

/** @param {string} words */
function say(words) {
  const place = document.getElementById("messages");
  if (!place) return;
  const box = document.createElement("div");
  box.className = "hint hint-error";
  box.setAttribute("role", "alert");
  box.textContent = words;
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}
document.addEventListener("htmx:sendError", () => say(words.lost));
document.addEventListener("htmx:responseError", () => say(words.failed));
/** Whether a form holds words or files that would be lost. @param {Element} form */
const typed = (form) => [...form.querySelectorAll("textarea, input")].some((field) =>
  field instanceof HTMLTextAreaElement ? field.value !== field.defaultValue
    : field instanceof HTMLInputElement && !field.matches("[type=hidden], [type=radio], [type=checkbox]") && field.value !== field.defaultValue);

/** Shows the page as it is now, below what has just been said. */
async function renew() {
  const answer = await fetch(location.href);
  const now = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  const main = document.querySelector("main"), told = document.getElementById("messages");
  if (!now || !main || !told) return;
  told.querySelector("[data-stale]")?.remove();
  now.querySelector("#messages")?.replaceWith(told);
  main.replaceChildren(...now.childNodes);
  // @ts-ignore - htmx is a script of its own
  window.htmx.process(main);
  tick();
  const box = told.querySelector("[data-focus]");
  if (box instanceof HTMLElement) box.focus();
}
// Somebody was faster: what stands on the page is no longer so. Words typed are kept, with a link to the page as it is.
document.addEventListener("htmx:afterSettle", (event) => {
  const form = event instanceof CustomEvent ? event.detail.requestConfig?.elt : null;
  if (form instanceof HTMLFormElement && document.querySelector("#messages [data-stale]") && !typed(form)) renew();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target instanceof Element) event.target.closest("form[aria-busy]")?.removeAttribute("aria-busy");
});
// After an action the next thing to do has the focus; a list that refreshes itself keeps it.
let held = "";
document.addEventListener("htmx:beforeSwap", () => {
  const link = document.activeElement instanceof HTMLAnchorElement ? document.activeElement : null;
  held = link?.matches("a.row-link") ? link.getAttribute("href") || "" : "";
});
document.addEventListener("htmx:afterSettle", (event) => {
  tick();
  const part = event.target instanceof Element ? event.target : document.body;
  const wanted = part.matches("[data-focus]") ? part : part.querySelector("[data-focus]");
  if (wanted instanceof HTMLElement) {
    if (!wanted.matches("a, button, input, select, textarea, summary")) wanted.tabIndex = -1;
    wanted.focus();
  } else if (held && !document.activeElement?.matches("a, input, select, textarea, button")) {
    const again = document.querySelector(`a.row-link[href="${CSS.escape(held)}"]`);
    if (again instanceof HTMLElement) {
      again.focus({ preventScroll: true });
      again.closest("tr, li")?.classList.add("here");
    }
  }
});
const shown = document.querySelector("main [data-focus]");
if (shown instanceof HTMLElement) {
  shown.tabIndex = -1;
  shown.focus();
}
