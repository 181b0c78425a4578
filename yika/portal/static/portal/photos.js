// Makes photos smaller before they are sent, where the browser can; the form works without.
// @ts-check

const LONGEST = 1600; // pixels: enough to read a screen or a label
const SMALL = 400_000; // bytes that need no shrinking

/** The picture as a smaller JPEG, upright, or as it was where it cannot be read or would not get smaller. @param {File} file */
async function shrunk(file) {
  if (file.size <= SMALL) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    if (!pen) return file;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    /** @type {Blob | null} */
    const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (!drawn || drawn.size >= file.size) return file;
    return new File([drawn], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

/** @param {HTMLInputElement} field */
function watch(field) {
  /** @type {Promise<void> | undefined} */
  let working;
  let turn = 0;
  const told = document.getElementById(field.getAttribute("aria-describedby") || "");
  const help = told?.textContent || "";

  /** @param {File[]} chosen @param {number} mine */
  async function shrink(chosen, mine) {
    const made = new DataTransfer();
    for (const file of chosen) made.items.add(await shrunk(file));
    if (mine !== turn) return; // others were chosen meanwhile
    field.files = made.files;
    const size = [...made.files].reduce((sum, file) => sum + file.size, 0) / 1048576;
    if (told) told.textContent = (field.dataset.chosen || "").replace("%(n)d", String(chosen.length)).replace("%(mb)s", size.toFixed(1));
  }

  field.addEventListener("change", () => {
    const chosen = [...(field.files || [])], mine = ++turn;
    const most = Number(field.dataset.most);
    field.setCustomValidity(chosen.length > most ? field.dataset.tooMany || "" : "");
    working = undefined;
    if (told) told.textContent = help;
    if (!chosen.length || chosen.length > most) return;
    working = shrink(chosen, mine).finally(() => { if (mine === turn) working = undefined; });
  });
  field.form?.addEventListener("submit", (event) => {
    if (!working) return;
    event.preventDefault();
    const form = field.form, button = event.submitter;
    working.then(() => form?.requestSubmit(button));
  });
}

for (const field of document.querySelectorAll("input[type=file][data-chosen]")) {
  if (field instanceof HTMLInputElement) watch(field);
}
