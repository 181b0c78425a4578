// Reads a label with the camera and goes to its page. Without it the number is typed.
// @ts-check

const EVERY = 150; // milliseconds between two looks
const WIDEST = 800; // pixels looked at: enough for a label at arm's length

/** @param {HTMLElement} box */
function scanner(box) {
  const video = /** @type {HTMLVideoElement} */ (box.querySelector("video"));
  const said = /** @type {HTMLElement} */ (box.querySelector(".said"));
  const start = /** @type {HTMLButtonElement} */ (box.querySelector("[data-start]"));
  /** @type {MediaStream | undefined} */
  let stream;
  box.hidden = false;
  if (!navigator.mediaDevices?.getUserMedia) {
    said.textContent = box.dataset.missing || "";
    start.hidden = video.hidden = true;
    return;
  }

  /** What finds a code in the picture: the browser's own reader, else jsQR. @returns {Promise<() => Promise<string>>} */
  async function reader() {
    // @ts-ignore not in every browser
    const Native = window.BarcodeDetector;
    const formats = Native ? await Native.getSupportedFormats().catch(() => []) : [];
    if (formats.includes("qr_code")) {
      const detector = new Native({ formats: ["qr_code"] });
      return async () => (await detector.detect(video))[0]?.rawValue || "";
    }
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = box.dataset.scan || "";
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    const canvas = document.createElement("canvas");
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
    return async () => {
      const scale = Math.min(1, WIDEST / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      // @ts-ignore brought in above
      return window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data || "";
    };
  }

  function stop() {
    for (const track of stream?.getTracks() || []) track.stop();
    stream = undefined;
    video.srcObject = null;
    start.hidden = false;
  }

  async function look() {
    const read = await reader();
    while (stream) {
      const code = video.readyState >= 2 && video.videoWidth ? await read().catch(() => "") : "";
      if (stream && /\/r\/[dp]\/[\w-]+\/?$/.test(code)) {
        navigator.vibrate?.(80);
        stop();
        // Only what stands in the code is handed on; where it points to is not followed.
        location.assign(`${box.dataset.origin}?code=${encodeURIComponent(code)}`);
        return;
      }
      if (code) said.textContent = box.dataset.foreign || "";
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  async function open() {
    start.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      video.srcObject = stream;
      await video.play();
      said.textContent = box.dataset.waiting || "";
      await look();
    } catch (error) {
      stop();
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      said.textContent = (denied ? box.dataset.denied : box.dataset.missing) || "";
    }
  }

  start.addEventListener("click", open);
  // The light of the camera goes out when nobody looks at the page.
  document.addEventListener("visibilitychange", () => document.hidden && stop());
  // Whoever has allowed it once need not press again.
  // @ts-ignore not every browser knows the name
  navigator.permissions?.query({ name: "camera" }).then((state) => state.state === "granted" && open(), () => {});
}

for (const box of document.querySelectorAll("[data-scan]")) if (box instanceof HTMLElement) scanner(box);
