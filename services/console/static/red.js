// Red children are looked for every quarter of a minute while the work list stands open, in a tab behind
// others too, and a new one sounds. The page works without this file: the banner is on it as it is read.
const EVERY_SECONDS = 15;
// As long as the work list refreshes itself, and no longer: a page nobody touches must not keep a session alive.
const REST_SECONDS = 20 * 60;

const banner = document.querySelector("[data-red]");
const ids = (part) => [...part.querySelectorAll("[data-alert]")].map((line) => line.dataset.alert);
const heard = new Set();
const sound = new AudioContext();
let touchedAt = Date.now();
let missed = 0;

// Browsers let a page sound only once somebody has touched it.
const button = document.createElement("button");
button.type = "button";
button.className = "hub-link-button console-refresh";
button.textContent = "Turn on the sound for Red children";
button.addEventListener("click", async () => {
  await sound.resume();
  beep();
});
banner.before(button);
for (const sign of ["keydown", "pointerdown", "scroll"]) {
  addEventListener(sign, () => {
    touchedAt = Date.now();
    if (sign !== "scroll") sound.resume();
  }, { passive: true });
}
sound.addEventListener("statechange", () => { button.hidden = sound.state === "running"; });

function beep() {
  for (const place of [0, 0.35, 0.7]) {
    const tone = new OscillatorNode(sound, { frequency: 880 });
    tone.connect(new GainNode(sound, { gain: 0.2 })).connect(sound.destination);
    tone.start(sound.currentTime + place);
    tone.stop(sound.currentTime + place + 0.2);
  }
}

function tell(part) {
  const fresh = ids(part).filter((id) => !heard.has(id));
  for (const id of fresh) heard.add(id);
  if (fresh.length && sound.state === "running") beep();
}

async function look() {
  if (Date.now() - touchedAt > REST_SECONDS * 1000) return stop();
  const answer = await fetch("/red", { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-red]");
  tell(fresh);
  // Nobody loses the button they are at; and what is the same stays: a screen reader is told of a child once.
  const held = banner.contains(document.activeElement);
  if (!held && fresh.innerHTML.trim() !== banner.innerHTML.trim()) banner.replaceChildren(...fresh.childNodes);
}

// Beside the banner: what stands in it stays as it was read.
const notice = document.createElement("p");
notice.className = "govuk-body console-stale";
notice.setAttribute("role", "alert");
banner.after(notice);

function say(words) {
  if (notice.textContent !== words) notice.textContent = words;
}

function stop() {
  clearInterval(looking);
  say("This page stands open untouched and no longer looks for Red children. Refresh it.");
}

// Away for a moment: the next look tells. For longer: nothing sounds for a child meanwhile, and that is said.
const looking = setInterval(async () => {
  try {
    await look();
    missed = 0;
    if (notice.textContent.startsWith("The hub")) say("");
  } catch {
    missed += 1;
    if (missed >= 3) say("The hub does not answer: a new Red child would not sound here. Ring round until it does.");
  }
}, EVERY_SECONDS * 1000);
tell(banner);
